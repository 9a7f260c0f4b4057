//! The engines that are watched, and what was last known of each.

use super::model::Engine;
use crate::server::clock::from_millis;
use crate::server::db::{Db, new_id};

/// The name of the engine that this program stands beside.
const LOCAL: &str = "local";

/// Makes the row of the local engine, or points it at another address.
///
/// # Errors
/// Where the database does not take it.
pub async fn ensure_local(db: &Db, url: &str, now: i64) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into engines (id, name, url, created_at) values (?, ?, ?, ?)
         on conflict (name) do update set url = excluded.url",
    )
    .bind(new_id())
    .bind(LOCAL)
    .bind(url)
    .bind(now)
    .execute(db.write())
    .await?;
    Ok(())
}

/// Every engine as it was last known, none of them up yet.
///
/// # Errors
/// Where the database does not answer.
pub async fn list(db: &Db) -> Result<Vec<Engine>, sqlx::Error> {
    type Row = (
        String,
        String,
        String,
        Option<String>,
        Option<String>,
        Option<String>,
        Option<i64>,
    );
    let rows = sqlx::query_as::<_, Row>(
        "select id, name, url, version, api_version, cgroup, last_seen_at from engines order by name",
    )
    .fetch_all(db.read())
    .await?;
    Ok(rows
        .into_iter()
        .map(
            |(id, name, url, version, api_version, cgroup, last_seen_at)| Engine {
                id,
                name,
                url,
                up: false,
                version,
                api_version,
                cgroup,
                error: None,
                last_seen: last_seen_at.map(from_millis),
            },
        )
        .collect())
}

/// Keeps what an engine said of itself.
///
/// # Errors
/// Where the database does not take it.
pub async fn save(db: &Db, engine: &Engine) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update engines set version = ?, api_version = ?, cgroup = ?, last_seen_at = ? where id = ?",
    )
    .bind(&engine.version)
    .bind(&engine.api_version)
    .bind(&engine.cgroup)
    .bind(engine.last_seen.map(|time| time.timestamp_millis()))
    .bind(&engine.id)
    .execute(db.write())
    .await?;
    Ok(())
}
