//! One at a time: who acts on a container holds its turn, and nobody else does anything to it meanwhile.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Who is being acted upon. A std lock: it is held for one lookup.
#[derive(Clone, Debug, Default)]
pub struct Turns(Arc<Mutex<HashSet<String>>>);

/// The right to act on one container; dropping it gives it back.
#[derive(Debug)]
pub struct Turn {
    turns: Turns,
    docker_id: String,
}

impl Turns {
    /// The turn of a container, by Docker's id; `None` while somebody has it.
    pub fn take(&self, docker_id: &str) -> Option<Turn> {
        let is_free = self.taken().insert(docker_id.to_owned());
        is_free.then(|| Turn {
            turns: self.clone(),
            docker_id: docker_id.to_owned(),
        })
    }

    fn taken(&self) -> MutexGuard<'_, HashSet<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.turns.taken().remove(&self.docker_id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_container_is_acted_upon_by_one_at_a_time() {
        let turns = Turns::default();
        let first = turns.take("a");
        assert!(first.is_some() && turns.take("a").is_none());
        assert!(
            turns.take("b").is_some(),
            "another container waits for nobody"
        );
        drop(first);
        assert!(turns.take("a").is_some());
    }
}
