//! What is spared.

use sqlx::{Executor, Sqlite, SqliteConnection};

use crate::error::AppError;
use crate::server::clock::from_millis;
use crate::server::db::Db;
use crate::stale::model::age::{Gap, unwatched};
use crate::stale::model::{Exemption, ExemptionKind};

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    kind: String,
    value: String,
    engine_id: Option<String>,
    reason: String,
    author: String,
    created_at: i64,
    until_at: Option<i64>,
}

/// Every exemption, the newest first; at `now` (Unix milliseconds) some may be over. The time that nobody watched
/// since one was made is no part of it: a clock that is set ahead ends none.
///
/// # Errors
/// Where the database does not answer, here and below.
pub async fn all<'c>(
    reader: impl Executor<'c, Database = Sqlite>,
    now: i64,
    gaps: &[Gap],
) -> Result<Vec<Exemption>, sqlx::Error> {
    let rows: Vec<Row> = sqlx::query_as(
        "select id, kind, value, engine_id, reason, author, created_at, until_at from exemptions order by id desc",
    )
    .fetch_all(reader)
    .await?;
    let exemptions = rows.into_iter().filter_map(|row| {
        let watched = now - unwatched(gaps, row.created_at, now);
        Some(Exemption {
            kind: ExemptionKind::parse(&row.kind)?,
            id: row.id,
            value: row.value,
            engine_id: row.engine_id,
            reason: row.reason,
            author: row.author,
            created_at: from_millis(row.created_at),
            until: row.until_at.map(from_millis),
            expired: row.until_at.is_some_and(|until| until <= watched),
        })
    });
    Ok(exemptions.collect())
}

/// Keeps an exemption.
pub async fn add(
    connection: &mut SqliteConnection,
    exemption: &Exemption,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into exemptions (id, kind, value, engine_id, reason, author, created_at, until_at)
         values (?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(&exemption.id)
    .bind(exemption.kind.name())
    .bind(&exemption.value)
    .bind(&exemption.engine_id)
    .bind(&exemption.reason)
    .bind(&exemption.author)
    .bind(exemption.created_at.timestamp_millis())
    .bind(exemption.until.map(|until| until.timestamp_millis()))
    .execute(connection)
    .await?;
    Ok(())
}

/// The containers, by engine and Docker id, that have this id: ours, that of an entry in quarantine, the name
/// that one is kept under, or the beginning of Docker's, where that is long enough for one.
pub async fn meant_by_id(
    connection: &mut SqliteConnection,
    id: &str,
) -> Result<Vec<(String, String)>, sqlx::Error> {
    let is_start =
        (SHORTEST_ID..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    // Nothing but hexadecimal digits, so that none of them stands for others.
    let start = is_start.then(|| format!("{}%", id.to_ascii_lowercase()));
    sqlx::query_as(
        "select engine_id, docker_id from containers
         where gone_at is null and (id = ?1 or docker_id like ?2)
         union select engine_id, docker_id from quarantine
         where id = ?1 or kept_name = ?1 or docker_id like ?2",
    )
    .bind(id)
    .bind(start)
    .fetch_all(connection)
    .await
}

/// The shortest beginning of a Docker id that is taken for one: what its own program shows.
const SHORTEST_ID: usize = 12;

/// Whether a container has this name, or had it before it was kept aside.
pub async fn is_name(connection: &mut SqliteConnection, name: &str) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar(
        "select exists (select 1 from containers where gone_at is null and name = ?1)
         or exists (select 1 from quarantine where name = ?1)",
    )
    .bind(name)
    .fetch_one(connection)
    .await
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
