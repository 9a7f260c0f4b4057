//! What somebody wants to see of the log, as the address of its page says it.

use std::collections::BTreeMap;

use super::event::{Event, Severity, Source};
use super::filter::{Filter, read_choice};
use super::when::When;

/// What narrows the log.
const NARROWING: [&str; 8] = [
    "severity",
    "source",
    "q",
    "workload",
    "container",
    "operation",
    "since",
    "until",
];

/// Where a part of the log begins.
const BEFORE: &str = "before";

/// The words of the address that are understood, each with what it is set to. What it is set to is
/// kept as it stands: the server says what it makes no sense of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish(BTreeMap<&'static str, String>);

impl Wish {
    /// Takes what is understood. Choices come in one word with commas, as links have them, or in
    /// several, as forms send them; of anything else the last one that is not empty counts.
    pub fn read<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut wish = Self::default();
        for (key, value) in pairs {
            let known = NARROWING
                .into_iter()
                .chain([BEFORE])
                .find(|one| *one == key);
            let (Some(key), value) = (known, value.trim()) else {
                continue;
            };
            if value.is_empty() {
                continue;
            }
            let value = match wish.get(key) {
                Some(before) if matches!(key, "severity" | "source") => format!("{before},{value}"),
                _ => value.to_owned(),
            };
            wish.0.insert(key, value);
        }
        wish
    }

    /// What one word is set to.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    /// The same with one word set, from the newest line on.
    pub fn with(&self, key: &'static str, value: impl Into<String>) -> Self {
        let mut wish = self.without(key);
        wish.0.insert(key, value.into());
        wish
    }

    /// The same without one word, from the newest line on.
    pub fn without(&self, key: &str) -> Self {
        let mut wish = self.clone();
        wish.0.remove(key);
        wish.0.remove(BEFORE);
        wish
    }

    /// The same with one name more in a choice, or without it where it is chosen.
    pub fn toggled(&self, key: &'static str, name: &str) -> Self {
        let chosen = self.get(key).unwrap_or_default().split(',').map(str::trim);
        let mut chosen: Vec<_> = chosen.filter(|one| !one.is_empty()).collect();
        match chosen.contains(&name) {
            true => chosen.retain(|one| *one != name),
            false => chosen.push(name),
        }
        match chosen.is_empty() {
            true => self.without(key),
            false => self.with(key, chosen.join(",")),
        }
    }

    /// The lines before a cursor.
    pub fn before(&self, cursor: impl Into<String>) -> Self {
        self.with(BEFORE, cursor)
    }

    /// Whether the newest line is among what is wanted.
    pub fn is_newest(&self) -> bool {
        !self.0.contains_key(BEFORE)
    }

    /// Whether anything is left out of the log.
    pub fn narrows(&self) -> bool {
        self.0.keys().any(|key| *key != BEFORE)
    }

    /// Everything that narrows the log.
    pub fn narrowing(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let all = self.0.iter().map(|(key, value)| (*key, value.as_str()));
        all.filter(|(key, _)| *key != BEFORE)
    }

    /// The severities that are chosen, as far as they are some.
    pub fn severities(&self) -> Vec<Severity> {
        read_choice(self.get("severity"), &Severity::ALL, Severity::name).unwrap_or_default()
    }

    /// The sources that are chosen, as far as they are some.
    pub fn sources(&self) -> Vec<Source> {
        read_choice(self.get("source"), &Source::ALL, Source::name).unwrap_or_default()
    }

    /// The part of an address after `?`, without it.
    pub fn query(&self) -> String {
        let pairs = self.0.iter();
        let pairs = pairs.map(|(key, value)| format!("{key}={}", escape(value)));
        pairs.collect::<Vec<_>>().join("&")
    }

    /// The address of what is wanted below `path`.
    pub fn address(&self, path: &str) -> String {
        match self.0.is_empty() {
            true => path.to_owned(),
            false => format!("{path}?{}", self.query()),
        }
    }

    /// Whether a line that has just been told is wanted. `told` is all that it is found by as text.
    pub fn fits(&self, event: &Event, told: &str) -> bool {
        let owned = |key| self.get(key).map(str::to_owned);
        let moment = |key| match When::read(self.get(key)?)? {
            When::At(at) => Some(at),
            // What comes now is later than any time ago, as far as that is a beginning.
            When::Ago(_) => None,
        };
        let filter = Filter {
            severities: self.severities(),
            sources: self.sources(),
            words: owned("q"),
            workload_id: owned("workload"),
            container_id: owned("container"),
            operation_id: owned("operation"),
            since: moment("since"),
            until: moment("until"),
        };
        let over = matches!(self.get("until").and_then(When::read), Some(When::Ago(_)));
        !over && filter.fits(event, told)
    }
}

/// Everything but what RFC 3986 reserves for nothing, and commas, which read better as they are.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b',' => {
                escaped.push(char::from(byte));
            }
            other => escaped.push_str(&format!("%{other:02X}")),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_without_scripts_and_a_link_say_the_same() {
        let form = Wish::read([
            ("severity", "error"),
            ("severity", "warning"),
            ("q", ""),
            ("since", "24h"),
            ("since", ""),
            ("theme", "dark"),
        ]);
        let link = Wish::read([("severity", "error,warning"), ("since", "24h")]);
        assert_eq!(form, link);
        assert_eq!(form.query(), "severity=error,warning&since=24h");
        assert_eq!(form.severities(), [Severity::Error, Severity::Warning]);
    }

    #[test]
    fn another_choice_begins_at_the_newest_line_again() {
        let wish = Wish::read([("severity", "error"), ("before", "cursor")]);
        assert!(!wish.is_newest());
        let both = wish.toggled("severity", "info");
        assert_eq!(both.query(), "severity=error,info");
        assert_eq!(both.toggled("severity", "error").query(), "severity=info");
        assert_eq!(wish.toggled("severity", "error"), Wish::default());
    }

    #[test]
    fn what_is_looked_for_cannot_leave_its_place_in_the_address() {
        let wish = Wish::read([("q", "a&b=c \"é\" #+%")]);
        assert_eq!(
            wish.address("/events"),
            "/events?q=a%26b%3Dc%20%22%C3%A9%22%20%23%2B%25"
        );
    }
}
