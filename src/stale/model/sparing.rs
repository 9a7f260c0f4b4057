//! Which exemption speaks of which container.

use std::collections::HashMap;

use super::exemption::{Exemption, ExemptionKind, Keeping};

impl ExemptionKind {
    /// Its word in the API and in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Container => "container",
            Self::Label => "label",
            Self::Pattern => "pattern",
        }
    }

    /// Reads that word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Container, Self::Label, Self::Pattern]
            .into_iter()
            .find(|kind| kind.name() == word)
    }
}

/// The label by which a container says itself that it is to be kept.
pub const KEEP_LABEL: (&str, &str) = ("docker-watcher.keep", "true");

/// A container as exemptions see it.
#[derive(Clone, Copy, Debug)]
pub struct Kept<'a> {
    pub engine_id: &'a str,
    pub docker_id: &'a str,
    pub name: &'a str,
    pub labels: &'a HashMap<String, String>,
}

/// What keeps this container, if anything does.
pub fn keeping(exemptions: &[Exemption], container: Kept<'_>) -> Option<Keeping> {
    let (key, value) = KEEP_LABEL;
    if container.labels.get(key).is_some_and(|own| own == value) {
        return Some(Keeping {
            exemption_id: None,
            reason: format!("{key}={value}"),
        });
    }
    let mut live = exemptions.iter().filter(|exemption| !exemption.expired);
    let found = live.find(|exemption| {
        let engine = exemption.engine_id.as_deref();
        let is_here = engine.is_none_or(|engine| engine == container.engine_id);
        is_here && matches(exemption.kind, &exemption.value, container)
    })?;
    Some(Keeping {
        exemption_id: Some(found.id.clone()),
        reason: found.reason.clone(),
    })
}

/// Whether an exemption of this kind and value speaks of this container.
pub fn matches(kind: ExemptionKind, value: &str, container: Kept<'_>) -> bool {
    match kind {
        ExemptionKind::Container => [container.docker_id, container.name].contains(&value),
        ExemptionKind::Label => match value.split_once('=') {
            Some((key, value)) => container.labels.get(key).is_some_and(|own| own == value),
            None => container.labels.contains_key(value),
        },
        ExemptionKind::Pattern => fits(value, container.name),
    }
}

/// `*` stands for any letters, also none; all else for itself.
fn fits(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first) else {
        return false;
    };
    let mut parts: Vec<_> = parts.collect();
    let Some(last) = parts.pop() else {
        return rest.is_empty();
    };
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn sees(kind: ExemptionKind, value: &str) -> bool {
        let labels = HashMap::from([("role".to_owned(), "db".to_owned())]);
        let container = Kept {
            engine_id: "here",
            docker_id: "0a0a",
            name: "shop-db-1",
            labels: &labels,
        };
        matches(kind, value, container)
    }

    #[test]
    fn a_container_is_meant_by_its_id_or_its_whole_name() {
        for value in ["0a0a", "shop-db-1"] {
            assert!(sees(ExemptionKind::Container, value), "{value}");
        }
        assert!(!sees(ExemptionKind::Container, "shop-db"));
    }

    #[test]
    fn a_label_is_meant_by_its_key_or_with_its_value() {
        assert!(sees(ExemptionKind::Label, "role"));
        assert!(sees(ExemptionKind::Label, "role=db"));
        assert!(!sees(ExemptionKind::Label, "role=web"));
        assert!(!sees(ExemptionKind::Label, "rol"));
    }

    #[test]
    fn a_star_stands_for_anything_and_all_else_for_itself() {
        for value in [
            "*",
            "shop-*",
            "*-1",
            "s*-db-*",
            "shop-db-1",
            "*shop-db-1*",
            "shop-**1",
        ] {
            assert!(sees(ExemptionKind::Pattern, value), "{value}");
        }
        for value in ["", "shop", "shop-?b-1", "*-2", "shop-db-1*1", "db*"] {
            assert!(!sees(ExemptionKind::Pattern, value), "{value}");
        }
    }

    #[test]
    fn an_exemption_that_is_over_keeps_nothing_and_the_label_needs_none() {
        let mut exemption = Exemption {
            id: "e".into(),
            kind: ExemptionKind::Pattern,
            value: "*".into(),
            engine_id: None,
            reason: "the yearly report".into(),
            author: "ann".into(),
            created_at: DateTime::default(),
            until: None,
            expired: true,
        };
        let mut labels = HashMap::new();
        let by = |exemption: &Exemption, labels: &HashMap<String, String>| {
            let container = Kept {
                engine_id: "here",
                docker_id: "d",
                name: "n",
                labels,
            };
            keeping(std::slice::from_ref(exemption), container)
        };
        assert_eq!(by(&exemption, &labels), None);
        exemption.expired = false;
        assert_eq!(by(&exemption, &labels).unwrap().reason, "the yearly report");
        exemption.engine_id = Some("there".into());
        assert_eq!(by(&exemption, &labels), None, "it is another engine's");
        labels.insert("docker-watcher.keep".into(), "true".into());
        assert_eq!(by(&exemption, &labels).unwrap().exemption_id, None);
    }
}
