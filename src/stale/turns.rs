//! One at a time: who acts on a container holds its turn, and nobody else does anything to it meanwhile.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Who is being acted upon. A std lock: it is held for one lookup.
#[derive(Clone, Debug, Default)]
pub struct Turns(Arc<Mutex<HashSet<Key>>>);

/// An engine's id, and the Docker id of a container there: two engines may have the same one.
type Key = (String, String);

/// The right to act on one container; dropping it gives it back.
#[derive(Debug)]
pub struct Turn {
    turns: Turns,
    key: Key,
}

impl Turns {
    /// The turn of a container on an engine; `None` while somebody has it.
    pub fn take(&self, engine_id: &str, docker_id: &str) -> Option<Turn> {
        let key = (engine_id.to_owned(), docker_id.to_owned());
        let is_free = self.taken().insert(key.clone());
        is_free.then(|| Turn {
            turns: self.clone(),
            key,
        })
    }

    fn taken(&self) -> MutexGuard<'_, HashSet<Key>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.turns.taken().remove(&self.key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_container_is_acted_upon_by_one_at_a_time() {
        let turns = Turns::default();
        let first = turns.take("here", "a");
        assert!(first.is_some() && turns.take("here", "a").is_none());
        for (engine, id) in [("here", "b"), ("there", "a")] {
            let other = turns.take(engine, id);
            assert!(other.is_some(), "another container waits for nobody");
        }
        drop(first);
        assert!(turns.take("here", "a").is_some());
    }
}
