//! What was left for the log by processes that do not write it.

use sqlx::{Executor, Sqlite};

use crate::server::db::Db;

/// Puts a happening, as JSON, there. `at` is in Unix milliseconds.
///
/// # Errors
/// Where the database does not take it.
pub async fn put<'c>(
    writer: impl Executor<'c, Database = Sqlite>,
    happening: &str,
    at: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query("insert into event_inbox (at, happening) values (?, ?)")
        .bind(at)
        .bind(happening)
        .execute(writer)
        .await?;
    Ok(())
}

/// Everything that is there after `id`, the oldest first: its id, JSON and time.
///
/// # Errors
/// Where the database does not take it.
pub async fn after(db: &Db, id: i64) -> Result<Vec<(i64, String, i64)>, sqlx::Error> {
    sqlx::query_as("select id, happening, at from event_inbox where id > ? order by id")
        .bind(id)
        .fetch_all(db.read())
        .await
}

/// Removes what is in the log: all up to `id`.
///
/// # Errors
/// Where the database does not take it.
pub async fn remove(db: &Db, id: i64) -> Result<(), sqlx::Error> {
    sqlx::query("delete from event_inbox where id <= ?")
        .bind(id)
        .execute(db.write())
        .await?;
    Ok(())
}
