//! How far an engine's events were taken in.

use crate::server::db::Db;

/// Where following an engine left off.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Following {
    /// The engine's time of the last event, in Unix nanoseconds.
    pub heard_nano: Option<i64>,
    /// When it was last followed, in Unix milliseconds.
    pub followed_at: Option<i64>,
}

/// Where it left off; nothing for an engine that is not watched any more.
///
/// # Errors
/// Where the database does not answer.
pub async fn read(db: &Db, engine_id: &str) -> Result<Following, sqlx::Error> {
    let found = sqlx::query_as("select heard_nano, followed_at from engines where id = ?")
        .bind(engine_id)
        .fetch_optional(db.read())
        .await?;
    Ok(found.unwrap_or_default())
}

/// Remembers it. Without an event the place in the events stays; `now` is in Unix milliseconds.
///
/// # Errors
/// Where the database does not take it.
pub async fn keep(
    db: &Db,
    engine_id: &str,
    heard_nano: Option<i64>,
    now: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update engines set heard_nano = coalesce(?, heard_nano), followed_at = ? where id = ?",
    )
    .bind(heard_nano)
    .bind(now)
    .bind(engine_id)
    .execute(db.write())
    .await?;
    Ok(())
}
