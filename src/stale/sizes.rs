//! How big a container is. Its engine walks through all of its files to say so, and nobody waits for that forever.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::keeper::Stale;
use crate::docker::connect::{Client, DockerError};
use crate::docker::id::DockerId;
use crate::docker::whole::Whole;

/// How often one is counted that takes too long, until the program is started again.
const TRIES: u8 = 2;

/// How often each was counted in vain, by engine and Docker id. A std lock: it is held for one lookup.
#[derive(Clone, Debug, Default)]
pub struct Sizes(Arc<Mutex<HashMap<Key, u8>>>);

type Key = (String, String);

impl Sizes {
    /// Counts a try; false where there were enough.
    fn begin(&self, key: &Key) -> bool {
        let mut tries = self.tries();
        let so_far = tries.entry(key.clone()).or_default();
        let may = *so_far < TRIES;
        *so_far = so_far.saturating_add(u8::from(may));
        may
    }

    /// It did not take too long.
    fn end(&self, key: &Key) {
        self.tries().remove(key);
    }

    fn tries(&self) -> MutexGuard<'_, HashMap<Key, u8>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Everything about one container, with its size where that is there in time.
///
/// # Errors
/// Where the engine does not even say the rest in time.
pub async fn inspect(
    stale: &Stale,
    client: &Client,
    engine_id: &str,
    id: &DockerId,
) -> Result<Option<Whole>, DockerError> {
    let key = (engine_id.to_owned(), id.to_string());
    if !stale.sizes.begin(&key) {
        return client.inspect_whole(id, false).await;
    }
    match client.inspect_whole(id, true).await {
        Err(DockerError::Deadline(_)) => client.inspect_whole(id, false).await,
        done => {
            stale.sizes.end(&key);
            done
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_takes_too_long_to_count_is_not_counted_again_and_again() {
        let sizes = Sizes::default();
        let key = ("here".to_owned(), "0a0a".to_owned());
        assert!(sizes.begin(&key) && sizes.begin(&key));
        assert!(!sizes.begin(&key) && !sizes.begin(&key));
        sizes.end(&key);
        assert!(sizes.begin(&key));
    }
}
