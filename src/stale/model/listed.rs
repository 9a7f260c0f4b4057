//! A container as the lists of this house show it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::exemption::Keeping;
use super::verdict::{Reason, Verdict};
use crate::containers::model::ContainerStatus;

/// A container that does not run, and the verdict on it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
pub struct StaleContainer {
    /// Ours.
    pub id: String,
    pub docker_id: String,
    /// Docker's name without its slash.
    pub name: String,
    pub engine_id: String,
    pub workload_id: String,
    pub project: String,
    pub stage: String,
    pub image: String,
    /// The part of the image after the colon; null where it has none.
    pub image_tag: Option<String>,
    pub status: ContainerStatus,
    /// Its last sign of life; for one that never ran, when it was made. Null where that is not known.
    pub last_alive_at: Option<DateTime<Utc>>,
    /// Whole days since its last sign of life, without the time that nobody watched.
    pub days_stale: Option<i64>,
    /// When it became stale; null for one that is not.
    pub stale_since: Option<DateTime<Utc>>,
    /// We made it.
    pub managed: bool,
    /// Bytes that it wrote itself; null where they were not counted.
    pub size_bytes: Option<i64>,
    pub verdict: Verdict,
    pub reason: Reason,
    /// What keeps it, for one that is exempt.
    pub keeping: Option<Keeping>,
    /// When a scan last looked at it; null: none did since it last ran.
    pub looked_at: Option<DateTime<Utc>>,
}
