//! Containers as they are kept, read back.

use crate::containers::model::{Container, ContainerStatus, Health};
use crate::server::clock::from_millis;
use crate::server::db::Db;

/// A container with what the lists need to group it.
pub struct Kept {
    pub workload_id: String,
    pub engine_id: String,
    pub container: Container,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    workload_id: String,
    engine_id: String,
    docker_id: String,
    name: String,
    status: String,
    health: Option<String>,
    exit_code: Option<i64>,
    restarts: i64,
    ports: String,
    image: String,
    started_at: Option<i64>,
    last_alive_at: Option<i64>,
    gone_at: Option<i64>,
}

/// The containers of one workload, or of all; those that vanished before `gone_after` (Unix
/// milliseconds) are left out, and so are those that are kept aside.
///
/// # Errors
/// Where the database does not answer.
pub async fn containers(
    db: &Db,
    workload_id: Option<&str>,
    gone_after: i64,
) -> Result<Vec<Kept>, sqlx::Error> {
    let rows = sqlx::query_as::<_, Row>(
        "select id, workload_id, engine_id, docker_id, name, status, health, exit_code, restarts,
         ports, image, started_at, last_alive_at, gone_at from containers
         where (?1 is null or workload_id = ?1) and (gone_at is null or gone_at > ?2) and set_aside = 0
         order by service, number",
    )
    .bind(workload_id)
    .bind(gone_after)
    .fetch_all(db.read())
    .await?;
    Ok(rows.into_iter().map(Kept::from).collect())
}

/// The Docker ids that an engine had when we last looked, each with the engine's word for its state.
///
/// # Errors
/// Where the database does not answer.
pub async fn present(db: &Db, engine_id: &str) -> Result<Vec<(String, String)>, sqlx::Error> {
    sqlx::query_as(
        "select docker_id, status from containers where engine_id = ? and gone_at is null",
    )
    .bind(engine_id)
    .fetch_all(db.read())
    .await
}

/// The Docker ids of those that have ended, as far as we know, and whose end is not accounted for.
///
/// # Errors
/// Where the database does not answer.
pub async fn unaccounted(db: &Db, engine_id: &str) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar(
        "select docker_id from containers
         where engine_id = ? and gone_at is null and looked_at > 0
         and status not in ('running', 'paused')
         and started_at is not null and died_run is not started_at",
    )
    .bind(engine_id)
    .fetch_all(db.read())
    .await
}

/// The engine's time (Unix nanoseconds) of the last event of a container that is accounted for.
///
/// # Errors
/// Where the database does not answer.
pub async fn heard_to(db: &Db, engine_id: &str) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar("select max(heard_nano) from containers where engine_id = ?")
        .bind(engine_id)
        .fetch_one(db.read())
        .await
}

impl From<Row> for Kept {
    fn from(row: Row) -> Self {
        let gone = row.gone_at.is_some();
        let status = if gone {
            ContainerStatus::Gone
        } else {
            ContainerStatus::parse(&row.status)
        };
        Self {
            workload_id: row.workload_id,
            engine_id: row.engine_id,
            container: Container {
                id: row.id,
                docker_id: row.docker_id,
                name: row.name,
                status,
                health: row
                    .health
                    .as_deref()
                    .filter(|_| !gone)
                    .and_then(Health::parse),
                exit_code: row.exit_code,
                restarts: row.restarts,
                crash_loop: false,
                ports: serde_json::from_str(&row.ports).unwrap_or_default(),
                image: row.image,
                started_at: row.started_at.map(from_millis),
                last_alive_at: row.last_alive_at.map(from_millis),
            },
        }
    }
}

/// Workload, id and name of those that have run since `since` (Unix milliseconds) at least.
///
/// # Errors
/// Where the database does not answer.
pub async fn running_since(
    db: &Db,
    engine_id: &str,
    since: i64,
) -> Result<Vec<(String, String, String)>, sqlx::Error> {
    sqlx::query_as(
        "select workload_id, id, name from containers
         where engine_id = ? and gone_at is null and status = 'running' and started_at < ?",
    )
    .bind(engine_id)
    .bind(since)
    .fetch_all(db.read())
    .await
}
