//! A question to the log as it is asked in an address, and what it means.

use chrono::{DateTime, Utc};

use super::model::cursor::Cursor;
use super::model::event::{Severity, Source};
use super::model::filter::{Filter, read_choice};
use super::model::when::When;
use crate::error::AppError;

/// Lines of a page, where nobody says how many.
const LIMIT: i64 = 50;
const MOST: i64 = 500;

/// Characters and words that are looked for at most.
const LONGEST_SEARCH: usize = 200;
const MOST_WORDS: usize = 10;

/// Everything that can be asked for, as text.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(default)]
pub struct Question {
    pub severity: Option<String>,
    pub source: Option<String>,
    pub q: Option<String>,
    pub workload: Option<String>,
    pub container: Option<String>,
    pub operation: Option<String>,
    pub since: Option<String>,
    pub until: Option<String>,
    pub limit: Option<i64>,
    pub before: Option<String>,
}

/// What was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub filter: Filter,
    pub before: Option<Cursor>,
    pub limit: i64,
}

impl Question {
    /// Reads all of it as of `now`, which times such as `24h` are counted back from.
    ///
    /// # Errors
    /// `invalid` with the field that makes no sense.
    pub fn read(self, now: DateTime<Utc>) -> Result<Asked, AppError> {
        let severities = read_choice(self.severity.as_deref(), &Severity::ALL, Severity::name)
            .map_err(|_| unknown_name("severity", &Severity::ALL.map(Severity::name)))?;
        let sources = read_choice(self.source.as_deref(), &Source::ALL, Source::name)
            .map_err(|_| unknown_name("source", &Source::ALL.map(Source::name)))?;
        let filter = Filter {
            severities,
            sources,
            words: some(self.q).map(read_words).transpose()?,
            workload_id: some(self.workload),
            container_id: some(self.container),
            operation_id: some(self.operation),
            since: read_time("since", some(self.since), now)?,
            until: read_time("until", some(self.until), now)?,
        };
        let before = some(self.before).map(|text| {
            let read = text.parse::<Cursor>();
            read.map_err(|_| AppError::invalid("before", "Give the cursor that came as `next`."))
        });
        let limit = self.limit.unwrap_or(LIMIT);
        if !(1..=MOST).contains(&limit) {
            let message = format!("A page has 1 to {MOST} lines.");
            return Err(AppError::invalid("limit", message));
        }
        Ok(Asked {
            filter,
            before: before.transpose()?,
            limit,
        })
    }
}

/// An empty field of a form is none.
fn some(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}

fn unknown_name(field: &str, names: &[&str]) -> AppError {
    AppError::invalid(field, format!("Choose of {}.", names.join(", ")))
}

fn read_words(text: String) -> Result<String, AppError> {
    let is_long = text.chars().count() > LONGEST_SEARCH;
    if is_long || text.split_whitespace().count() > MOST_WORDS {
        let message =
            format!("Look for at most {MOST_WORDS} words, {LONGEST_SEARCH} characters in all.");
        return Err(AppError::invalid("q", message));
    }
    Ok(text)
}

fn read_time(
    field: &str,
    text: Option<String>,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, AppError> {
    let Some(text) = text else { return Ok(None) };
    match When::read(&text) {
        Some(when) => Ok(Some(when.from(now))),
        None => {
            let message =
                "Give a time as in 2026-01-31T12:00:00Z, or how long ago it was, as in 24h.";
            Err(AppError::invalid(field, message))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_fields_of_a_form_ask_for_nothing() {
        let asked = Question {
            severity: Some(String::new()),
            q: Some("  ".into()),
            since: Some(String::new()),
            before: Some(String::new()),
            ..Question::default()
        };
        let asked = asked.read(DateTime::UNIX_EPOCH).unwrap();
        assert_eq!(asked.filter, Filter::default());
        assert_eq!((asked.before, asked.limit), (None, LIMIT));
    }

    #[test]
    fn a_span_of_time_is_counted_back_from_now() {
        let now = "2026-01-31T12:00:00Z".parse().unwrap();
        let question = Question {
            since: Some("24h".into()),
            until: Some("2026-01-31T11:00".into()),
            ..Question::default()
        };
        let filter = question.read(now).unwrap().filter;
        assert_eq!(filter.since, Some("2026-01-30T12:00:00Z".parse().unwrap()));
        assert_eq!(filter.until, Some("2026-01-31T11:00:00Z".parse().unwrap()));
    }

    #[test]
    fn what_makes_no_sense_is_named() {
        let with = |field: &str| {
            let wrong = Some("moon".to_owned());
            let mut question = Question::default();
            match field {
                "severity" => question.severity = wrong,
                "source" => question.source = wrong,
                "since" => question.since = wrong,
                "until" => question.until = wrong,
                "before" => question.before = wrong,
                "q" => question.q = Some("moon ".repeat(11)),
                _ => question.limit = Some(501),
            }
            question.read(DateTime::UNIX_EPOCH).unwrap_err()
        };
        for field in [
            "severity", "source", "since", "until", "before", "q", "limit",
        ] {
            let error = with(field);
            assert_eq!(error.field.as_deref(), Some(field));
            assert_eq!(error.code.status(), 422);
        }
    }
}
