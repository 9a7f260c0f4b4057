//! What somebody sees of their own sessions.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One place where somebody is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct Session {
    pub id: String,
    pub created_at: DateTime<Utc>,
    /// To the minute.
    pub last_seen_at: DateTime<Utc>,
    /// When it is over at the latest; it is over sooner where it is not used for a week.
    pub expires_at: DateTime<Utc>,
    /// Where it was opened from; null where that is not known.
    pub address: Option<String>,
    /// What the browser called itself.
    pub agent: Option<String>,
    /// It is the one that asks.
    pub is_current: bool,
}
