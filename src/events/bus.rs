//! The bus: whoever has something to tell publishes, whoever wants to know subscribes, nobody waits.

use std::sync::Arc;

use tokio::sync::{broadcast, watch};

use super::model::Message;
use super::topic::Topic;

/// How far a listener may fall behind before it loses messages and is told so.
const BACKLOG: usize = 1024;

/// A message, with its text made once for however many clients read it.
#[derive(Clone, Debug)]
pub struct Published {
    pub message: Arc<Message>,
    pub topic: Topic,
    pub name: &'static str,
    /// The JSON that goes over the stream.
    pub json: Arc<str>,
}

/// A cheap handle on the bus.
#[derive(Clone, Debug)]
pub struct Bus {
    sender: broadcast::Sender<Published>,
    watchers: watch::Sender<usize>,
}

impl Default for Bus {
    fn default() -> Self {
        Self {
            sender: broadcast::channel(BACKLOG).0,
            watchers: watch::channel(0).0,
        }
    }
}

impl Bus {
    /// Tells everybody who listens; slow listeners lose the oldest and learn how many.
    pub fn publish(&self, message: Message) {
        match serde_json::to_string(&message) {
            // The only way to fail is that nobody listens, which is fine.
            Ok(json) => drop(self.sender.send(Published {
                topic: message.topic(),
                name: message.name(),
                json: json.into(),
                message: Arc::new(message),
            })),
            Err(error) => tracing::error!(%error, name = message.name(), "a message has no JSON"),
        }
    }

    /// Listens from now on.
    pub fn subscribe(&self) -> broadcast::Receiver<Published> {
        self.sender.subscribe()
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

/// One pair of eyes on the live figures; they are gone when this is dropped.
#[derive(Debug)]
pub struct Watching(watch::Sender<usize>);

impl Drop for Watching {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count -= 1);
    }
}
