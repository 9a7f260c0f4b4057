//! Projects, their stages, and the workload that is deployed at each.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::containers::model::{Container, ContainerStatus, Health};

/// Where a workload comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// Found on the engine, not made by us.
    Discovered,
    Image,
    Compose,
}

/// How a workload is, judged from its containers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum WorkloadStatus {
    /// All of its containers run, and none is unhealthy.
    Running,
    /// Some run and some do not, or one is unhealthy.
    Degraded,
    /// None runs.
    Stopped,
    /// The engine has none of its containers any more.
    Gone,
    /// We cannot know: the engine does not answer.
    Unknown,
}

/// A named group of stages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Project {
    pub id: String,
    pub name: String,
    pub stages: Vec<Stage>,
}

/// One place of a project, such as `prod`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Stage {
    pub name: String,
    pub workload_id: String,
    pub source: Source,
    pub status: WorkloadStatus,
    /// How many containers of it the engine has.
    pub instances: i64,
}

/// What is deployed at one stage of one project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Workload {
    pub id: String,
    pub project_id: String,
    pub project: String,
    pub stage: String,
    pub source: Source,
    pub status: WorkloadStatus,
    /// How many containers of it the engine has.
    pub instances: i64,
}

/// A workload's containers as they are now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RuntimeState {
    pub workload_id: String,
    pub status: WorkloadStatus,
    pub containers: Vec<Container>,
}

impl WorkloadStatus {
    /// Judges a workload by its containers; `engine_up` is false where their engine does not answer.
    pub fn judge(containers: &[(ContainerStatus, Option<Health>)], engine_up: bool) -> Self {
        let present: Vec<_> = containers
            .iter()
            .filter(|(status, _)| *status != ContainerStatus::Gone)
            .collect();
        let running = present
            .iter()
            .filter(|(status, _)| *status == ContainerStatus::Running)
            .count();
        let unhealthy = present
            .iter()
            .any(|(_, health)| *health == Some(Health::Unhealthy));
        match (present.len(), running) {
            (0, _) => Self::Gone,
            _ if !engine_up => Self::Unknown,
            (_, 0) => Self::Stopped,
            (all, some) if all == some && !unhealthy => Self::Running,
            _ => Self::Degraded,
        }
    }
}
