//! The engines as they are right now: a client for each that answers, and the reason for each that does not.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use super::model::Engine;
use crate::docker::connect::Client;

/// A cheap handle on all engines. The lock is held for a copy at most, so a std lock is right.
#[derive(Clone, Default)]
pub struct Engines(Arc<RwLock<HashMap<String, Entry>>>);

#[derive(Clone)]
struct Entry {
    engine: Engine,
    client: Option<Client>,
}

impl Engines {
    /// Every engine, by name.
    pub fn list(&self) -> Vec<Engine> {
        let entries = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let mut engines: Vec<_> = entries.values().map(|entry| entry.engine.clone()).collect();
        engines.sort_by(|one, other| one.name.cmp(&other.name));
        engines
    }

    /// A client of the engine with this id, while it answers.
    pub fn client(&self, id: &str) -> Option<Client> {
        let entries = self.0.read().unwrap_or_else(PoisonError::into_inner);
        entries.get(id).and_then(|entry| entry.client.clone())
    }

    /// Records what is known of an engine from now on; a client only while it is up.
    pub fn set(&self, engine: Engine, client: Option<Client>) {
        let mut entries = self.0.write().unwrap_or_else(PoisonError::into_inner);
        entries.insert(engine.id.clone(), Entry { engine, client });
    }
}
