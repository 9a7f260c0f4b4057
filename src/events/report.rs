//! What is told to the log: what happened, and whom it is about.

use serde::{Deserialize, Serialize};

use super::model::Happening;
use super::model::event::Severity;

/// One thing to tell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    pub happening: Happening,
    pub workload_id: Option<String>,
    pub container_id: Option<String>,
    pub proxy_id: Option<String>,
    pub operation_id: Option<String>,
    /// When, in Unix milliseconds, where that is not now.
    pub at: Option<i64>,
    /// How often.
    #[serde(default = "once")]
    pub times: i64,
    /// Its place in the outbox, where it waits until it is written.
    #[serde(skip)]
    pub left_as: Option<i64>,
}

fn once() -> i64 {
    1
}

impl From<Happening> for Report {
    fn from(happening: Happening) -> Self {
        Self {
            happening,
            workload_id: None,
            container_id: None,
            proxy_id: None,
            operation_id: None,
            at: None,
            times: once(),
            left_as: None,
        }
    }
}

impl Report {
    /// It is about this container of this workload.
    pub fn about(mut self, workload_id: &str, container_id: &str) -> Self {
        self.workload_id = Some(workload_id.to_owned());
        self.container_id = Some(container_id.to_owned());
        self
    }

    /// This operation caused it.
    pub fn within(mut self, operation_id: Option<String>) -> Self {
        self.operation_id = operation_id;
        self
    }

    /// It happened at this time (Unix milliseconds).
    pub fn at(mut self, at: i64) -> Self {
        self.at = Some(at);
        self
    }

    /// It happened so often.
    pub fn times(mut self, times: i64) -> Self {
        self.times = times;
        self
    }

    /// It waits in the outbox under this id.
    pub fn left_as(mut self, id: i64) -> Self {
        self.left_as = Some(id);
        self
    }

    /// How much it matters: less than by itself where somebody's own act caused it.
    pub fn severity(&self) -> Severity {
        let own = self.happening.severity();
        let is_caused = self.operation_id.is_some() && self.container_id.is_some();
        if is_caused { Severity::Info } else { own }
    }

    /// Whom a spell is about.
    pub fn subject(&self) -> &str {
        let named = self.happening.subject().or(self.container_id.as_deref());
        named.unwrap_or_default()
    }
}
