//! Which lines of the log somebody wants to see.

use chrono::{DateTime, Utc};

use super::event::{Event, Severity, Source};

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

impl Filter {
    /// Whether a line is among what is wanted. `told` is all that it is found by as text: its sentence
    /// in every language, and its type.
    pub fn fits(&self, event: &Event, told: &str) -> bool {
        let same = |wanted: &Option<String>, has: &Option<String>| {
            wanted.is_none() || wanted.as_deref() == has.as_deref()
        };
        (self.severities.is_empty() || self.severities.contains(&event.severity))
            && (self.sources.is_empty() || self.sources.contains(&event.source))
            && same(&self.workload_id, &event.workload_id)
            && same(&self.container_id, &event.container_id)
            && same(&self.operation_id, &event.operation_id)
            && self.since.is_none_or(|since| event.ts >= since)
            && self.until.is_none_or(|until| event.ts <= until)
            && self.words.as_deref().is_none_or(|words| finds(words, told))
    }
}

/// Whether each of `words` begins some word of `text`, as the index of the log sees words: runs of
/// letters and digits, whatever their case. A word with others in it, such as `web-1`, is found where
/// they follow one another.
fn finds(words: &str, text: &str) -> bool {
    let text = split(text);
    let mut wanted = words
        .split(|one: char| one.is_whitespace() || one.is_control())
        .filter(|word| !word.is_empty())
        .map(split)
        .filter(|one| !one.is_empty())
        .peekable();
    wanted.peek().is_some()
        && wanted.all(|phrase| {
            text.windows(phrase.len()).any(|run| {
                let (Some(last), Some(begun)) = (run.last(), phrase.last()) else {
                    return false;
                };
                let before = phrase.len() - 1;
                run[..before] == phrase[..before] && last.starts_with(begun.as_str())
            })
        })
}

fn split(text: &str) -> Vec<String> {
    let words = text.split(|one: char| !one.is_alphanumeric());
    let words = words.filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
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
    use crate::events::model::event::tests::line;

    fn with_words(words: &str) -> Filter {
        Filter {
            words: Some(words.to_owned()),
            ..Filter::default()
        }
    }

    #[test]
    fn each_word_begins_some_word_of_what_is_told() {
        let told = "web-1 exited with code 137. container.died Нездоров";
        let fits = |words: &str| with_words(words).fits(&line("1", told), told);
        for words in [
            "",
            "Exit",
            "code web",
            "web-1",
            "web-",
            "container.di",
            "нездор",
            "\"web\"",
        ] {
            assert_eq!(fits(words), !words.is_empty(), "{words:?}");
        }
        for words in ["xited", "web-2", "1 7", "web-1 oom", "web-with", "--"] {
            assert!(!fits(words), "{words:?}");
        }
    }

    #[test]
    fn a_line_fits_where_it_has_everything_that_is_wanted() {
        let event = Event {
            workload_id: Some("w".to_owned()),
            ..line("1", "")
        };
        let fits = |filter: Filter| filter.fits(&event, "");
        assert!(fits(Filter::default()));
        let severities = |severities: &[Severity]| Filter {
            severities: severities.to_vec(),
            ..Filter::default()
        };
        assert!(fits(severities(&[Severity::Error, Severity::Info])));
        assert!(!fits(severities(&[Severity::Error])));
        let workload = |id: &str| Filter {
            workload_id: Some(id.to_owned()),
            ..Filter::default()
        };
        assert!(fits(workload("w")));
        assert!(!fits(workload("v")));
        let operation_id = Some("o".to_owned());
        assert!(!fits(Filter {
            operation_id,
            ..Filter::default()
        }));
        let until = |until| Filter {
            until: Some(until),
            ..Filter::default()
        };
        assert!(fits(until(event.ts)));
        assert!(!fits(until(event.ts - chrono::Duration::milliseconds(1))));
    }

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
