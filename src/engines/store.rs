//! The engines that are watched, and what was last known of each.

use super::model::Engine;
use crate::error::AppError;
use crate::server::clock::from_millis;
use crate::server::db::{Db, new_id};

/// The name of the engine that this program stands beside.
const LOCAL: &str = "local";

/// Makes the row of the local engine, or points it at another address.
///
/// Where another engine has that address already, nothing is changed and its name is the answer: one engine
/// watched twice would be counted twice.
///
/// # Errors
/// Where the database does not take it.
pub async fn ensure_local(db: &Db, url: &str, now: i64) -> Result<Option<String>, sqlx::Error> {
    let taken = sqlx::query_scalar("select name from engines where url = ? and name <> ?")
        .bind(url)
        .bind(LOCAL)
        .fetch_optional(db.read())
        .await?;
    if taken.is_some() {
        return Ok(taken);
    }
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
    Ok(None)
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
                trouble: None,
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

/// Adds an engine and gives its id.
///
/// # Errors
/// `conflict` where its name or address is another's.
pub async fn create(db: &Db, name: &str, url: &str, now: i64) -> Result<String, AppError> {
    let id = new_id();
    sqlx::query("insert into engines (id, name, url, created_at) values (?, ?, ?, ?)")
        .bind(&id)
        .bind(name)
        .bind(url)
        .bind(now)
        .execute(db.write())
        .await
        .map_err(|error| AppError::on_unique(error, "name", TAKEN))?;
    Ok(id)
}

/// Changes what is given of an engine.
///
/// # Errors
/// `not_found`, or `conflict` where the name or address is another's, or where the local engine's
/// address is to change: that is set when the program starts.
pub async fn change(
    db: &Db,
    id: &str,
    name: Option<&str>,
    url: Option<&str>,
) -> Result<(), AppError> {
    let mut tx = db.begin().await?;
    let old: Option<(String, String)> =
        sqlx::query_as("select name, url from engines where id = ?")
            .bind(id)
            .fetch_optional(&mut *tx)
            .await?;
    let (old_name, old_url) = old.ok_or_else(|| AppError::not_found("engine"))?;
    let (name, url) = (name.unwrap_or(&old_name), url.unwrap_or(&old_url));
    if old_name == LOCAL && (name != old_name || url != old_url) {
        return Err(AppError::conflict(IS_LOCAL));
    }
    sqlx::query("update engines set name = ?, url = ? where id = ?")
        .bind(name)
        .bind(url)
        .bind(id)
        .execute(&mut *tx)
        .await
        .map_err(|error| AppError::on_unique(error, "name", TAKEN))?;
    tx.commit().await?;
    Ok(())
}

/// Forgets an engine and what it had, and answers its name; nothing on the engine itself is touched.
///
/// # Errors
/// `not_found`, or `conflict` for the local engine, which the next start would bring back, and for one where
/// containers are kept aside: nobody would give them their names and restart policies back.
pub async fn delete(db: &Db, id: &str) -> Result<String, AppError> {
    let mut tx = db.begin().await?;
    let keeps = "select exists (select 1 from quarantine where engine_id = ?)";
    let keeps: bool = sqlx::query_scalar(keeps)
        .bind(id)
        .fetch_one(&mut *tx)
        .await?;
    if keeps {
        return Err(AppError::conflict(KEEPS));
    }
    let deleted = "delete from engines where id = ? and name <> ? returning name";
    let name = sqlx::query_scalar(deleted)
        .bind(id)
        .bind(LOCAL)
        .fetch_optional(&mut *tx)
        .await?;
    tx.commit().await?;
    if let Some(name) = name {
        return Ok(name);
    }
    let is_local = list(db).await?.iter().any(|engine| engine.id == id);
    Err(if is_local {
        AppError::conflict(IS_LOCAL)
    } else {
        AppError::not_found("engine")
    })
}

const TAKEN: &str = "Another engine has that name or address already.";
const KEEPS: &str =
    "Containers of this engine are kept in quarantine; restore or remove them first.";
const IS_LOCAL: &str =
    "The local engine is set by --docker-host; start the program with another to change it.";
