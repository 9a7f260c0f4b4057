//! A Docker container as we keep it, and the pure rules about its state.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a container does, in the engine's words, and two of ours: `gone` and `unknown`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ContainerStatus {
    Created,
    Running,
    Paused,
    Restarting,
    Removing,
    Exited,
    Dead,
    /// The engine no longer has it.
    Gone,
    /// The engine said something that we do not know.
    #[serde(other)]
    Unknown,
}

impl ContainerStatus {
    /// Reads the engine's word; a word that we do not know is `Unknown`, not an error.
    pub fn parse(word: &str) -> Self {
        match word {
            "created" => Self::Created,
            "running" => Self::Running,
            "paused" => Self::Paused,
            "restarting" => Self::Restarting,
            "removing" => Self::Removing,
            "exited" => Self::Exited,
            "dead" => Self::Dead,
            "gone" => Self::Gone,
            _ => Self::Unknown,
        }
    }

    /// Its processes exist, so that it can be sampled. A paused one holds memory and is sampled too.
    pub fn is_alive(self) -> bool {
        matches!(self, Self::Running | Self::Paused | Self::Restarting)
    }
}

/// What the container's own health check says; a container without one has no `Health` at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Health {
    Starting,
    Healthy,
    Unhealthy,
    #[serde(other)]
    Unknown,
}

impl Health {
    /// Reads the engine's word; `none` and an empty word mean that there is no check.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "" | "none" => None,
            "starting" => Some(Self::Starting),
            "healthy" => Some(Self::Healthy),
            "unhealthy" => Some(Self::Unhealthy),
            _ => Some(Self::Unknown),
        }
    }
}

/// One port that a container opens, and where it is published, if it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Port {
    pub private: u16,
    pub public: Option<u16>,
    /// The host's address that it is published on.
    pub address: Option<String>,
    /// `tcp`, `udp` or `sctp`.
    pub protocol: String,
}

/// One container of a workload, as the engine last said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Container {
    /// Ours; it stays when a recreated container fills the same slot.
    pub id: String,
    pub docker_id: String,
    /// Docker's name without its slash.
    pub name: String,
    pub status: ContainerStatus,
    /// Null where the container has no health check.
    pub health: Option<Health>,
    /// The code of its last end; null while it runs or never ran.
    pub exit_code: Option<i64>,
    pub restarts: i64,
    pub ports: Vec<Port>,
    pub image: String,
    /// Null if it never ran.
    pub started_at: Option<DateTime<Utc>>,
    /// When it was last seen to be alive; null if it never ran.
    pub last_alive_at: Option<DateTime<Utc>>,
}

/// A container started, stopped, died, became healthy or not, or vanished.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ContainerChange {
    pub container_id: String,
    pub workload_id: String,
    pub name: String,
    pub status: ContainerStatus,
    pub health: Option<Health>,
    pub ts: DateTime<Utc>,
}
