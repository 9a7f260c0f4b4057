//! What the engine said about one container at one moment, in our words.

use std::collections::HashMap;

use chrono::DateTime;

use super::model::{ContainerStatus, Health, Port};
use super::signals;
use crate::docker::containers::{Inspected, Listed};
use crate::docker::id::DockerId;

/// A container as it was seen. Times are Unix milliseconds.
#[derive(Clone, Debug)]
pub struct Observed {
    pub docker_id: DockerId,
    pub name: String,
    pub image: String,
    pub image_id: String,
    /// The engine's own word.
    pub status: String,
    pub ports: Vec<Port>,
    pub labels: HashMap<String, String>,
    pub created_at: Option<i64>,
    /// What only an inspection tells; `None` keeps what was known before.
    pub detail: Option<Detail>,
}

/// What only an inspection tells.
#[derive(Clone, Debug, Default)]
pub struct Detail {
    pub health: Option<String>,
    pub exit_code: Option<i64>,
    /// The same also while it runs again.
    pub last_exit_code: Option<i64>,
    /// Its last run is over, whether or not it is about to be started again.
    pub ended: bool,
    pub oom_killed: Option<bool>,
    /// As the engine counts.
    pub restarts: i64,
    /// It is about to be started again, which the engine has counted already.
    pub restarting: bool,
    pub started_at: Option<i64>,
    pub finished_at: Option<i64>,
    /// The number of the signal that asks it to end, where it is one of those that mostly do not.
    pub stop_signal: Option<i64>,
}

impl Detail {
    /// How many of its runs were begun by its policy: the engine counts a restart when the run before it ends.
    pub fn times_restarted(&self) -> i64 {
        self.restarts - i64::from(self.restarting)
    }
}

impl Observed {
    /// Puts together the list's and the inspection's part; `None` where the id is no id.
    pub fn new(listed: &Listed, inspected: Option<&Inspected>) -> Option<Self> {
        let docker_id = DockerId::parse(&listed.id)?;
        // A container whose name is missing is still one; its id names it.
        let name = match listed.name() {
            "" => docker_id.as_str()[..12].to_owned(),
            name => name.to_owned(),
        };
        let image = match inspected.map(|inspected| inspected.config.image.as_str()) {
            Some(image) if !image.is_empty() => image,
            _ => &listed.image,
        };
        // The inspection is the later of the two, so its word counts.
        let status = match inspected.map(|inspected| inspected.state.status.as_str()) {
            Some(status) if !status.is_empty() => status,
            _ => &listed.state,
        };
        Some(Self {
            docker_id,
            name,
            image: image.to_owned(),
            image_id: listed.image_id.clone(),
            status: status.to_owned(),
            ports: read_ports(listed),
            labels: listed.labels.clone(),
            created_at: listed.created.map(|seconds| seconds.saturating_mul(1000)),
            detail: inspected.map(|inspected| read_detail(inspected, status)),
        })
    }
}

/// The engine lists a port once for IPv4 and once for IPv6; one line says both.
fn read_ports(listed: &Listed) -> Vec<Port> {
    let mut ports: Vec<Port> = Vec::new();
    for port in &listed.ports {
        let known = ports.iter().any(|other| {
            (other.private, other.public, other.protocol.as_str())
                == (port.private, port.public, port.protocol.as_str())
        });
        if !known {
            ports.push(Port {
                private: port.private,
                public: port.public,
                address: port.ip.clone(),
                protocol: port.protocol.clone(),
            });
        }
    }
    ports.sort_by_key(|port| (port.private, port.public));
    ports
}

fn read_detail(inspected: &Inspected, status: &str) -> Detail {
    let state = &inspected.state;
    let alive = ContainerStatus::parse(status).is_alive();
    let health = state.health.as_ref().map(|health| health.status.clone());
    let started_at = read_time(&state.started_at);
    Detail {
        health: health.filter(|word| alive && Health::parse(word).is_some()),
        // The code of the end before is still there while it runs again; it would mislead.
        exit_code: state.exit_code.filter(|_| !alive && started_at.is_some()),
        last_exit_code: state.exit_code,
        ended: !matches!(status, "running" | "paused"),
        oom_killed: state.oom_killed,
        restarts: inspected.restart_count,
        restarting: status == "restarting",
        started_at,
        finished_at: read_time(&state.finished_at),
        stop_signal: signals::number(&inspected.config.stop_signal),
    }
}

/// Unix milliseconds; `None` for the year 1, which is how an engine says "never".
fn read_time(text: &str) -> Option<i64> {
    let time = DateTime::parse_from_rfc3339(text).ok()?.timestamp_millis();
    (time > 0).then_some(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_year_one_is_never() {
        assert_eq!(read_time("0001-01-01T00:00:00Z"), None);
        assert_eq!(read_time("1970-01-01T00:00:01Z"), Some(1000));
        assert_eq!(read_time(""), None);
    }

    #[test]
    fn a_running_container_has_no_exit_code_and_a_stopped_one_no_health() {
        let text = r#"{"State":{"Status":"S","ExitCode":0,"Health":{"Status":"healthy"},
            "StartedAt":"2026-01-01T00:00:00Z","FinishedAt":"2026-01-02T00:00:00Z"}}"#;
        let running: Inspected = serde_json::from_str(text).unwrap();
        let detail = read_detail(&running, "running");
        assert_eq!(
            (detail.exit_code, detail.health.as_deref()),
            (None, Some("healthy"))
        );
        let detail = read_detail(&running, "exited");
        assert_eq!((detail.exit_code, detail.health), (Some(0), None));
    }

    #[test]
    fn a_restart_that_is_still_to_come_does_not_count_yet() {
        let inspected: Inspected = serde_json::from_str(r#"{"RestartCount":3}"#).unwrap();
        let restarted = |status| read_detail(&inspected, status).times_restarted();
        assert_eq!((restarted("running"), restarted("restarting")), (3, 2));
    }
}
