//! What became of each container of a cleanup.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::plan::Plan;

/// What became of one container.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Nothing: this is only the plan.
    Planned,
    /// It is kept aside, and can be restored.
    Quarantined,
    Removed,
    Restored,
    /// It was not touched; `reason` says why.
    Refused,
    /// The engine did not do it; what was begun is undone, or finished later.
    Failed,
    /// The engine had it no longer.
    Gone,
}

/// Why a container was not touched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// We know of no such container.
    NotFound,
    /// It runs, or is about to.
    Alive,
    /// It lived too recently.
    Recent,
    /// It ran again since it was shown.
    Changed,
    /// Somebody wants to keep it.
    Exempt,
    /// Nobody can say whether it is stale.
    Unknown,
    /// It was only found, and is touched only where its id is named.
    Unnamed,
    /// Somebody else is at it.
    Busy,
    /// It is in quarantine already.
    InQuarantine,
    /// Another container has its name.
    NameTaken,
}

/// The result of one container.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Item {
    /// As it was asked for.
    pub id: String,
    pub docker_id: Option<String>,
    pub name: Option<String>,
    pub outcome: Outcome,
    /// Why it was refused, or in a plan would be.
    pub reason: Option<Refusal>,
    /// What a person should know of it.
    pub message: Option<String>,
    /// Its entry in the quarantine.
    pub quarantine_id: Option<String>,
    pub plan: Option<Plan>,
    /// One for each volume that was to go.
    pub volumes: Vec<VolumeResult>,
}

/// What became of a volume.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum VolumeOutcome {
    Removed,
    /// The engine keeps it, or is another one by now.
    Refused,
    Failed,
    Gone,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct VolumeResult {
    pub name: String,
    pub outcome: VolumeOutcome,
    pub message: Option<String>,
}

impl Item {
    /// One of which nothing is known but what was asked for.
    pub fn about(id: &str, outcome: Outcome) -> Self {
        Self {
            id: id.to_owned(),
            docker_id: None,
            name: None,
            outcome,
            reason: None,
            message: None,
            quarantine_id: None,
            plan: None,
            volumes: Vec::new(),
        }
    }

    /// One that is not touched.
    pub fn refused(id: &str, reason: Refusal) -> Self {
        Self {
            reason: Some(reason),
            message: Some(reason.sentence().to_owned()),
            ..Self::about(id, Outcome::Refused)
        }
    }
}

impl Refusal {
    /// For people who read no codes.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::NotFound => "There is no such container.",
            Self::Alive => "It runs.",
            Self::Recent => "It is no longer stale: it lived too recently.",
            Self::Changed => "It ran again, or was made anew, since it was looked at; scan again.",
            Self::Exempt => "It is exempt.",
            Self::Unknown => "Whether it is stale cannot be said now; scan again.",
            Self::Unnamed => "It was not made here, and is touched only where its id is named.",
            Self::Busy => "Somebody else is at it.",
            Self::InQuarantine => "It is in quarantine already.",
            Self::NameTaken => "Another container has its name.",
        }
    }
}
