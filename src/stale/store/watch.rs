//! The heartbeat, and the time that nobody watched. All times are Unix milliseconds.

use sqlx::SqliteConnection;

use crate::server::db::Db;
use crate::stale::model::age::Gap;

/// The last heartbeat, and when the machine had been started by the clock of then.
///
/// # Errors
/// Where the database does not answer, here and below.
pub async fn last_beat(db: &Db) -> Result<Option<(i64, Option<i64>)>, sqlx::Error> {
    sqlx::query_as("select beat_at, booted_at from heartbeat where id = 1")
        .fetch_optional(db.read())
        .await
}

/// Remembers a heartbeat.
pub async fn beat(
    connection: &mut SqliteConnection,
    at: i64,
    booted_at: Option<i64>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into heartbeat (id, beat_at, booted_at) values (1, ?, ?)
         on conflict (id) do update set beat_at = excluded.beat_at, booted_at = excluded.booted_at",
    )
    .bind(at)
    .bind(booted_at)
    .execute(connection)
    .await?;
    Ok(())
}

/// Remembers a gap: of one engine, or of everything.
pub async fn add(
    connection: &mut SqliteConnection,
    engine_id: Option<&str>,
    gap: Gap,
) -> Result<(), sqlx::Error> {
    sqlx::query("insert into unwatched (engine_id, from_at, until_at) values (?, ?, ?)")
        .bind(engine_id)
        .bind(gap.from)
        .bind(gap.until)
        .execute(connection)
        .await?;
    Ok(())
}

/// When an engine was last followed; `None` for one that never was.
pub async fn contact(db: &Db, engine_id: &str) -> Result<Option<i64>, sqlx::Error> {
    let followed: Option<Option<i64>> =
        sqlx::query_scalar("select followed_at from engines where id = ?")
            .bind(engine_id)
            .fetch_optional(db.read())
            .await?;
    Ok(followed.flatten())
}

/// Takes back what is said about the time after `now`: the clock was set back.
pub async fn forget_after(connection: &mut SqliteConnection, now: i64) -> Result<(), sqlx::Error> {
    sqlx::query("delete from unwatched where from_at >= ?")
        .bind(now)
        .execute(&mut *connection)
        .await?;
    sqlx::query("update unwatched set until_at = ?1 where until_at > ?1")
        .bind(now)
        .execute(connection)
        .await?;
    Ok(())
}

/// Every gap, with the engine that it is of.
pub async fn gaps(db: &Db) -> Result<Vec<(Option<String>, Gap)>, sqlx::Error> {
    type Row = (Option<String>, i64, i64);
    let rows: Vec<Row> = sqlx::query_as("select engine_id, from_at, until_at from unwatched")
        .fetch_all(db.read())
        .await?;
    let gaps = rows.into_iter();
    let gaps = gaps.map(|(engine_id, from, until)| (engine_id, Gap { from, until }));
    Ok(gaps.collect())
}
