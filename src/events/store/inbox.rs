//! What was left for the log by processes that do not write it.

use crate::server::db::Db;

/// Puts a happening, as JSON, there. `at` is in Unix milliseconds.
///
/// # Errors
/// Where the database does not take it.
pub async fn put(db: &Db, happening: &str, at: i64) -> Result<(), sqlx::Error> {
    sqlx::query("insert into event_inbox (at, happening) values (?, ?)")
        .bind(at)
        .bind(happening)
        .execute(db.write())
        .await?;
    Ok(())
}

/// Whether anything is there.
///
/// # Errors
/// Where the database does not answer.
pub async fn any(db: &Db) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar("select exists (select 1 from event_inbox)")
        .fetch_one(db.read())
        .await
}

/// Takes everything out, the oldest first.
///
/// # Errors
/// Where the database does not take it.
pub async fn take(db: &Db) -> Result<Vec<(String, i64)>, sqlx::Error> {
    let mut transaction = db.begin().await?;
    let all = sqlx::query_as("select happening, at from event_inbox order by id")
        .fetch_all(&mut *transaction)
        .await?;
    sqlx::query("delete from event_inbox")
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await?;
    Ok(all)
}
