//! What travels on the bus and over the stream.

use serde::{Deserialize, Serialize};

use crate::containers::model::ContainerChange;
use crate::health::model::Summary;
use crate::stats::model::Round;

/// A subject that a client may listen to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Topic {
    Stats,
    Events,
    Deploys,
    Proxies,
    Containers,
    Health,
}

impl Topic {
    /// Every topic with its name in the API.
    pub const ALL: [(Topic, &'static str); 6] = [
        (Topic::Stats, "stats"),
        (Topic::Events, "events"),
        (Topic::Deploys, "deploys"),
        (Topic::Proxies, "proxies"),
        (Topic::Containers, "containers"),
        (Topic::Health, "health"),
    ];
}

/// One thing to tell, to whoever listens to its topic.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Message {
    ContainerStats(Round),
    ContainerState(ContainerChange),
    HealthSummary(Summary),
}

impl Message {
    /// The topic that it belongs to.
    pub fn topic(&self) -> Topic {
        match self {
            Message::ContainerStats(_) => Topic::Stats,
            Message::ContainerState(_) => Topic::Containers,
            Message::HealthSummary(_) => Topic::Health,
        }
    }

    /// Its name on the stream.
    pub fn name(&self) -> &'static str {
        match self {
            Message::ContainerStats(_) => "container_stats",
            Message::ContainerState(_) => "container_state",
            Message::HealthSummary(_) => "health_summary",
        }
    }
}
