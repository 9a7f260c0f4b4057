//! Writing a batch: new lines, repetitions, what began and what is over, in one transaction.

use std::collections::{BTreeMap, HashSet};

use sqlx::{Sqlite, Transaction};

use super::row::Row;
use super::{outbox, volumes};
use crate::events::chain::Hash;
use crate::events::model::cursor::Cursor;
use crate::server::db::Db;

/// A new line, and the words that it is found by.
#[derive(Clone, Debug)]
pub struct NewRow {
    pub row: Row,
    pub words: String,
    pub facets: String,
}

/// Kind and subject of what began, with the time (Unix milliseconds) since when; `None` is over.
pub type Spells = BTreeMap<(String, String), Option<i64>>;

/// Everything that is written together.
#[derive(Debug)]
pub struct Batch {
    pub new: Vec<NewRow>,
    /// Lines that happened again: only what a repetition changes is written.
    pub repeated: Vec<Row>,
    pub spells: Spells,
    /// Places in the outbox that are done with.
    pub delivered: Vec<i64>,
    /// Where the chain ends afterwards.
    pub last_number: i64,
    pub head_hash: Hash,
    pub head_proof: Hash,
}

/// Writes it all, or nothing.
///
/// # Errors
/// Where the database does not take it.
pub async fn write(db: &Db, batch: &Batch) -> Result<(), sqlx::Error> {
    let mut transaction = db.begin().await?;
    let mut bytes = 0;
    for new in &batch.new {
        bytes += size_of(&new.row);
        insert(&mut transaction, &new.row).await?;
    }
    volumes::add(&mut transaction, &batch.new).await?;
    for row in &batch.repeated {
        sqlx::query("update event_log set revision = ?, count = ?, last_ts = ? where key = ?")
            .bind(row.revision)
            .bind(row.count)
            .bind(row.last_ts)
            .bind(row.key)
            .execute(&mut *transaction)
            .await?;
    }
    write_spells(&mut transaction, &batch.spells).await?;
    for id in &batch.delivered {
        outbox::remove(&mut transaction, *id).await?;
    }
    let chain = sqlx::query(
        "update event_chain set last_number = ?, head_hash = ?, head_proof = ?, bytes = bytes + ?",
    )
    .bind(batch.last_number)
    .bind(&batch.head_hash[..])
    .bind(&batch.head_proof[..])
    .bind(bytes)
    .execute(&mut *transaction)
    .await?;
    if chain.rows_affected() == 0 {
        // Lines that nothing proves are worth less than lines that wait.
        let message = "the chain of the event log is gone".to_owned();
        return Err(sqlx::Error::Protocol(message));
    }
    transaction.commit().await
}

/// What a line counts in the limit on the log's size, in bytes.
pub fn size_of(row: &Row) -> i64 {
    i64::try_from(row.message.len() + row.details.len()).unwrap_or(i64::MAX)
}

async fn insert(
    transaction: &mut Transaction<'static, Sqlite>,
    row: &Row,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into event_log (key, number, revision, severity, source, kind, message, \
             workload_id, container_id, proxy_id, operation_id, details, count, last_ts, hash) \
         values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(row.key)
    .bind(row.number)
    .bind(row.revision)
    .bind(row.severity)
    .bind(row.source)
    .bind(&row.kind)
    .bind(&row.message)
    .bind(&row.workload_id)
    .bind(&row.container_id)
    .bind(&row.proxy_id)
    .bind(&row.operation_id)
    .bind(&row.details)
    .bind(row.count)
    .bind(row.last_ts)
    .bind(&row.hash)
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

async fn write_spells(
    transaction: &mut Transaction<'static, Sqlite>,
    spells: &Spells,
) -> Result<(), sqlx::Error> {
    for ((kind, subject), since) in spells {
        let query = match since {
            Some(since) => sqlx::query(
                "insert or ignore into event_spells (since, kind, subject) values (?, ?, ?)",
            )
            .bind(since),
            None => sqlx::query("delete from event_spells where kind = ? and subject = ?"),
        };
        query
            .bind(kind)
            .bind(subject)
            .execute(&mut **transaction)
            .await?;
    }
    Ok(())
}

/// What has begun and is not over: kind and subject.
///
/// # Errors
/// Where the database does not answer.
pub async fn spells(db: &Db) -> Result<Vec<(String, String)>, sqlx::Error> {
    sqlx::query_as("select kind, subject from event_spells")
        .fetch_all(db.read())
        .await
}

/// Of whom a spell of this kind has begun and is not over.
///
/// # Errors
/// Where the database does not answer.
pub async fn subjects_of(db: &Db, kind: &str) -> Result<HashSet<String>, sqlx::Error> {
    let subjects: Vec<String> =
        sqlx::query_scalar("select subject from event_spells where kind = ?")
            .bind(kind)
            .fetch_all(db.read())
            .await?;
    Ok(subjects.into_iter().collect())
}

/// The newest lines that began at or after `since` (Unix milliseconds), at most `limit`.
///
/// # Errors
/// Where the database does not answer.
pub async fn repeatable(db: &Db, since: i64, limit: i64) -> Result<Vec<Row>, sqlx::Error> {
    let from = Cursor {
        at: since,
        number: 0,
    }
    .key();
    let sql = format!(
        "select {} from event_log where key >= ? order by key desc limit ?",
        super::row::COLUMNS
    );
    sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(from)
        .bind(limit)
        .fetch_all(db.read())
        .await
}
