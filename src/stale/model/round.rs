//! What one scan did.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One scan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Round {
    pub started_at: DateTime<Utc>,
    pub took_ms: i64,
    /// How many engines were asked.
    pub engines: i64,
    /// How many of them did not answer, or not all questions.
    pub engines_unreachable: i64,
    /// How many containers were looked at: all that did not run.
    pub containers: i64,
    pub stale: i64,
    pub unknown: i64,
    pub exempt: i64,
    /// How many were found to be gone.
    pub gone: i64,
}
