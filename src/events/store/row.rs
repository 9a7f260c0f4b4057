//! A line of the log as it stands in the database.

use crate::events::model::cursor::{Cursor, time_of};
use crate::events::model::event::{Event, Severity, Source};
use crate::server::clock::from_millis;

/// The columns of [`Row`].
pub const COLUMNS: &str = "key, number, revision, severity, source, kind, message, workload_id, \
    container_id, proxy_id, operation_id, details, count, last_ts, hash";

/// A row of the table.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Row {
    pub key: i64,
    pub number: i64,
    pub revision: i64,
    pub severity: i64,
    pub source: i64,
    pub kind: String,
    pub message: String,
    pub workload_id: Option<String>,
    pub container_id: Option<String>,
    pub proxy_id: Option<String>,
    pub operation_id: Option<String>,
    pub details: String,
    pub count: i64,
    pub last_ts: i64,
    pub hash: Vec<u8>,
}

impl Row {
    /// What the line says.
    pub fn event(self) -> Event {
        let at = time_of(self.key);
        let number = self.number;
        Event {
            id: Cursor { at, number }.to_string(),
            ts: from_millis(at),
            severity: severity_of(self.severity),
            source: find(&Source::ALL, self.source),
            kind: self.kind,
            message: self.message,
            workload_id: self.workload_id,
            container_id: self.container_id,
            proxy_id: self.proxy_id,
            operation_id: self.operation_id,
            details: serde_json::from_str(&self.details).unwrap_or_default(),
            count: self.count,
            last_ts: from_millis(self.last_ts),
        }
    }

    /// Where the stream goes on from after telling of this state of the line.
    pub fn cursor(&self) -> Cursor {
        if self.revision == self.number {
            let at = time_of(self.key);
            let number = self.number;
            return Cursor { at, number };
        }
        Cursor {
            at: self.last_ts,
            number: self.revision,
        }
    }
}

/// The number that stands for a severity.
pub fn severity_number(severity: Severity) -> i64 {
    number_of(&Severity::ALL, severity)
}

/// The severity that a number stands for.
pub fn severity_of(number: i64) -> Severity {
    find(&Severity::ALL, number)
}

/// The number that stands for a source.
pub fn source_number(source: Source) -> i64 {
    number_of(&Source::ALL, source)
}

fn number_of<T: Copy + PartialEq>(all: &[T], wanted: T) -> i64 {
    let at = all.iter().position(|one| *one == wanted);
    at.and_then(|at| i64::try_from(at).ok()).unwrap_or_default()
}

/// A number that another version wrote stands for the last of all, so that the line is still shown.
fn find<T: Copy, const COUNT: usize>(all: &[T; COUNT], number: i64) -> T {
    let at = usize::try_from(number).unwrap_or(COUNT);
    all[at.min(COUNT - 1)]
}
