//! What the chain hangs on: its key, its two ends, and the numbers that were given.

use crate::error::AppError;
use crate::events::chain::{ChainKey, Hash, KEY, ORIGIN};
use crate::events::model::cursor::{Cursor, time_of};
use crate::secrets::vault::Vault;
use crate::server::db::Db;

/// The ends of the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ends {
    /// The last number that was given.
    pub last_number: i64,
    pub head_hash: Hash,
    pub head_proof: Vec<u8>,
    /// The last line that was pruned; 0 where none was.
    pub anchor_number: i64,
    pub anchor_hash: Hash,
    pub anchor_proof: Vec<u8>,
    /// Bytes of text in all rows.
    pub bytes: i64,
}

#[derive(sqlx::FromRow)]
struct Row {
    key_sealed: Vec<u8>,
    last_number: i64,
    head_hash: Vec<u8>,
    head_proof: Vec<u8>,
    anchor_number: i64,
    anchor_hash: Vec<u8>,
    anchor_proof: Vec<u8>,
    bytes: i64,
}

/// The key and the ends; begins a chain where there is none, and nothing that it would have to hold.
///
/// # Errors
/// Where the database does not answer, the key does not open, or there are loose lines.
pub async fn open(db: &Db, vault: &Vault) -> Result<(ChainKey, Ends), AppError> {
    if let Some(known) = find(db, vault).await? {
        return Ok(known);
    }
    refuse_loose_lines(db).await?;
    let key = ChainKey::random();
    sqlx::query(
        "insert into event_chain (id, key_sealed, last_number, head_hash, head_proof, anchor_number, \
             anchor_hash, anchor_proof, bytes) \
         values (1, ?, 0, ?, ?, 0, ?, ?, 0)",
    )
    .bind(vault.seal(KEY, key.bytes())?)
    .bind(&ORIGIN[..])
    .bind(&key.prove_head(0, &ORIGIN)[..])
    .bind(&ORIGIN[..])
    .bind(&key.prove_anchor(0, &ORIGIN)[..])
    .execute(db.write())
    .await?;
    let begun = find(db, vault).await?;
    begun.ok_or_else(|| AppError::internal("the chain that was just begun is not there"))
}

/// The key and the ends; `None` where nothing was ever written.
///
/// # Errors
/// See [`open`].
pub async fn find(db: &Db, vault: &Vault) -> Result<Option<(ChainKey, Ends)>, AppError> {
    let row: Option<Row> = sqlx::query_as(
        "select key_sealed, last_number, head_hash, head_proof, anchor_number, anchor_hash, anchor_proof, \
         bytes \
         from event_chain",
    )
    .fetch_optional(db.read())
    .await?;
    let Some(row) = row else { return Ok(None) };
    let key = ChainKey::from_bytes(&vault.open(KEY, &row.key_sealed)?);
    let key = key.ok_or_else(|| AppError::internal("the key of the chain is none"))?;
    let ends = Ends {
        last_number: row.last_number,
        head_hash: as_hash(&row.head_hash),
        head_proof: row.head_proof,
        anchor_number: row.anchor_number,
        anchor_hash: as_hash(&row.anchor_hash),
        anchor_proof: row.anchor_proof,
        bytes: row.bytes,
    };
    Ok(Some((key, ends)))
}

/// The first line that the chain does not hold: it has a later number than the last that was given, or there is
/// no chain at all. A line and the number that it takes are written together, so that somebody else was at it.
///
/// # Errors
/// Where the database does not answer.
pub async fn loose_line(db: &Db) -> Result<Option<Cursor>, sqlx::Error> {
    let found: Option<(i64, i64)> = sqlx::query_as(
        "select key, number from event_log \
         where number > coalesce((select last_number from event_chain), ?) order by number limit 1",
    )
    .bind(i64::MIN)
    .fetch_optional(db.read())
    .await?;
    Ok(found.map(|(key, number)| Cursor {
        at: time_of(key),
        number,
    }))
}

/// Refuses to go on after loose lines.
///
/// # Errors
/// Where there are some; the message says what to do. And where the database does not answer.
pub async fn refuse_loose_lines(db: &Db) -> Result<(), sqlx::Error> {
    let Some(line) = loose_line(db).await? else {
        return Ok(());
    };
    Err(sqlx::Error::Protocol(format!(
        "its event log has lines that its chain does not hold, from line {} ({line}) on, so that somebody else \
         was at it; `docker-watcher verify-log` says the same, and SECURITY.md, \"The event log\", how to begin a new log",
        line.number
    )))
}

/// What is no hash fits nowhere, which is found when the chain is verified.
pub fn as_hash(bytes: &[u8]) -> Hash {
    bytes.try_into().unwrap_or([0xff; 32])
}
