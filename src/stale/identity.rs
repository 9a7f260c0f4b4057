//! Whether an engine is still the one that was looked at: behind the same address there may be another by now,
//! with other containers, or with copies of the same.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::docker::connect::{Client, DockerError};

/// What each engine called itself when it was last looked at. A std lock: it is held for one lookup.
#[derive(Clone, Debug, Default)]
pub struct Identities(Arc<Mutex<HashMap<String, String>>>);

impl Identities {
    /// What the engine with this id of ours called itself; `None` before the first scan, and where it does not
    /// say.
    pub fn of(&self, engine_id: &str) -> Option<String> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(engine_id).cloned()
    }

    /// Asks an engine, and keeps its answer in mind until it gives another.
    pub async fn look(&self, engine_id: &str, client: &Client) {
        let Ok(said) = client.identity().await else {
            return;
        };
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match said {
            Some(said) => known.insert(engine_id.to_owned(), said),
            None => known.remove(engine_id),
        };
    }
}

/// Whether another engine answers than the one that was known by this; where nothing was known, none does.
///
/// # Errors
/// Where it does not answer in time.
pub async fn is_another(client: &Client, known: Option<&str>) -> Result<bool, DockerError> {
    if known.is_none() {
        return Ok(false);
    }
    let said = client.identity().await?;
    if said.as_deref() == known {
        return Ok(false);
    }
    // One that makes up another for each answer, as Podman does, says nothing by it.
    Ok(client.identity().await? == said)
}

/// Why nothing is asked of another engine.
pub fn another() -> DockerError {
    let message = "another engine answers at its address than the one that was looked at";
    DockerError::Unreachable(message.to_owned())
}
