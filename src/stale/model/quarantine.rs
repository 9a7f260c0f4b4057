//! What is kept aside until it is restored or removed.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A container in quarantine.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
pub struct Quarantined {
    pub id: String,
    pub container_id: String,
    pub docker_id: String,
    pub engine_id: String,
    /// What it was called, and will be again.
    pub name: String,
    /// What it is called meanwhile.
    pub kept_name: String,
    pub image: String,
    pub size_bytes: Option<i64>,
    /// What it gets back.
    pub restart_policy: String,
    /// Who put it there.
    pub author: String,
    pub since: DateTime<Utc>,
    /// When it is removed.
    pub until: DateTime<Utc>,
    /// Something was begun and is finished, or undone, within a minute.
    pub in_transit: bool,
    /// Why the last try to remove or restore it failed.
    pub trouble: Option<String>,
}
