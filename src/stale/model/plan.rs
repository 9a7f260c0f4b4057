//! What would be done to one container, and what would not.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::verdict::{Reason, Verdict};
use crate::containers::model::ContainerStatus;

/// All that somebody should know before they say yes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Plan {
    pub verdict: Verdict,
    pub reason: Reason,
    pub last_alive_at: Option<DateTime<Utc>>,
    /// The start of its last run in the engine's words, which say "never" with the year 1.
    pub started: String,
    /// The end of its last run.
    pub finished: String,
    pub image: String,
    pub restart_policy: String,
    /// Bytes that it wrote itself, which go with it; null where the engine did not count them.
    pub size_bytes: Option<i64>,
    pub volumes: Vec<PlannedVolume>,
    /// The networks that it is attached to. They stay.
    pub networks: Vec<String>,
    /// What may miss it.
    pub dependents: Vec<Dependent>,
    pub untouched: Vec<Untouched>,
}

/// Where a volume's name comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum VolumeKind {
    Named,
    /// The engine made the name up.
    Anonymous,
}

/// A volume of the container.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PlannedVolume {
    pub name: String,
    pub kind: VolumeKind,
    /// Where it is within the container.
    pub destination: String,
    /// The names of other containers that have it, running or not.
    pub used_by: Vec<String>,
    /// The request names it, so that it goes, too.
    pub removed: bool,
}

/// What binds another container to this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// Both belong to one Compose project.
    ComposeSibling,
    /// It goes through this one's network, shares its processes or its memory, or has a link to it.
    SharesNetwork,
    /// It has a volume of this one.
    SharesVolume,
}

/// A container that may miss this one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Dependent {
    pub name: String,
    pub status: ContainerStatus,
    pub relation: Relation,
}

/// Something that stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Untouched {
    /// `image`, `network`, `volume` or `directory`.
    pub what: String,
    pub name: String,
}
