//! Taking the oldest lines away, a batch at a time, so that the rest of the chain stays provable.

use sqlx::QueryBuilder;

use super::chain::as_hash;
use super::row::{COLUMNS, Row};
use super::write::size_of;
use crate::events::chain::ChainKey;
use crate::events::model::cursor::time_of;
use crate::server::db::Db;

/// Which lines are too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Unix milliseconds: what began before is too old.
    pub oldest: i64,
    /// Unix milliseconds: what seems to begin later was written by a clock that was wrong.
    pub now: i64,
    /// Bytes of text that stay at most; `None` is without limit.
    pub most_bytes: Option<i64>,
}

/// Takes at most `limit` of the lines that are too many away, the first written first, and answers how many.
///
/// The chain can only be shortened in the order of writing, which differs from the order of time where the
/// clock was wrong for a while. So a line of the future goes together with an old one that was written after
/// it, and an old one that was written after a young one stays until that one is old.
///
/// # Errors
/// Where the database does not take it.
pub async fn prune(
    db: &Db,
    key: &ChainKey,
    limits: Limits,
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
    let young = |row: &Row| (limits.oldest..=limits.now).contains(&time_of(row.key));
    let until = first.iter().position(young).unwrap_or(first.len());
    let aged = |row: &Row| time_of(row.key) < limits.oldest;
    let mut count = first[..until].iter().rposition(aged).map_or(0, |at| at + 1);
    bytes -= first[..count].iter().map(size_of).sum::<i64>();
    let most = limits.most_bytes.unwrap_or(i64::MAX);
    while bytes > most && count < first.len() {
        bytes -= size_of(&first[count]);
        count += 1;
    }
    let Some(last) = count.checked_sub(1).and_then(|at| first.get(at)) else {
        return Ok(0);
    };
    for table in ["event_words where rowid", "event_log where key"] {
        let mut query = QueryBuilder::new(format!("delete from {table} in ("));
        let mut keys = query.separated(", ");
        for row in &first[..count] {
            keys.push_bind(row.key);
        }
        query.push(")");
        query.build().execute(&mut *transaction).await?;
    }
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
