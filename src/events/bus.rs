//! The bus: whoever has something to tell publishes, whoever wants to know subscribes, nobody waits.

use std::sync::Arc;

use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, watch};

use super::model::cursor::Cursor;
use super::model::{Event, Message};
use super::topic::Topic;

/// How far a listener may fall behind before it loses messages and is told so.
const BACKLOG: usize = 1024;

/// The same for rounds, which are as large as the fleet (2.5 MB for 10,000 containers): a listener
/// that reads nothing must not hold back many, and a round is worth little once there is a later one.
const BACKLOG_OF_ROUNDS: usize = 16;

/// A message, with its text made once for however many clients read it.
#[derive(Clone, Debug)]
pub struct Published {
    pub message: Arc<Message>,
    pub topic: Topic,
    pub name: &'static str,
    /// The JSON that goes over the stream.
    pub json: Arc<str>,
    /// Where the log goes on after it; only lines of the log have one.
    pub cursor: Option<Cursor>,
}

/// A cheap handle on the bus.
#[derive(Clone, Debug)]
pub struct Bus {
    rounds: broadcast::Sender<Published>,
    lines: broadcast::Sender<Published>,
    others: broadcast::Sender<Published>,
    watchers: watch::Sender<usize>,
}

impl Default for Bus {
    fn default() -> Self {
        Self {
            rounds: broadcast::channel(BACKLOG_OF_ROUNDS).0,
            // A flood of them must not wash the changes of containers away.
            lines: broadcast::channel(BACKLOG).0,
            others: broadcast::channel(BACKLOG).0,
            watchers: watch::channel(0).0,
        }
    }
}

impl Bus {
    /// Tells everybody who listens; slow listeners lose the oldest and learn how many.
    pub fn publish(&self, message: Message) {
        self.send(message, None);
    }

    /// Tells everybody of a line of the log, and where the log goes on after it.
    pub fn publish_line(&self, cursor: Cursor, event: Event) {
        self.send(Message::EventLog(event), Some(cursor));
    }

    fn send(&self, message: Message, cursor: Option<Cursor>) {
        let (topic, name) = (message.topic(), message.name());
        let json = match serde_json::to_string(&message) {
            Ok(json) => json.into(),
            Err(error) => return tracing::error!(%error, name, "a message has no JSON"),
        };
        let sender = match topic {
            Topic::Stats => &self.rounds,
            Topic::Events => &self.lines,
            _ => &self.others,
        };
        let message = Arc::new(message);
        // The only way to fail is that nobody listens, which is fine.
        drop(sender.send(Published {
            message,
            topic,
            name,
            json,
            cursor,
        }));
    }

    /// Listens from now on.
    pub fn subscribe(&self) -> Subscription {
        Subscription {
            rounds: self.rounds.subscribe(),
            lines: self.lines.subscribe(),
            others: self.others.subscribe(),
        }
    }

    /// Says that somebody looks at live figures, for as long as the answer is kept.
    pub fn watch_stats(&self) -> Watching {
        self.watchers.send_modify(|count| *count += 1);
        Watching(self.watchers.clone())
    }

    /// How many look at live figures now, and a way to wait for that to change.
    pub fn stats_watchers(&self) -> watch::Receiver<usize> {
        self.watchers.subscribe()
    }
}

/// One listener's place on the bus.
#[derive(Debug)]
pub struct Subscription {
    rounds: broadcast::Receiver<Published>,
    lines: broadcast::Receiver<Published>,
    others: broadcast::Receiver<Published>,
}

impl Subscription {
    /// The next message of any kind.
    ///
    /// # Errors
    /// `Lagged` with the number of messages that were lost by reading too slowly, `Closed` at the end.
    pub async fn recv(&mut self) -> Result<Published, RecvError> {
        tokio::select! {
            round = self.rounds.recv() => round,
            line = self.lines.recv() => line,
            other = self.others.recv() => other,
        }
    }

    /// The next round, if one is there already.
    #[cfg(test)]
    pub fn try_recv_round(&mut self) -> Option<Published> {
        self.rounds.try_recv().ok()
    }
}

/// One pair of eyes on the live figures; they are gone when this is dropped.
#[derive(Debug)]
pub struct Watching(watch::Sender<usize>);

impl Drop for Watching {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count -= 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::model::Round;

    #[tokio::test]
    async fn a_listener_that_does_not_read_holds_back_a_few_rounds_and_learns_how_many_it_lost() {
        let bus = Bus::default();
        let mut listener = bus.subscribe();
        for ts in 0..100 {
            bus.publish(Message::ContainerStats(Round {
                ts,
                samples: Vec::new(),
            }));
        }
        let lost = listener.recv().await.unwrap_err();
        assert_eq!(lost, RecvError::Lagged(100 - BACKLOG_OF_ROUNDS as u64));
        let next = listener.recv().await.unwrap();
        assert!(next.json.contains("84"), "{}", next.json);
    }
}
