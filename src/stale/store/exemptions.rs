//! What is spared.

use sqlx::{Executor, Sqlite};

use crate::error::AppError;
use crate::server::clock::from_millis;
use crate::server::db::Db;
use crate::stale::model::{Exemption, ExemptionKind};

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    kind: String,
    value: String,
    reason: String,
    author: String,
    created_at: i64,
    until_at: Option<i64>,
}

/// Every exemption, the newest first; at `now` (Unix milliseconds) some may be over.
///
/// # Errors
/// Where the database does not answer, here and below.
pub async fn all<'c>(
    reader: impl Executor<'c, Database = Sqlite>,
    now: i64,
) -> Result<Vec<Exemption>, sqlx::Error> {
    let rows: Vec<Row> = sqlx::query_as(
        "select id, kind, value, reason, author, created_at, until_at from exemptions order by id desc",
    )
    .fetch_all(reader)
    .await?;
    let exemptions = rows.into_iter().filter_map(|row| {
        Some(Exemption {
            kind: ExemptionKind::parse(&row.kind)?,
            id: row.id,
            value: row.value,
            reason: row.reason,
            author: row.author,
            created_at: from_millis(row.created_at),
            until: row.until_at.map(from_millis),
            expired: row.until_at.is_some_and(|until| until <= now),
        })
    });
    Ok(exemptions.collect())
}

/// Keeps an exemption.
pub async fn add(db: &Db, exemption: &Exemption) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into exemptions (id, kind, value, reason, author, created_at, until_at)
         values (?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(&exemption.id)
    .bind(exemption.kind.name())
    .bind(&exemption.value)
    .bind(&exemption.reason)
    .bind(&exemption.author)
    .bind(exemption.created_at.timestamp_millis())
    .bind(exemption.until.map(|until| until.timestamp_millis()))
    .execute(db.write())
    .await?;
    Ok(())
}

/// Takes an exemption away, and answers what it spared.
///
/// # Errors
/// `not_found` for an id that we never gave.
pub async fn remove(db: &Db, id: &str) -> Result<String, AppError> {
    sqlx::query_scalar("delete from exemptions where id = ? returning value")
        .bind(id)
        .fetch_optional(db.write())
        .await?
        .ok_or_else(|| AppError::not_found("exemption"))
}
