//! One line of the event log, and the words that sort it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::happening::Happening;

/// The kind of a line that a container has begun to die again and again, and of the spell that lasts until
/// [`STEADY`].
pub const CRASH_LOOP: &str = "container.crash_loop";

/// The kind of a line that such a container runs steadily again.
pub const STEADY: &str = "container.steady";

/// How much it matters.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Somebody's act, or the end of something that was told.
    Info,
    /// Worth a look.
    Warning,
    /// Something does not work.
    Error,
}

impl Severity {
    pub const ALL: [Self; 3] = [Self::Info, Self::Warning, Self::Error];

    /// As the API and the address of a page say it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// What it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    Engine,
    Container,
    /// People, their sign-ins and their tokens.
    Access,
    Settings,
    Project,
    /// The program itself.
    System,
}

impl Source {
    pub const ALL: [Self; 6] = [
        Self::Engine,
        Self::Container,
        Self::Access,
        Self::Settings,
        Self::Project,
        Self::System,
    ];

    /// As the API and the address of a page say it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Engine => "engine",
            Self::Container => "container",
            Self::Access => "access",
            Self::Settings => "settings",
            Self::Project => "project",
            Self::System => "system",
        }
    }
}

/// One line of the log: something that happened, once or several times in a row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Event {
    /// It is a cursor, too: lists and the stream go on from it.
    pub id: String,
    /// When it first happened.
    pub ts: DateTime<Utc>,
    pub severity: Severity,
    pub source: Source,
    /// What happened, such as `container.died`.
    #[serde(rename = "type")]
    pub kind: String,
    /// A sentence in English.
    pub message: String,
    pub workload_id: Option<String>,
    pub container_id: Option<String>,
    pub proxy_id: Option<String>,
    /// What one click, hook or timer set off; all that it caused has the same.
    pub operation_id: Option<String>,
    /// What the sentence is made of.
    #[schema(value_type = Object)]
    pub details: serde_json::Value,
    /// How often it happened within the window that makes one line of repetitions.
    pub count: i64,
    /// When it last happened.
    pub last_ts: DateTime<Utc>,
}

impl Event {
    /// What happened; `None` where another version of the program wrote it.
    pub fn happening(&self) -> Option<Happening> {
        Happening::read(&self.kind, &self.details)
    }
}

/// A part of the log, the newest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct EventPage {
    pub items: Vec<Event>,
    /// What to give as `before` for the next part; null at the end.
    pub next: Option<String>,
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// An informing line of the first moment of 2026.
    pub fn line(id: &str, message: &str) -> Event {
        let ts = "2026-01-01T00:00:00Z".parse().unwrap();
        Event {
            id: id.to_owned(),
            ts,
            severity: Severity::Info,
            source: Source::Container,
            kind: "container.healthy".to_owned(),
            message: message.to_owned(),
            workload_id: None,
            container_id: None,
            proxy_id: None,
            operation_id: None,
            details: serde_json::json!({}),
            count: 1,
            last_ts: ts,
        }
    }
}
