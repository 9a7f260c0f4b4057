//! A Docker engine that is watched, and what is known of it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What keeps an engine from answering.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outage {
    /// We may not use its socket.
    Forbidden,
    /// There is no such socket.
    NoSocket,
    /// Nothing listens there.
    Refused,
    /// It takes connections and answers nothing in time.
    Hangs,
    /// What answers there is no engine, or will not speak to us.
    NoEngine,
    /// The address is none.
    BadAddress,
    /// Anything else on the way there.
    Unreachable,
}

/// One engine as the API and the UI show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Engine {
    pub id: String,
    pub name: String,
    /// Where it listens: `unix:///…` or `tcp://host:port`.
    pub url: String,
    /// It answered the last time we asked.
    pub up: bool,
    /// The engine's own version, such as `28.5.1`; null while it never answered.
    pub version: Option<String>,
    /// The API version that was negotiated, such as `1.41`.
    pub api_version: Option<String>,
    /// `v1` or `v2`: the control groups of its host; null where it does not say.
    pub cgroup: Option<String>,
    /// What keeps it from being up; null while it is up.
    pub trouble: Option<Outage>,
    /// The same for people, with the cause and what to do; null while it is up.
    pub error: Option<String>,
    pub last_seen: Option<DateTime<Utc>>,
}
