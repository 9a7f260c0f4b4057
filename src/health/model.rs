//! Is all well? The figures that the first line of the dashboard is made of.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Everything at a glance.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Summary {
    pub containers: ContainerCounts,
    pub proxies: ProxyCounts,
    /// Errors in the event log within a day; null where they were not counted.
    pub errors_24h: Option<i64>,
    /// Containers that do not run and were last alive longer ago than the threshold.
    pub stale: i64,
    pub engines: Vec<EngineLine>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ContainerCounts {
    pub total: i64,
    pub running: i64,
    pub stopped: i64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProxyCounts {
    pub total: i64,
    pub healthy: i64,
    pub unhealthy: i64,
    pub unknown: i64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EngineLine {
    pub id: String,
    pub name: String,
    pub up: bool,
    pub version: Option<String>,
}

impl Summary {
    /// Everything that is watched is within sight.
    pub fn engines_answer(&self) -> bool {
        self.engines.iter().all(|engine| engine.up)
    }

    pub fn engines_up(&self) -> usize {
        self.engines.iter().filter(|engine| engine.up).count()
    }
}
