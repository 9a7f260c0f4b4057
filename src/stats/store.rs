//! Samples in the database, each under its slot and the second of its round.
//!
//! Every question is a key range. Slot 0 is the sum over all containers of a round.

use std::sync::Arc;

use futures::TryStreamExt;
use sqlx::{QueryBuilder, Sqlite};

use super::model::HistoryPoint;
use super::recent::Remembered;
use super::usage::Figures;
use crate::server::db::Db;

/// Where the sum over all containers is.
const FLEET: i64 = 0;

/// Rows in one insert: nine values each stay far below the 32,766 that SQLite binds.
const ROWS: usize = 500;

/// `cross join` keeps the order of the two: first the few slots, then a key range of each.
const WORKLOAD_HISTORY: &str = "
    select s.ts, s.cpu_percent, s.memory_usage, s.memory_limit
    from containers c cross join samples s on s.slot = c.slot
    where c.workload_id = ? and s.ts between ? and ?
    order by s.ts";

const FLEET_HISTORY: &str = "
    select ts, cpu_percent, memory_usage, memory_limit
    from samples
    where slot = 0 and ts between ? and ?
    order by ts";

/// The next slot that has samples: one step down the tree, where `distinct` would read it whole.
const NEXT_SLOT: &str = "select min(slot) from samples where slot > ?";

const PRUNE: &str = "
    delete from samples
    where slot = ? and ts in
        (select ts from samples where slot = ? and ts < ? order by ts limit ?)";

/// CPU, memory and limit of one row, as SQLite has them.
type Row = (i64, Option<f64>, Option<i64>, Option<i64>);

/// Writes many rounds in one transaction: all of them, or none.
///
/// A sample that is there already stays: the clock went back over a restart, and history is history.
///
/// # Errors
/// Where the database does not take them; nothing is written then.
pub async fn flush(db: &Db, rounds: &[Arc<Remembered>]) -> Result<(), sqlx::Error> {
    let mut rows: Vec<(i64, i64, Figures)> = rounds
        .iter()
        .flat_map(|round| {
            let total = round
                .total
                .map(|total| (FLEET, round.ts, total_figures(&total)));
            let each = round
                .entries
                .iter()
                .map(|entry| (entry.slot, round.ts, entry.figures));
            total.into_iter().chain(each)
        })
        .collect();
    // In the order of the key, so that each page of the tree is touched once.
    rows.sort_unstable_by_key(|row| (row.0, row.1));
    let mut transaction = db.begin().await?;
    for chunk in rows.chunks(ROWS) {
        let mut insert = QueryBuilder::<Sqlite>::new(
            "insert into samples (slot, ts, cpu_percent, memory_usage, memory_limit, network_rx,
             network_tx, block_read, block_write) ",
        );
        insert.push_values(chunk, |mut row, (slot, ts, figures)| {
            row.push_bind(slot)
                .push_bind(ts)
                .push_bind(figures.cpu_percent);
            for bytes in [
                figures.memory_usage,
                figures.memory_limit,
                figures.network_rx,
                figures.network_tx,
                figures.block_read,
                figures.block_write,
            ] {
                row.push_bind(bytes.map(|bytes| i64::try_from(bytes).unwrap_or(i64::MAX)));
            }
        });
        insert.push(" on conflict do nothing");
        insert
            .build()
            .persistent(chunk.len() == ROWS)
            .execute(&mut *transaction)
            .await?;
    }
    transaction.commit().await
}

fn total_figures(total: &HistoryPoint) -> Figures {
    Figures {
        cpu_percent: total.cpu_percent,
        memory_usage: total.memory_usage,
        memory_limit: total.memory_limit,
        ..Figures::default()
    }
}

/// One workload from `since` to `until` (Unix seconds, both included), oldest first, summed over its
/// containers.
///
/// # Errors
/// Where the database does not answer.
pub async fn workload_history(
    db: &Db,
    workload_id: &str,
    since: i64,
    until: i64,
) -> Result<Vec<HistoryPoint>, sqlx::Error> {
    let mut rows = sqlx::query_as::<_, Row>(WORKLOAD_HISTORY)
        .bind(workload_id)
        .bind(since)
        .bind(until)
        .fetch(db.read());
    let mut points: Vec<HistoryPoint> = Vec::new();
    while let Some(row) = rows.try_next().await? {
        let point = point(row);
        match points.last_mut().filter(|last| last.ts == point.ts) {
            Some(last) => *last = HistoryPoint::sum([*last, point]).unwrap_or(point),
            None => points.push(point),
        }
    }
    Ok(points)
}

/// All containers together from `since` to `until` (Unix seconds, both included), oldest first.
///
/// # Errors
/// Where the database does not answer.
pub async fn fleet_history(
    db: &Db,
    since: i64,
    until: i64,
) -> Result<Vec<HistoryPoint>, sqlx::Error> {
    let rows: Vec<Row> = sqlx::query_as(FLEET_HISTORY)
        .bind(since)
        .bind(until)
        .fetch_all(db.read())
        .await?;
    Ok(rows.into_iter().map(point).collect())
}

fn point((ts, cpu_percent, memory_usage, memory_limit): Row) -> HistoryPoint {
    let bytes = |value: Option<i64>| value.and_then(|value| u64::try_from(value).ok());
    HistoryPoint {
        ts,
        cpu_percent,
        memory_usage: bytes(memory_usage),
        memory_limit: bytes(memory_limit),
    }
}

/// Deletes what is older than `before` (Unix seconds), `batch` rows at a time, so that nobody waits long
/// for the one connection that writes. Answers how many rows went.
///
/// # Errors
/// Where the database does not answer; the batches before that are gone for good.
pub async fn prune(db: &Db, before: i64, batch: i64) -> Result<u64, sqlx::Error> {
    let mut gone = 0;
    let mut slot = -1;
    while let Some(next) = sqlx::query_scalar::<_, Option<i64>>(NEXT_SLOT)
        .bind(slot)
        .fetch_one(db.read())
        .await?
    {
        slot = next;
        loop {
            let done = sqlx::query(PRUNE)
                .bind(slot)
                .bind(slot)
                .bind(before)
                .bind(batch)
                .execute(db.write())
                .await?
                .rows_affected();
            gone += done;
            if i64::try_from(done).is_ok_and(|done| done < batch) {
                break;
            }
        }
    }
    Ok(gone)
}

/// Whether there is such a workload.
///
/// # Errors
/// Where the database does not answer.
pub async fn workload_exists(db: &Db, id: &str) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar("select exists (select 1 from workloads where id = ?)")
        .bind(id)
        .fetch_one(db.read())
        .await
}

/// One container of a stage, and the engine's last word on its state.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Instance {
    pub slot: i64,
    pub workload_id: String,
    pub engine_id: String,
    pub docker_id: String,
    pub status: String,
    /// Unix milliseconds; null while the engine has it.
    pub gone_at: Option<i64>,
}

/// The container `id` of one stage, if that stage has it.
///
/// # Errors
/// Where the database does not answer.
pub async fn instance(
    db: &Db,
    project_id: &str,
    stage: &str,
    id: &str,
) -> Result<Option<Instance>, sqlx::Error> {
    sqlx::query_as(
        "select c.slot, c.workload_id, c.engine_id, c.docker_id, c.status, c.gone_at
         from containers c join workloads w on w.id = c.workload_id
         where c.id = ? and w.project_id = ? and w.stage = ?",
    )
    .bind(id)
    .bind(project_id)
    .bind(stage)
    .fetch_optional(db.read())
    .await
}

#[cfg(test)]
#[path = "store_tests.rs"]
pub(in crate::stats) mod tests;
