//! The engines as they are right now: a client for each that answers, and the reason for each that does not.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::watch;

use super::model::Engine;
use crate::docker::connect::Client;

/// A cheap handle on all engines.
#[derive(Clone)]
pub struct Engines(Arc<watch::Sender<HashMap<String, Entry>>>);

#[derive(Clone)]
struct Entry {
    engine: Engine,
    client: Option<Client>,
    /// Counts the connections, so that a client of an earlier one is recognised.
    epoch: u64,
}

/// A client of one connection; it is over when the engine's epoch is another.
pub struct Link {
    pub client: Client,
    pub epoch: u64,
}

impl Default for Engines {
    fn default() -> Self {
        Self(Arc::new(watch::channel(HashMap::new()).0))
    }
}

impl Engines {
    /// Every engine, by name.
    pub fn list(&self) -> Vec<Engine> {
        let mut engines: Vec<_> = self
            .0
            .borrow()
            .values()
            .map(|entry| entry.engine.clone())
            .collect();
        engines.sort_by(|one, other| one.name.cmp(&other.name));
        engines
    }

    /// A client of the engine with this id, while it answers.
    pub fn client(&self, id: &str) -> Option<Client> {
        self.0
            .borrow()
            .get(id)
            .and_then(|entry| entry.client.clone())
    }

    /// Records what is known of an engine from now on; a client only while it is up.
    pub fn set(&self, engine: Engine, client: Option<Client>) {
        self.0.send_modify(|entries| {
            let epoch = entries.get(&engine.id).map_or(0, |entry| entry.epoch) + 1;
            entries.insert(
                engine.id.clone(),
                Entry {
                    engine,
                    client,
                    epoch,
                },
            );
        });
    }

    /// Notes that an engine still answers, without a new connection.
    pub fn touch(&self, engine: &Engine) {
        self.0.send_if_modified(|entries| {
            if let Some(entry) = entries.get_mut(&engine.id) {
                entry.engine = engine.clone();
            }
            // Nobody waits for the time of the last answer.
            false
        });
    }

    /// Tells whenever an engine comes or goes.
    pub fn changes(&self) -> impl Future<Output = ()> + Send + use<> {
        let mut receiver = self.0.subscribe();
        // The sender lives as long as any handle; when all are gone, there is nothing to tell.
        async move {
            let _ = receiver.changed().await;
        }
    }

    /// Waits until the engine answers, and gives a client of that connection.
    pub async fn wait_up(&self, id: &str) -> Link {
        let mut receiver = self.0.subscribe();
        loop {
            let link = receiver.borrow_and_update().get(id).and_then(|entry| {
                entry.client.clone().map(|client| Link {
                    client,
                    epoch: entry.epoch,
                })
            });
            if let Some(link) = link {
                return link;
            }
            if receiver.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    }

    /// Waits until the connection of `epoch` is over.
    pub async fn wait_over(&self, id: &str, epoch: u64) {
        let mut receiver = self.0.subscribe();
        let other = |entries: &HashMap<String, Entry>| {
            entries.get(id).is_none_or(|entry| entry.epoch != epoch)
        };
        if receiver.wait_for(other).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
