//! Projects, their stages, and the workload that is deployed at each.

use std::collections::HashMap;

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

/// A workload and its containers: what a card shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lineup {
    pub workload: Workload,
    pub containers: Vec<Container>,
}

/// Puts the containers beside their workloads, in the order of the workloads. One that has no state,
/// because it came between the two reads, has no containers yet.
pub fn line_up(workloads: Vec<Workload>, states: Vec<RuntimeState>) -> Vec<Lineup> {
    let mut containers: HashMap<String, Vec<Container>> = states
        .into_iter()
        .map(|state| (state.workload_id, state.containers))
        .collect();
    let with = |workload: Workload| Lineup {
        containers: containers.remove(&workload.id).unwrap_or_default(),
        workload,
    };
    workloads.into_iter().map(with).collect()
}

/// How many of the containers run, and how many there are; those that are gone are not there.
pub fn running_of_all(statuses: impl IntoIterator<Item = ContainerStatus>) -> (usize, usize) {
    let here = statuses
        .into_iter()
        .filter(|status| *status != ContainerStatus::Gone);
    here.fold((0, 0), |(running, all), status| {
        (
            running + usize::from(status == ContainerStatus::Running),
            all + 1,
        )
    })
}

impl Workload {
    /// What people call it: "shop · prod".
    pub fn title(&self) -> String {
        format!("{} · {}", self.project, self.stage)
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    const RUNS: (ContainerStatus, Option<Health>) = (ContainerStatus::Running, None);
    const ENDED: (ContainerStatus, Option<Health>) = (ContainerStatus::Exited, None);
    const GONE: (ContainerStatus, Option<Health>) = (ContainerStatus::Gone, None);

    #[test]
    fn a_workload_is_judged_by_what_is_there() {
        assert_eq!(
            WorkloadStatus::judge(&[RUNS, RUNS, GONE], true),
            WorkloadStatus::Running
        );
        assert_eq!(
            WorkloadStatus::judge(&[RUNS, ENDED], true),
            WorkloadStatus::Degraded
        );
        assert_eq!(
            WorkloadStatus::judge(&[ENDED], true),
            WorkloadStatus::Stopped
        );
        assert_eq!(WorkloadStatus::judge(&[GONE], true), WorkloadStatus::Gone);
        assert_eq!(WorkloadStatus::judge(&[], true), WorkloadStatus::Gone);
    }

    #[test]
    fn a_workload_without_a_state_has_no_containers_yet() {
        let workload = |id: &str| Workload {
            id: id.into(),
            project_id: "p".into(),
            project: "shop".into(),
            stage: "prod".into(),
            source: Source::Discovered,
            status: WorkloadStatus::Running,
            instances: 0,
        };
        let state = RuntimeState {
            workload_id: "gone-meanwhile".into(),
            status: WorkloadStatus::Running,
            containers: vec![],
        };
        let lineups = line_up(vec![workload("b"), workload("a")], vec![state]);
        let ids: Vec<_> = lineups
            .iter()
            .map(|lineup| lineup.workload.id.as_str())
            .collect();
        assert_eq!(ids, ["b", "a"]);
        assert_eq!(lineups[0].workload.title(), "shop · prod");
    }

    #[test]
    fn what_is_gone_is_not_counted_and_what_is_paused_does_not_run() {
        use ContainerStatus::{Exited, Gone, Paused, Running};
        assert_eq!(running_of_all([Running, Paused, Exited, Gone]), (1, 3));
        assert_eq!(running_of_all([Gone]), (0, 0));
    }

    #[test]
    fn an_unhealthy_container_degrades_its_workload() {
        let sick = (ContainerStatus::Running, Some(Health::Unhealthy));
        assert_eq!(
            WorkloadStatus::judge(&[RUNS, sick], true),
            WorkloadStatus::Degraded
        );
    }

    #[test]
    fn nothing_is_known_while_the_engine_is_away() {
        assert_eq!(
            WorkloadStatus::judge(&[RUNS], false),
            WorkloadStatus::Unknown
        );
    }
}
