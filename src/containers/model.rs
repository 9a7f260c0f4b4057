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

    /// The engine's word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Restarting => "restarting",
            Self::Removing => "removing",
            Self::Exited => "exited",
            Self::Dead => "dead",
            Self::Gone => "gone",
            Self::Unknown => "unknown",
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
    /// It died again and again within minutes, and has not run for as long as that since.
    pub crash_loop: bool,
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

/// Why a container needs a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Its own health check fails.
    Unhealthy,
    /// It ended and is started again, now or for the time being again and again.
    Restarting,
    /// The engine could not remove it.
    Dead,
}

impl Container {
    /// Why it needs a person, if it does. One that ended does not: many are meant to.
    pub fn trouble(&self) -> Option<Trouble> {
        match (self.status, self.health) {
            (ContainerStatus::Running, Some(Health::Unhealthy)) => Some(Trouble::Unhealthy),
            (ContainerStatus::Restarting, _) => Some(Trouble::Restarting),
            (ContainerStatus::Running, _) if self.crash_loop => Some(Trouble::Restarting),
            (ContainerStatus::Dead, _) => Some(Trouble::Dead),
            _ => None,
        }
    }

    /// Takes a change in. What the change does not tell, such as the exit code, is unknown from then on
    /// until the container is read again.
    pub fn take(&mut self, change: &ContainerChange) {
        match (self.status.is_alive(), change.status.is_alive()) {
            (true, false) => self.last_alive_at = Some(change.ts),
            (false, true) => (self.started_at, self.exit_code) = (Some(change.ts), None),
            _ => {}
        }
        self.name.clone_from(&change.name);
        self.status = change.status;
        self.health = change.health;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn container(status: ContainerStatus) -> Container {
        Container {
            id: "1".into(),
            docker_id: "d".into(),
            name: "web-1".into(),
            status,
            health: None,
            exit_code: None,
            restarts: 0,
            crash_loop: false,
            ports: vec![],
            image: "shop:1".into(),
            started_at: None,
            last_alive_at: None,
        }
    }

    fn change(status: ContainerStatus, health: Option<Health>) -> ContainerChange {
        ContainerChange {
            container_id: "1".into(),
            workload_id: "w".into(),
            name: "web-1".into(),
            status,
            health,
            ts: DateTime::from_timestamp(1_700_000_000, 0).unwrap_or_default(),
        }
    }

    #[test]
    fn every_state_reads_back_from_its_name() {
        for word in [
            "created",
            "running",
            "paused",
            "restarting",
            "removing",
            "exited",
            "dead",
            "gone",
        ] {
            assert_eq!(ContainerStatus::parse(word).name(), word);
        }
        assert_eq!(ContainerStatus::parse("dreaming").name(), "unknown");
    }

    #[test]
    fn a_container_that_stops_was_alive_until_then() {
        let mut web = container(ContainerStatus::Running);
        let stop = change(ContainerStatus::Exited, None);
        web.take(&stop);
        assert_eq!(
            (web.status, web.last_alive_at),
            (ContainerStatus::Exited, Some(stop.ts))
        );
    }

    #[test]
    fn a_container_that_starts_again_has_no_exit_code() {
        let mut web = Container {
            exit_code: Some(1),
            ..container(ContainerStatus::Exited)
        };
        let start = change(ContainerStatus::Running, Some(Health::Starting));
        web.take(&start);
        assert_eq!((web.exit_code, web.started_at), (None, Some(start.ts)));
        assert_eq!(web.health, Some(Health::Starting));
    }

    #[test]
    fn one_that_ended_needs_nobody_and_one_that_fails_its_check_does() {
        assert_eq!(container(ContainerStatus::Exited).trouble(), None);
        let sick = Container {
            health: Some(Health::Unhealthy),
            ..container(ContainerStatus::Running)
        };
        assert_eq!(sick.trouble(), Some(Trouble::Unhealthy));
    }

    #[test]
    fn one_in_a_crash_loop_needs_somebody_while_it_runs_for_a_moment_too() {
        let looping = |status| Container {
            crash_loop: true,
            ..container(status)
        };
        let running = looping(ContainerStatus::Running);
        assert_eq!(running.trouble(), Some(Trouble::Restarting));
        // Somebody stopped it, or the engine gave up.
        assert_eq!(looping(ContainerStatus::Exited).trouble(), None);
    }
}
