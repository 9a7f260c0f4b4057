//! The engines as they are right now: a client for each that answers, and the reason for each that does not.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::watch;

use super::model::Engine;
use crate::docker::connect::Client;

/// A cheap handle on all engines.
#[derive(Clone)]
pub struct Engines {
    entries: Arc<watch::Sender<HashMap<String, Entry>>>,
    wanted: Arc<watch::Sender<Vec<Engine>>>,
}

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
        Self {
            entries: Arc::new(watch::channel(HashMap::new()).0),
            wanted: Arc::new(watch::channel(Vec::new()).0),
        }
    }
}

impl Engines {
    /// Every engine, by name.
    pub fn list(&self) -> Vec<Engine> {
        let mut engines: Vec<_> = self
            .entries
            .borrow()
            .values()
            .map(|entry| entry.engine.clone())
            .collect();
        engines.sort_by(|one, other| one.name.cmp(&other.name));
        engines
    }

    /// Says which engines are to be watched from now on.
    pub fn want(&self, engines: Vec<Engine>) {
        self.entries.send_modify(|entries| {
            entries.retain(|id, _| engines.iter().any(|engine| engine.id == *id));
            for engine in &engines {
                let entry = entries.entry(engine.id.clone()).or_insert_with(|| Entry {
                    engine: engine.clone(),
                    client: None,
                    epoch: 0,
                });
                entry.engine.name.clone_from(&engine.name);
                entry.engine.url.clone_from(&engine.url);
            }
        });
        self.wanted.send_replace(engines);
    }

    /// The engines that are to be watched, and a way to wait for others.
    pub fn wanted(&self) -> watch::Receiver<Vec<Engine>> {
        self.wanted.subscribe()
    }

    /// A client of the engine with this id, while it answers.
    pub fn client(&self, id: &str) -> Option<Client> {
        self.entries
            .borrow()
            .get(id)
            .and_then(|entry| entry.client.clone())
    }

    /// Records what is known of an engine from now on; a client only while it is up. What nobody
    /// wants to watch any more stays away.
    pub fn set(&self, engine: &Engine, client: Option<Client>) {
        self.entries.send_if_modified(|entries| {
            let Some(entry) = entries.get_mut(&engine.id) else {
                return false;
            };
            let name = entry.engine.name.clone();
            entry.engine = Engine {
                name,
                ..engine.clone()
            };
            entry.client = client;
            entry.epoch += 1;
            true
        });
    }

    /// Notes that an engine still answers, without a new connection.
    pub fn touch(&self, engine: &Engine) {
        self.entries.send_if_modified(|entries| {
            if let Some(entry) = entries.get_mut(&engine.id) {
                entry.engine.last_seen = engine.last_seen;
            }
            // Nobody waits for the time of the last answer.
            false
        });
    }

    /// Tells whenever an engine comes or goes.
    pub fn changes(&self) -> impl Future<Output = ()> + Send + use<> {
        let mut receiver = self.entries.subscribe();
        // The sender lives as long as any handle; when all are gone, there is nothing to tell.
        async move {
            let _ = receiver.changed().await;
        }
    }

    /// Waits until the engine answers, and gives a client of that connection.
    pub async fn wait_up(&self, id: &str) -> Link {
        let mut receiver = self.entries.subscribe();
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
        let mut receiver = self.entries.subscribe();
        let other = |entries: &HashMap<String, Entry>| {
            entries.get(id).is_none_or(|entry| entry.epoch != epoch)
        };
        if receiver.wait_for(other).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
