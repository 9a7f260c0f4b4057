//! What is asked of the database about itself.

use sqlx::sqlite::{SqliteConnection, SqlitePool};

/// `ok`, or the first thing that is wrong with the file.
///
/// # Errors
/// Where it cannot be read, or is so damaged that nothing can be asked of it.
pub async fn quick_check(connection: &mut SqliteConnection) -> Result<String, sqlx::Error> {
    sqlx::query_scalar("pragma quick_check(1)")
        .fetch_one(connection)
        .await
}

/// Comes back where the database answers.
///
/// # Errors
/// Where it does not.
pub async fn answer(reader: &SqlitePool) -> Result<(), sqlx::Error> {
    sqlx::query("select id from settings")
        .fetch_one(reader)
        .await?;
    Ok(())
}
