//! The figures of the summary, in a number of queries that does not grow with the fleet.

use super::model::{ContainerCounts, EngineLine, ProxyCounts, Summary};
use crate::engines::model::Engine;
use crate::events::store::read as events;
use crate::server::db::Db;

const DAY_MS: i64 = 24 * 3600 * 1000;

/// Counts everything. `now` is in Unix milliseconds.
///
/// # Errors
/// Where the database does not answer.
pub async fn summarize(db: &Db, engines: &[Engine], now: i64) -> Result<Summary, sqlx::Error> {
    let threshold_days: i64 = sqlx::query_scalar("select stale_threshold_days from settings")
        .fetch_one(db.read())
        .await?;
    let (total, running, stale) = sqlx::query_as::<_, (i64, i64, i64)>(
        "select count(*),
         count(*) filter (where status = 'running'),
         count(*) filter (where status in ('created', 'exited', 'dead')
             and coalesce(last_alive_at, created_at) < ?)
         from containers where gone_at is null",
    )
    .bind(now - threshold_days * DAY_MS)
    .fetch_one(db.read())
    .await?;
    let errors = events::count_errors_since(db, now - DAY_MS).await?;
    Ok(Summary {
        containers: ContainerCounts {
            total,
            running,
            stopped: total - running,
        },
        // There are no proxies that could be counted yet.
        proxies: ProxyCounts::default(),
        errors_24h: Some(errors),
        stale,
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
