//! The last scans.

use crate::server::clock::from_millis;
use crate::server::db::Db;
use crate::stale::model::Round;

/// Scans that are remembered.
const MOST: i64 = 100;

/// Remembers a scan, and the threshold (days) that it went by.
///
/// # Errors
/// Where the database does not take it, here and below.
pub async fn add(db: &Db, round: &Round, threshold_days: i64) -> Result<(), sqlx::Error> {
    let mut tx = db.begin().await?;
    sqlx::query(
        "insert into stale_scans (started_at, took_ms, engines, engines_unreachable, containers, stale,
         unknown, exempt, gone, threshold_days) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(round.started_at.timestamp_millis())
    .bind(round.took_ms)
    .bind(round.engines)
    .bind(round.engines_unreachable)
    .bind(round.containers)
    .bind(round.stale)
    .bind(round.unknown)
    .bind(round.exempt)
    .bind(round.gone)
    .bind(threshold_days)
    .execute(&mut *tx)
    .await?;
    sqlx::query("delete from stale_scans where id <= (select max(id) from stale_scans) - ?")
        .bind(MOST)
        .execute(&mut *tx)
        .await?;
    tx.commit().await
}

/// The last scan.
pub async fn last(db: &Db) -> Result<Option<Round>, sqlx::Error> {
    type Row = (i64, i64, i64, i64, i64, i64, i64, i64, i64);
    let row: Option<Row> = sqlx::query_as(
        "select started_at, took_ms, engines, engines_unreachable, containers, stale, unknown, exempt, gone
         from stale_scans order by id desc limit 1",
    )
    .fetch_optional(db.read())
    .await?;
    Ok(row.map(|row| Round {
        started_at: from_millis(row.0),
        took_ms: row.1,
        engines: row.2,
        engines_unreachable: row.3,
        containers: row.4,
        stale: row.5,
        unknown: row.6,
        exempt: row.7,
        gone: row.8,
    }))
}

/// When the last scan began (Unix milliseconds), and the threshold (days) that it went by.
pub async fn last_begun(db: &Db) -> Result<Option<(i64, i64)>, sqlx::Error> {
    sqlx::query_as("select started_at, threshold_days from stale_scans order by id desc limit 1")
        .fetch_optional(db.read())
        .await
}
