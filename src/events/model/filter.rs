//! Which lines of the log somebody wants to see.

use chrono::{DateTime, Utc};

use super::event::{Severity, Source};

/// What all of the lines have in common; empty is all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Any of these; none is all.
    pub severities: Vec<Severity>,
    /// Any of these; none is all.
    pub sources: Vec<Source>,
    /// Words that are all in it, each from its beginning.
    pub words: Option<String>,
    pub workload_id: Option<String>,
    pub container_id: Option<String>,
    pub operation_id: Option<String>,
    pub since: Option<DateTime<Utc>>,
    /// Itself included.
    pub until: Option<DateTime<Utc>>,
}

/// Reads a comma-separated choice of names; absent or empty is none.
///
/// # Errors
/// The first name that is none of them.
pub fn read_choice<T: Copy + PartialEq>(
    text: Option<&str>,
    all: &[T],
    name: impl Fn(T) -> &'static str,
) -> Result<Vec<T>, String> {
    let mut chosen = Vec::new();
    let names = text.unwrap_or_default().split(',').map(str::trim);
    for wanted in names.filter(|wanted| !wanted.is_empty()) {
        let Some(found) = all.iter().copied().find(|one| name(*one) == wanted) else {
            return Err(wanted.to_owned());
        };
        if !chosen.contains(&found) {
            chosen.push(found);
        }
    }
    Ok(chosen)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_names_each_once_and_nothing_unknown() {
        let read = |text| read_choice(text, &Severity::ALL, Severity::name);
        assert_eq!(read(None), Ok(vec![]));
        assert_eq!(read(Some("")), Ok(vec![]));
        assert_eq!(
            read(Some("error, info,error")),
            Ok(vec![Severity::Error, Severity::Info])
        );
        assert_eq!(read(Some("error,loud")), Err("loud".to_owned()));
    }
}
