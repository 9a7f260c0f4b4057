//! Taking the oldest lines away, a batch at a time, so that the rest of the chain stays provable.

use sqlx::QueryBuilder;

use super::chain::as_hash;
use super::row::{COLUMNS, Row};
use super::write::size_of;
use crate::events::chain::ChainKey;
use crate::events::model::cursor::{first_key_at, time_of};
use crate::events::writer::WINDOW;
use crate::server::db::Db;

/// Which lines are too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Unix milliseconds: what began before is too old.
    pub oldest: i64,
    /// What the clock shows, in Unix milliseconds: what seems to begin later was written by a clock that was wrong.
    pub now: i64,
    /// Bytes of text that stay at most; `None` is without limit.
    pub most_bytes: Option<i64>,
}

/// Takes at most `limit` of the lines that are too many away, the first written first, and answers how many.
///
/// The chain can only be shortened in the order of writing, which differs from the order of time where the
/// clock was wrong for a while. So a line of the future goes together with an old one that was written after
/// it, and an old one that was written after a young one stays until that one is old. A line that may still
/// count a repetition stays, however much room is missing. `last_aged` is the number of the last line that is too old.
///
/// # Errors
/// Where the database does not take it.
pub async fn prune(
    db: &Db,
    key: &ChainKey,
    limits: Limits,
    last_aged: Option<i64>,
    limit: i64,
) -> Result<usize, sqlx::Error> {
    let mut transaction = db.begin().await?;
    let (mut bytes, anchor) =
        sqlx::query_as::<_, (i64, i64)>("select bytes, anchor_number from event_chain")
            .fetch_one(&mut *transaction)
            .await?;
    let sql = format!("select {COLUMNS} from event_log where number > ? order by number limit ?");
    let first: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(anchor)
        .bind(limit)
        .fetch_all(&mut *transaction)
        .await?;
    let mut count = first.partition_point(|row| Some(row.number) <= last_aged);
    bytes -= first[..count].iter().map(size_of).sum::<i64>();
    let most = limits.most_bytes.unwrap_or(i64::MAX);
    let counting = limits.now - WINDOW..=limits.now;
    let is_closed = |row: &&Row| !counting.contains(&time_of(row.key));
    while bytes > most
        && let Some(row) = first.get(count).filter(is_closed)
    {
        bytes -= size_of(row);
        count += 1;
    }
    let Some(last) = count.checked_sub(1).and_then(|at| first.get(at)) else {
        return Ok(0);
    };
    let mut query = QueryBuilder::new("delete from event_log where key in (");
    let mut keys = query.separated(", ");
    for row in &first[..count] {
        keys.push_bind(row.key);
    }
    query.push(")");
    query.build().execute(&mut *transaction).await?;
    let hash = as_hash(&last.hash);
    sqlx::query(
        "update event_chain set anchor_number = ?, anchor_hash = ?, anchor_proof = ?, bytes = ?",
    )
    .bind(last.number)
    .bind(&hash[..])
    .bind(&key.prove_anchor(last.number, &hash)[..])
    .bind(bytes)
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await?;
    Ok(count)
}

/// What time it was last believed to be, in Unix milliseconds; `None` where nobody ever pruned.
///
/// # Errors
/// Where the database does not answer.
pub async fn believed(db: &Db) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar("select believed_at from event_clock")
        .fetch_optional(db.read())
        .await
}

/// Remembers what time it is believed to be, in Unix milliseconds.
///
/// # Errors
/// Where the database does not take it.
pub async fn believe(db: &Db, time: i64) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into event_clock (id, believed_at) values (1, ?) \
         on conflict (id) do update set believed_at = excluded.believed_at",
    )
    .bind(time)
    .execute(db.write())
    .await?;
    Ok(())
}

/// The number of the last line that is too old, among those that were written before the first that is neither
/// too old nor of the future. The plus signs keep SQLite from going through all keys of a range: the first of these
/// by number is near the front.
///
/// # Errors
/// Where the database does not answer.
pub async fn last_aged(db: &Db, limits: Limits) -> Result<Option<i64>, sqlx::Error> {
    let (oldest, future) = (
        first_key_at(limits.oldest),
        first_key_at(limits.now.saturating_add(1)),
    );
    let young: Option<i64> = sqlx::query_scalar(
        "select number from event_log where +key >= ? and +key < ? order by number limit 1",
    )
    .bind(oldest)
    .bind(future)
    .fetch_optional(db.read())
    .await?;
    sqlx::query_scalar(
        "select number from event_log where +key < ? and number < ? order by number desc limit 1",
    )
    .bind(oldest)
    .bind(young.unwrap_or(i64::MAX))
    .fetch_optional(db.read())
    .await
}
