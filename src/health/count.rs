//! Counts every figure of the summary.

use super::model::{EngineLine, ProxyCounts, Summary};
use super::store;
use crate::engines::model::Engine;
use crate::events::store::read as events;
use crate::server::db::Db;
use crate::stale::keeper::Stale;
use crate::stale::listing;

const DAY_MS: i64 = 24 * 3600 * 1000;

/// Counts everything. `now` is in Unix milliseconds.
///
/// # Errors
/// Where the database does not answer.
pub async fn summarize(
    db: &Db,
    stale: &Stale,
    engines: &[Engine],
    now: i64,
) -> Result<Summary, sqlx::Error> {
    Ok(Summary {
        containers: store::containers(db).await?,
        // There are no proxies that could be counted yet.
        proxies: ProxyCounts::default(),
        errors_24h: Some(events::count_errors_since(db, now - DAY_MS).await?),
        stale: listing::count(stale).await?,
        engines: engines
            .iter()
            .map(|engine| EngineLine {
                id: engine.id.clone(),
                name: engine.name.clone(),
                up: engine.up,
                version: engine.version.clone(),
            })
            .collect(),
    })
}
