//! What travels on the bus and over the stream.

use serde::{Deserialize, Serialize};

use super::event::Event;
use crate::containers::model::ContainerChange;
use crate::health::model::Summary;
use crate::stats::model::Round;

/// One thing to tell, to whoever listens to its topic.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Message {
    ContainerStats(Round),
    ContainerState(ContainerChange),
    HealthSummary(Summary),
    /// A line of the log is new, or counts once more.
    EventLog(Event),
}

impl Message {
    /// Reads one message of the stream by its name; `None` is a name that is not ours to read.
    ///
    /// # Errors
    /// Where the JSON is not what the name promises.
    pub fn read(name: &str, json: &str) -> Result<Option<Self>, serde_json::Error> {
        Ok(match name {
            "container_stats" => Some(Self::ContainerStats(serde_json::from_str(json)?)),
            "container_state" => Some(Self::ContainerState(serde_json::from_str(json)?)),
            "event_log" => Some(Self::EventLog(serde_json::from_str(json)?)),
            "health_summary" => Some(Self::HealthSummary(serde_json::from_str(json)?)),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_we_do_not_know_is_no_error() {
        assert!(matches!(Message::read("deploy", "{}"), Ok(None)));
    }
}
