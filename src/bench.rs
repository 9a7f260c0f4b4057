//! What the benchmarks may reach of the houses, which are private.

pub use crate::events::model::cursor::Cursor;
pub use crate::events::model::event::{Severity, Source};
pub use crate::events::model::filter::Filter;
pub use crate::events::store::read::page as event_page;
pub use crate::events::store::volumes::{
    LINES as LINES_OF_A_VOLUME, Volume, begin as begin_volume, drop_emptied as drop_volume,
    keep as keep_volume, merge as merge_words,
};
pub use crate::stats::store::workload_history;

use crate::error::AppError;
use crate::events::chain::ChainKey;
use crate::events::job::PRUNE_BATCH;
use crate::events::store::chain;
use crate::events::store::prune::{Limits, last_aged, prune};
use crate::events::store::row::{Row, severity_number, source_number};
use crate::events::store::write::{Batch, NewRow, write};
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

/// Writes deaths of these containers, each at its place, in one transaction as the program does. The hashes prove
/// nothing.
///
/// # Errors
/// Where the database does not take it.
pub async fn write_events(
    db: &Db,
    lines: impl Iterator<Item = (i64, Cursor)>,
) -> Result<(), AppError> {
    let new: Vec<_> = lines.map(|(web, at)| died(web, at)).collect();
    let last_number = new.last().map_or(0, |new| new.row.number);
    let batch = Batch {
        new,
        repeated: Vec::new(),
        spells: std::collections::BTreeMap::new(),
        delivered: Vec::new(),
        last_number,
        head_hash: Default::default(),
        head_proof: Default::default(),
    };
    Ok(write(db, &batch).await?)
}

fn died(web: i64, at: Cursor) -> NewRow {
    let message = format!("web{web} exited with code 3.");
    NewRow {
        words: format!("{message} web{web} завершился с кодом 3. container.died"),
        facets: format!("swarning fcontainer w{} c{web}", web % 100),
        row: Row {
            key: at.key(),
            number: at.number,
            revision: at.number,
            severity: severity_number(Severity::Warning),
            source: source_number(Source::Container),
            kind: "container.died".into(),
            message,
            workload_id: Some(format!("w{}", web % 100)),
            container_id: Some(format!("c{web}")),
            proxy_id: None,
            operation_id: None,
            details: format!(r#"{{"exit_code":3,"name":"web{web}"}}"#),
            count: 1,
            last_ts: at.at,
            hash: vec![0; 32],
        },
    }
}
