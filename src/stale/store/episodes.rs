//! The times that a container became stale, each told once.

use sqlx::SqliteConnection;

/// Notes that a container is stale, and answers whether that is news. Times are Unix milliseconds.
///
/// # Errors
/// Where the database does not take it.
pub async fn begin(
    connection: &mut SqliteConnection,
    engine_id: &str,
    docker_id: &str,
    last_alive: i64,
    now: i64,
) -> Result<bool, sqlx::Error> {
    let begun = sqlx::query(
        "insert into stale_episodes (engine_id, docker_id, last_alive_at, began_at)
         values (?, ?, ?, ?) on conflict do nothing",
    )
    .bind(engine_id)
    .bind(docker_id)
    .bind(last_alive)
    .bind(now)
    .execute(connection)
    .await?;
    Ok(begun.rows_affected() > 0)
}
