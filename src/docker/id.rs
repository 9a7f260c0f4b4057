//! Names that may reach the engine. Its API has no escaping worth trusting, so only these go into a path.

use std::fmt;

/// The id of a container, in full: 64 lower-case hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DockerId(String);

impl DockerId {
    /// `None` for anything that is not an id, such as a path in disguise.
    pub fn parse(text: &str) -> Option<Self> {
        let valid = text.len() == 64
            && text
                .bytes()
                .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
        valid.then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DockerId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The name of a container, without its slash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContainerName(String);

/// The exact name of a volume.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VolumeName(String);

/// The engine's own rule: a letter or digit, then those and `_`, `.`, `-`.
fn is_name(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes
        .next()
        .is_some_and(|first| first.is_ascii_alphanumeric())
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-'))
        && text.len() <= 255
}

impl ContainerName {
    /// `None` for what no engine takes as a name.
    pub fn parse(text: &str) -> Option<Self> {
        is_name(text).then(|| Self(text.to_owned()))
    }
}

impl VolumeName {
    /// `None` for what no engine takes as a name.
    pub fn parse(text: &str) -> Option<Self> {
        is_name(text).then(|| Self(text.to_owned()))
    }
}

impl fmt::Display for ContainerName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Display for VolumeName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_in_disguise_is_no_id() {
        for text in [
            "",
            "abc",
            "../../images/json?x=",
            &"A".repeat(64),
            &"a".repeat(65),
        ] {
            assert_eq!(DockerId::parse(text), None, "{text}");
        }
        assert!(DockerId::parse(&"0a".repeat(32)).is_some());
        for text in ["", ".", "a/b", "a?x=1", "a b", ".."] {
            assert_eq!(VolumeName::parse(text), None, "{text}");
            assert_eq!(ContainerName::parse(text), None, "{text}");
        }
        assert!(VolumeName::parse("db_data.1-x").is_some());
    }
}
