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

    /// Reads one message of the stream by its name; `None` is a name that is not ours to read.
    ///
    /// # Errors
    /// Where the JSON is not what the name promises.
    pub fn read(name: &str, json: &str) -> Result<Option<Self>, serde_json::Error> {
        Ok(match name {
            "container_stats" => Some(Self::ContainerStats(serde_json::from_str(json)?)),
            "container_state" => Some(Self::ContainerState(serde_json::from_str(json)?)),
            "health_summary" => Some(Self::HealthSummary(serde_json::from_str(json)?)),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_reads_back_from_its_name_and_json() {
        for message in [
            Message::ContainerStats(Round {
                ts: 7,
                samples: vec![],
            }),
            Message::HealthSummary(Summary::default()),
        ] {
            let json = serde_json::to_string(&message).expect("plain data has JSON");
            assert_eq!(
                Message::read(message.name(), &json).ok(),
                Some(Some(message))
            );
        }
    }

    #[test]
    fn a_name_that_we_do_not_know_is_no_error() {
        assert!(matches!(Message::read("deploy", "{}"), Ok(None)));
    }
}
