//! The handle on this house: what it works with, and what it knows in memory.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::Mutex;

use super::identity::Identities;
use super::sizes::Sizes;
use super::turns::Turns;
use super::watch::Watch;
use crate::engines::registry::Engines;
use crate::events::bus::Bus;
use crate::events::log::EventLog;
use crate::secrets::vault::Vault;
use crate::server::clock::Clock;
use crate::server::db::Db;

/// A cheap handle; every clone is the same.
#[derive(Clone)]
pub struct Stale {
    pub(super) parts: Parts,
    pub(super) watch: Watch,
    pub(super) turns: Turns,
    pub(super) identities: Identities,
    pub(super) sizes: Sizes,
    scans: Arc<Scans>,
}

/// What this house works with.
#[derive(Clone)]
pub struct Parts {
    pub db: Db,
    pub clock: Clock,
    pub vault: Vault,
    pub engines: Engines,
    pub bus: Bus,
    pub log: EventLog,
}

/// One scan at a time.
#[derive(Debug, Default)]
struct Scans {
    done: AtomicU64,
    running: Mutex<()>,
}

impl Stale {
    /// Begins to watch.
    ///
    /// # Errors
    /// Where the database does not take it.
    pub async fn open(parts: Parts) -> Result<Self, sqlx::Error> {
        let watch = Watch::begin(&parts.db, &parts.clock).await?;
        Ok(Self {
            parts,
            watch,
            turns: Turns::default(),
            identities: Identities::default(),
            sizes: Sizes::default(),
            scans: Arc::default(),
        })
    }

    /// Does `work` unless somebody does it already: then this waits until they have, and `None` says so.
    pub(super) async fn scan_alone<T, E>(
        &self,
        work: impl Future<Output = Result<T, E>>,
    ) -> Result<Option<T>, E> {
        let before = self.scans.done.load(Ordering::SeqCst);
        let _running = self.scans.running.lock().await;
        if self.scans.done.load(Ordering::SeqCst) != before {
            return Ok(None);
        }
        let outcome = work.await?;
        self.scans.done.fetch_add(1, Ordering::SeqCst);
        Ok(Some(outcome))
    }
}
