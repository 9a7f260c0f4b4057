//! Where a container belongs: project, stage, service and number, read from its labels and its name.

use std::collections::HashMap;

/// The stage of whatever does not name one.
pub const DEFAULT_STAGE: &str = "default";

/// Labels come from whoever wrote the compose file; longer names than this are cut.
const MAX_NAME: usize = 128;

/// The place that a container fills.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placement {
    pub project: String,
    pub stage: String,
    pub service: String,
    pub number: i64,
    /// Nothing but its own name said where it belongs, so the project follows a rename.
    pub by_name: bool,
}

/// Our labels first, then Compose's project, then the container's own name.
pub fn place(name: &str, labels: &HashMap<String, String>) -> Placement {
    let label = |key: &str| {
        labels
            .get(key)
            .map(|value| cut(value.trim()))
            .filter(|value| !value.is_empty())
    };
    let name = cut(name);
    let compose_service = label("com.docker.compose.service")
        // `compose run` makes containers with the service's name and number that are none of its slots.
        .filter(|_| label("com.docker.compose.oneoff").as_deref() != Some("True"));
    let number = compose_service
        .as_ref()
        .and_then(|_| label("com.docker.compose.container-number"))
        .and_then(|number| number.parse::<i64>().ok())
        .filter(|number| (1..=1_000_000).contains(number))
        .unwrap_or(1);
    let service = compose_service.unwrap_or_else(|| name.clone());
    if let Some(project) = label("docker-watcher.project") {
        let stage = label("docker-watcher.stage").unwrap_or_else(|| DEFAULT_STAGE.to_owned());
        return Placement {
            project,
            stage,
            service,
            number,
            by_name: false,
        };
    }
    let stage = DEFAULT_STAGE.to_owned();
    match label("com.docker.compose.project") {
        Some(project) => Placement {
            project,
            stage,
            service,
            number,
            by_name: false,
        },
        None => Placement {
            project: name.clone(),
            stage,
            service: name,
            number: 1,
            by_name: true,
        },
    }
}

fn cut(text: &str) -> String {
    text.chars().take(MAX_NAME).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labelled(pairs: &[(&str, &str)]) -> HashMap<String, String> {
        pairs
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect()
    }

    fn words(placement: &Placement) -> (&str, &str, &str, i64) {
        (
            &placement.project,
            &placement.stage,
            &placement.service,
            placement.number,
        )
    }

    #[test]
    fn our_labels_win_over_those_of_compose() {
        let labels = labelled(&[
            ("docker-watcher.project", "shop"),
            ("docker-watcher.stage", "prod"),
            ("com.docker.compose.project", "other"),
            ("com.docker.compose.service", "web"),
            ("com.docker.compose.container-number", "2"),
        ]);
        assert_eq!(
            words(&place("shop-web-2", &labels)),
            ("shop", "prod", "web", 2)
        );
    }

    #[test]
    fn compose_groups_what_has_no_label_of_ours() {
        let labels = labelled(&[
            ("com.docker.compose.project", "blog"),
            ("com.docker.compose.service", "db"),
            ("com.docker.compose.container-number", "1"),
        ]);
        assert_eq!(
            words(&place("blog_db_1", &labels)),
            ("blog", "default", "db", 1)
        );
    }

    #[test]
    fn a_container_without_labels_is_its_own_project() {
        let placement = place("redis", &HashMap::new());
        assert_eq!(words(&placement), ("redis", "default", "redis", 1));
        assert!(placement.by_name);
    }

    #[test]
    fn a_one_off_run_does_not_take_its_services_slot() {
        let labels = labelled(&[
            ("com.docker.compose.project", "blog"),
            ("com.docker.compose.service", "db"),
            ("com.docker.compose.container-number", "1"),
            ("com.docker.compose.oneoff", "True"),
        ]);
        assert_eq!(
            words(&place("blog_db_run_1", &labels)),
            ("blog", "default", "blog_db_run_1", 1)
        );
    }

    #[test]
    fn labels_that_make_no_sense_are_as_if_absent() {
        let labels = labelled(&[
            ("docker-watcher.project", "  "),
            ("docker-watcher.stage", "prod"),
        ]);
        assert_eq!(words(&place("web", &labels)), ("web", "default", "web", 1));
    }
}
