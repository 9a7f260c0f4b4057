//! What a client may listen to, and what each message is called on the stream.

use super::model::Message;

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

impl Message {
    /// The topic that it belongs to.
    pub fn topic(&self) -> Topic {
        match self {
            Message::ContainerStats(_) => Topic::Stats,
            Message::ContainerState(_) => Topic::Containers,
            Message::HealthSummary(_) => Topic::Health,
            Message::EventLog(_) => Topic::Events,
        }
    }

    /// Its name on the stream.
    pub fn name(&self) -> &'static str {
        match self {
            Message::ContainerStats(_) => "container_stats",
            Message::ContainerState(_) => "container_state",
            Message::HealthSummary(_) => "health_summary",
            Message::EventLog(_) => "event_log",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::health::model::Summary;
    use crate::stats::model::Round;

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
}
