//! A container that does not exist, in the shapes that the engine's API gives it.

use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

/// Which control groups the pretended host has: the two report memory and disks under other names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cgroup {
    V1,
    V2,
}

/// What the engine would know of one container. The defaults are a healthy, idle one.
#[derive(Clone, Debug)]
pub struct FakeContainer {
    pub id: String,
    pub name: String,
    pub image: String,
    pub state: String,
    pub health: Option<String>,
    pub labels: Vec<(String, String)>,
    pub exit_code: i64,
    /// The kernel killed something in its last run for want of memory.
    pub oom_killed: bool,
    pub restarts: i64,
    pub made: SystemTime,
    pub started: SystemTime,
    pub finished: Option<SystemTime>,
    /// Percent of one core.
    pub cpu_percent: f64,
    /// Bytes that programs hold.
    pub memory: u64,
    /// Bytes of page cache, which the engine's `usage` counts and we do not.
    pub page_cache: u64,
    pub memory_limit: u64,
    pub cgroup: Cgroup,
    /// False leaves `memory_stats` out, as a host without the memory controller does.
    pub memory_known: bool,
    /// False leaves `networks` out, as host networking does.
    pub network: bool,
    /// Made, and never started.
    pub never_ran: bool,
    /// The engine starts it by itself: `no`, `always`, …
    pub policy: String,
    /// The names of its volumes.
    pub volumes: Vec<String>,
}

/// What the pretended host has: a limit of this much is none.
pub const HOST_MEMORY: u64 = 16 << 30;
/// The processors of the pretended host.
pub const HOST_CPUS: u64 = 4;

impl FakeContainer {
    pub fn named(name: &str) -> Self {
        let now = SystemTime::now();
        Self {
            id: new_id(name),
            name: name.to_owned(),
            image: "rig/app:1".into(),
            state: "running".into(),
            health: None,
            labels: Vec::new(),
            exit_code: 0,
            oom_killed: false,
            restarts: 0,
            made: now,
            started: now,
            finished: None,
            cpu_percent: 0.0,
            memory: 32 << 20,
            page_cache: 0,
            memory_limit: HOST_MEMORY,
            cgroup: Cgroup::V1,
            memory_known: true,
            network: true,
            never_ran: false,
            policy: "no".into(),
            volumes: Vec::new(),
        }
    }

    pub fn label(mut self, key: &str, value: &str) -> Self {
        self.labels.push((key.into(), value.into()));
        self
    }

    /// One that was made, started and stopped so many days ago.
    pub fn stopped(name: &str, days_ago: u64) -> Self {
        let day = Duration::from_secs(86_400);
        let ended = SystemTime::now() - day * days_ago as u32;
        Self {
            state: "exited".into(),
            made: ended - day,
            started: ended - day,
            finished: Some(ended),
            ..Self::named(name)
        }
    }

    /// Labels it as a part of a project's stage, in our own words.
    pub fn at(self, project: &str, stage: &str) -> Self {
        self.label("docker-watcher.project", project)
            .label("docker-watcher.stage", stage)
    }

    pub fn runs(&self) -> bool {
        matches!(self.state.as_str(), "running" | "paused")
    }

    /// A line of `GET /containers/json`.
    pub fn listed(&self) -> Value {
        json!({
            "Id": self.id,
            "Names": [format!("/{}", self.name)],
            "Image": self.image,
            "ImageID": "sha256:0",
            "Command": "sleep 1000000",
            "Created": seconds(self.made),
            "Ports": [{"IP": "127.0.0.1", "PrivatePort": 80, "PublicPort": 8080, "Type": "tcp"}],
            "Labels": self.labels_json(),
            "Mounts": self.mounts(),
            "State": self.state,
            "Status": match &self.health {
                Some(health) => format!("Up 3 seconds ({health})"),
                None => format!("{} 3 seconds", self.state),
            },
        })
    }

    /// The answer to `GET /containers/{id}/json`.
    pub fn inspected(&self) -> Value {
        let mut state = json!({
            "Status": self.state,
            "Running": self.runs(),
            "Paused": self.state == "paused",
            "Restarting": self.state == "restarting",
            "OOMKilled": self.oom_killed,
            "Dead": self.state == "dead",
            "Pid": if self.runs() { 4242 } else { 0 },
            "ExitCode": self.exit_code,
            "Error": "",
            "StartedAt": rfc3339((!self.never_ran).then_some(self.started)),
            "FinishedAt": rfc3339(self.finished),
        });
        if let Some(health) = &self.health {
            state["Health"] = json!({"Status": health, "FailingStreak": 0, "Log": []});
        }
        json!({
            "Id": self.id,
            "Name": format!("/{}", self.name),
            "Created": rfc3339(Some(self.made)),
            "Image": "sha256:0",
            "State": state,
            "RestartCount": self.restarts,
            "Config": {"Image": self.image, "Labels": self.labels_json()},
            "HostConfig": {"Memory": 0, "NetworkMode": "default",
                "RestartPolicy": {"Name": self.policy, "MaximumRetryCount": 0}},
            "NetworkSettings": {"Ports": {}, "Networks": {"bridge": {}}},
            "Mounts": self.mounts(),
        })
    }

