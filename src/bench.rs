//! What the benchmarks may reach of the houses, which are private.

pub use crate::events::model::cursor::Cursor;
pub use crate::events::model::event::{Severity, Source};
pub use crate::events::model::filter::Filter;
pub use crate::events::store::read::page as event_page;
pub use crate::stats::store::workload_history;

use crate::error::AppError;
use crate::events::chain::ChainKey;
use crate::events::job::PRUNE_BATCH;
use crate::events::store::chain;
use crate::events::store::prune::{Limits, last_aged, prune};
use crate::secrets::key::{Key, Ring};
use crate::secrets::vault::Vault;
use crate::server::db::Db;

/// Begins the chain of a log that has no lines yet, and answers its key.
///
/// # Errors
/// Where the database does not take it, or has lines.
pub async fn begin_event_chain(db: &Db) -> Result<ChainKey, AppError> {
    let vault = Vault::new(&Ring::of(Key::random()), None);
    Ok(chain::open(db, &vault).await?.0)
}

/// Takes old lines away as the program's job does.
pub struct EventPruner {
    db: Db,
    key: ChainKey,
    limits: Limits,
    last_aged: Option<i64>,
}

impl EventPruner {
    /// One that takes away what is older than `oldest`. Times are Unix milliseconds.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn open(db: Db, key: ChainKey, oldest: i64, now: i64) -> Result<Self, AppError> {
        let limits = Limits {
            oldest,
            now,
            most_bytes: None,
        };
        let last_aged = last_aged(&db, limits).await?;
        Ok(Self {
            db,
            key,
            limits,
            last_aged,
        })
    }

    /// One batch; answers how many lines it took.
    ///
    /// # Errors
    /// Where the database does not take it.
    pub async fn prune(&self) -> Result<usize, AppError> {
        let (limits, aged) = (self.limits, self.last_aged);
        Ok(prune(&self.db, &self.key, limits, aged, PRUNE_BATCH).await?)
    }
}
