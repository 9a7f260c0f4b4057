//! What the page shows, as its address says it: each list, each narrowing and each dialog has one.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;

use crate::stale::model::Verdict;

/// Where the page is.
pub const HERE: &str = "/stale";

/// One of its lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Tab {
    #[default]
    Stale,
    /// All that do not run.
    Idle,
    Quarantine,
    Exemptions,
}

impl Tab {
    pub const ALL: [Self; 4] = [Self::Stale, Self::Idle, Self::Quarantine, Self::Exemptions];

    /// Its word in the address.
    pub fn name(self) -> &'static str {
        match self {
            Self::Stale => "stale",
            Self::Idle => "all",
            Self::Quarantine => "quarantine",
            Self::Exemptions => "exemptions",
        }
    }

    /// Its address.
    pub fn href(self) -> String {
        match self {
            Self::Stale => HERE.to_owned(),
            other => format!("{HERE}?show={}", other.name()),
        }
    }
}

/// The verdicts by which the list of all can be narrowed.
pub(super) const VERDICTS: [(&str, Verdict); 4] = [
    ("stale", Verdict::Stale),
    ("unknown", Verdict::Unknown),
    ("exempt", Verdict::Exempt),
    ("fresh", Verdict::Fresh),
];

/// The word of a verdict in the address.
pub(super) fn verdict_name(verdict: Verdict) -> &'static str {
    let found = VERDICTS.iter().find(|(_, other)| *other == verdict);
    found.map_or("", |(name, _)| *name)
}

/// What the address asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Wish {
    pub tab: Tab,
    pub verdict: Option<Verdict>,
    /// Rows beyond the first few hundred, too.
    pub every_row: bool,
    /// The keys of those whose plan is shown.
    pub plan: Vec<String>,
    /// The key of one that is to be kept.
    pub keep: Option<String>,
    /// One in quarantine that is to be removed.
    pub remove: Option<String>,
    /// An exemption that is to be taken away.
    pub lift: Option<String>,
}

impl Wish {
    fn read(query: &ParamsMap) -> Self {
        let word = |key: &str| query.get(key).filter(|word| !word.is_empty());
        let show = word("show").unwrap_or_default();
        let tab = Tab::ALL.into_iter().find(|tab| tab.name() == show);
        let verdict = word("verdict").unwrap_or_default();
        let verdict = VERDICTS.iter().find(|(name, _)| *name == verdict);
        // A form names each by itself, a link all at once.
        let plan = query.get_all("plan").unwrap_or_default();
        let plan = plan.iter().flat_map(|keys| keys.split(','));
        Self {
            tab: tab.unwrap_or_default(),
            verdict: verdict.map(|(_, verdict)| *verdict),
            every_row: word("rows").is_some(),
            plan: plan.filter(|key| is_key(key)).map(str::to_owned).collect(),
            keep: word("keep"),
            remove: word("remove"),
            lift: word("lift"),
        }
    }

    /// The address of the list alone, without a dialog.
    pub fn list(&self) -> String {
        let mut words = Vec::new();
        if self.tab != Tab::Stale {
            words.push(format!("show={}", self.tab.name()));
        }
        if let Some(verdict) = self.verdict.filter(|_| self.tab == Tab::Idle) {
            words.push(format!("verdict={}", verdict_name(verdict)));
        }
        if self.every_row {
            words.push("rows=all".to_owned());
        }
        match words.is_empty() {
            true => HERE.to_owned(),
            false => format!("{HERE}?{}", words.join("&")),
        }
    }

    /// The address of the list with `word` beside it.
    pub fn with(&self, word: &str) -> String {
        let list = self.list();
        let mark = if list.contains('?') { '&' } else { '?' };
        format!("{list}{mark}{word}")
    }
}

/// What the address asks for, as it is now.
pub(super) fn use_wish() -> Memo<Wish> {
    let query = use_query_map();
    Memo::new(move |_| query.with(Wish::read))
}

/// What stands for a container in an address: the beginning of Docker's id, as its own program shows it.
pub(super) fn key_of(docker_id: &str) -> &str {
    docker_id.get(..12).unwrap_or(docker_id)
}

fn is_key(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(pairs: &[(&'static str, &str)]) -> Wish {
        let mut query = ParamsMap::new();
        for (key, value) in pairs {
            query.insert(*key, (*value).to_owned());
        }
        Wish::read(&query)
    }

    #[test]
    fn an_address_that_makes_no_sense_shows_what_is_stale() {
        assert_eq!(wish(&[("show", "<x>"), ("verdict", "?")]), Wish::default());
        assert_eq!(wish(&[]).list(), "/stale");
    }

    #[test]
    fn a_list_keeps_what_narrows_it_and_nothing_of_a_dialog() {
        let narrowed = wish(&[("show", "all"), ("verdict", "unknown"), ("keep", "ab")]);
        assert_eq!(narrowed.list(), "/stale?show=all&verdict=unknown");
        assert_eq!(
            narrowed.with("keep=cd"),
            "/stale?show=all&verdict=unknown&keep=cd"
        );
        assert_eq!(Wish::default().with("rows=all"), "/stale?rows=all");
    }

    #[test]
    fn a_plan_is_named_by_a_form_or_by_a_link_and_by_nothing_but_keys() {
        assert_eq!(wish(&[("plan", "ab,cd")]).plan, ["ab", "cd"]);
        assert_eq!(wish(&[("plan", "ab"), ("plan", "cd")]).plan, ["ab", "cd"]);
        assert_eq!(wish(&[("plan", "a/b,,<x>")]).plan, Vec::<String>::new());
    }
}