    /// A line of `GET /events`, for now.
    pub fn event(&self, action: &str) -> Value {
        let now = SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap_or_default();
        let mut attributes = self.labels_json();
        attributes["name"] = json!(self.name);
        attributes["image"] = json!(self.image);
        if action == "die" {
            attributes["exitCode"] = json!(self.exit_code.to_string());
        }
        json!({
            "status": action,
            "id": self.id,
            "from": self.image,
            "Type": "container",
            "Action": action,
            "Actor": {"ID": self.id, "Attributes": attributes},
            "scope": "local",
            "time": now.as_secs(),
            "timeNano": now.as_nanos() as u64,
        })
    }

    /// The answer to `GET /containers/{id}/stats?one-shot=true` at `now`: counters that have been
    /// counting at the set rate since it started.
    pub fn stats(&self, now: SystemTime) -> Value {
        if !self.runs() {
            return json!({"read": "0001-01-01T00:00:00Z", "preread": "0001-01-01T00:00:00Z",
                "name": format!("/{}", self.name), "id": self.id,
                "cpu_stats": {"cpu_usage": {"total_usage": 0}}, "precpu_stats": {"cpu_usage": {"total_usage": 0}},
                "memory_stats": {}});
        }
        let up = now.duration_since(self.started).unwrap_or_default();
        let busy = up.mul_f64(self.cpu_percent / 100.0).as_nanos() as u64;
        // The host has been up for a day longer than the container.
        let host = (up + Duration::from_secs(86_400)).as_nanos() as u64 * HOST_CPUS;
        let mut stats = json!({
            "read": rfc3339(Some(now)),
            "preread": "0001-01-01T00:00:00Z",
            "name": format!("/{}", self.name),
            "id": self.id,
            "pids_stats": {"current": 1},
            "cpu_stats": {
                "cpu_usage": {"total_usage": busy, "usage_in_kernelmode": 0, "usage_in_usermode": busy},
                "system_cpu_usage": host,
                "online_cpus": HOST_CPUS,
                "throttling_data": {"periods": 0, "throttled_periods": 0, "throttled_time": 0},
            },
            "precpu_stats": {"cpu_usage": {"total_usage": 0}, "throttling_data": {}},
            "memory_stats": {},
            "blkio_stats": {"io_service_bytes_recursive": null},
        });
        if self.cgroup == Cgroup::V1 {
            stats["cpu_stats"]["cpu_usage"]["percpu_usage"] = json!([busy, 0, 0, 0]);
        }
        if self.memory_known {
            let (cache, word) = match self.cgroup {
                Cgroup::V1 => ("total_inactive_file", "Read"),
                Cgroup::V2 => ("inactive_file", "read"),
            };
            stats["memory_stats"] = json!({
                "usage": self.memory + self.page_cache,
                "stats": {cache: self.page_cache},
                "limit": self.memory_limit,
            });
            stats["blkio_stats"]["io_service_bytes_recursive"] =
                json!([{"major": 8, "minor": 0, "op": word, "value": 4096}]);
        }
        if self.network {
            stats["networks"] = json!({"eth0": {"rx_bytes": 1000 + up.as_secs(), "tx_bytes": 500}});
        }
        stats
    }

    fn mounts(&self) -> Value {
        let mounts = self.volumes.iter();
        mounts
            .map(|name| json!({"Type": "volume", "Name": name, "Destination": format!("/{name}")}))
            .collect()
    }

    fn labels_json(&self) -> Value {
        self.labels
            .iter()
            .map(|(key, value)| (key.clone(), json!(value)))
            .collect()
    }
}

/// 64 hexadecimal digits that begin with something of the name, so that a failing test can be read.
pub fn new_id(name: &str) -> String {
    let stem: String = name.bytes().map(|byte| format!("{byte:02x}")).collect();
    let random = uuid::Uuid::now_v7().simple().to_string();
    let stem = &stem[..stem.len().min(32)];
    format!("{stem:f<32}{random}")
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs()
}

fn rfc3339(time: Option<SystemTime>) -> String {
    time.map_or_else(
        || "0001-01-01T00:00:00Z".into(),
        |time| DateTime::<Utc>::from(time).to_rfc3339_opts(chrono::SecondsFormat::Nanos, true),
    )
}
