//! What scans saw.

use sqlx::SqliteConnection;

use crate::stale::model::evidence::Evidence;

/// Keeps what was seen of a container.
///
/// # Errors
/// Where the database does not take it, here and below.
pub async fn keep(
    connection: &mut SqliteConnection,
    engine_id: &str,
    docker_id: &str,
    seen: &Evidence,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into stale_evidence (engine_id, docker_id, seen_at, failed, status, started, finished,
         size_bytes) values (?, ?, ?, 0, ?, ?, ?, ?)
         on conflict (engine_id, docker_id) do update set seen_at = excluded.seen_at, failed = 0,
         status = excluded.status, started = excluded.started, finished = excluded.finished,
         size_bytes = excluded.size_bytes",
    )
    .bind(engine_id)
    .bind(docker_id)
    .bind(seen.seen_at)
    .bind(&seen.status)
    .bind(&seen.run.started)
    .bind(&seen.run.finished)
    .bind(seen.size_bytes)
    .execute(connection)
    .await?;
    Ok(())
}

/// Notes that a look told nothing: what was seen before does not count any more.
pub async fn fail(
    connection: &mut SqliteConnection,
    engine_id: &str,
    docker_id: &str,
    now: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into stale_evidence (engine_id, docker_id, seen_at, failed, status, started, finished)
         values (?, ?, ?, 1, '', '', '')
         on conflict (engine_id, docker_id) do update set seen_at = excluded.seen_at, failed = 1",
    )
    .bind(engine_id)
    .bind(docker_id)
    .bind(now)
    .execute(connection)
    .await?;
    Ok(())
}

/// Forgets what was seen of containers that are not there any more.
///
/// Who was told of them is remembered for as long as their row is: an engine that was swapped for a while brings
/// them back, and that is no news.
pub async fn forget_gone(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    sqlx::query(
        "delete from stale_evidence as t where not exists (select 1 from containers c
         where c.engine_id = t.engine_id and c.docker_id = t.docker_id and c.gone_at is null)",
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "delete from stale_episodes as t where not exists (select 1 from containers c
         where c.engine_id = t.engine_id and c.docker_id = t.docker_id)",
    )
    .execute(connection)
    .await?;
    Ok(())
}
