//! What was left for the log, until it is written.

use sqlx::SqliteConnection;

use crate::server::db::Db;

/// Puts a report, as JSON, there. `at` is in Unix milliseconds.
///
/// # Errors
/// Where the database does not take it.
pub async fn put(
    connection: &mut SqliteConnection,
    report: &str,
    at: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query("insert into event_outbox (at, report) values (?, ?)")
        .bind(at)
        .bind(report)
        .execute(connection)
        .await?;
    Ok(())
}

/// What is there after `id`, the oldest first, `most` at most: its id, JSON and time.
///
/// # Errors
/// Where the database does not answer.
pub async fn after(db: &Db, id: i64, most: i64) -> Result<Vec<(i64, String, i64)>, sqlx::Error> {
    sqlx::query_as("select id, report, at from event_outbox where id > ? order by id limit ?")
        .bind(id)
        .bind(most)
        .fetch_all(db.read())
        .await
}

/// Removes one, in the transaction that writes the line that it becomes.
///
/// # Errors
/// Where the database does not take it.
pub async fn remove(connection: &mut SqliteConnection, id: i64) -> Result<(), sqlx::Error> {
    sqlx::query("delete from event_outbox where id = ?")
        .bind(id)
        .execute(connection)
        .await?;
    Ok(())
}
