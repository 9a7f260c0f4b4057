//! The containers that do not run, each with what the last scan saw of it.

use std::collections::HashMap;

use crate::server::db::Db;
use crate::stale::model::evidence::{Evidence, Run};

/// A container that does not run. Times are Unix milliseconds.
#[derive(Clone, Debug)]
pub struct Candidate {
    pub id: String,
    pub docker_id: String,
    pub name: String,
    pub engine_id: String,
    pub workload_id: String,
    pub project: String,
    pub stage: String,
    /// We made it.
    pub managed: bool,
    pub image: String,
    /// The engine's word, as its events told it.
    pub status: String,
    pub labels: HashMap<String, String>,
    pub created_at: Option<i64>,
    pub last_alive_at: Option<i64>,
    /// It is kept aside.
    pub set_aside: bool,
    /// What the last scan saw, if that was of its last run.
    pub evidence: Option<Evidence>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    docker_id: String,
    name: String,
    engine_id: String,
    workload_id: String,
    project: String,
    stage: String,
    source: String,
    image: String,
    status: String,
    labels: String,
    created_at: Option<i64>,
    started_at: Option<i64>,
    finished_at: Option<i64>,
    last_alive_at: Option<i64>,
    looked_at: bool,
    set_aside: bool,
    seen_at: Option<i64>,
    failed: Option<bool>,
    seen_status: Option<String>,
    started: Option<String>,
    finished: Option<String>,
    size_bytes: Option<i64>,
}

const SELECT: &str = "select c.id, c.docker_id, c.name, c.engine_id, c.workload_id, p.name as project,
    w.stage, w.source, c.image, c.status, c.labels, c.created_at, c.started_at, c.finished_at,
    c.last_alive_at, c.looked_at > 0 as looked_at, c.set_aside, e.seen_at, e.failed, e.status as seen_status, e.started,
    e.finished, e.size_bytes
    from containers c join workloads w on w.id = c.workload_id join projects p on p.id = w.project_id
    left join stale_evidence e on e.engine_id = c.engine_id and e.docker_id = c.docker_id
    where c.gone_at is null";

/// Every container that does not run and is not kept aside.
///
/// # Errors
/// Where the database does not answer, here and below.
pub async fn all(db: &Db) -> Result<Vec<Candidate>, sqlx::Error> {
    let sql = format!(
        "{SELECT} and c.set_aside = 0 and c.status not in ('running', 'paused', 'restarting')
         order by p.name, w.stage, c.name"
    );
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .fetch_all(db.read())
        .await?;
    Ok(rows.into_iter().map(Candidate::from).collect())
}

/// Those with this id, whatever they do: ours names one, Docker's one on each engine that has it.
pub async fn find(db: &Db, id: &str) -> Result<Vec<Candidate>, sqlx::Error> {
    let sql = format!("{SELECT} and (c.id = ?1 or c.docker_id = ?1)");
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(id)
        .fetch_all(db.read())
        .await?;
    Ok(rows.into_iter().map(Candidate::from).collect())
}

/// The one that this engine has under this Docker id, whatever it does.
pub async fn find_on(
    db: &Db,
    engine_id: &str,
    docker_id: &str,
) -> Result<Option<Candidate>, sqlx::Error> {
    let sql = format!("{SELECT} and c.engine_id = ? and c.docker_id = ?");
    let row: Option<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(engine_id)
        .bind(docker_id)
        .fetch_optional(db.read())
        .await?;
    Ok(row.map(Candidate::from))
}

impl From<Row> for Candidate {
    fn from(row: Row) -> Self {
        let evidence = row.evidence();
        Self {
            evidence,
            id: row.id,
            docker_id: row.docker_id,
            name: row.name,
            engine_id: row.engine_id,
            workload_id: row.workload_id,
            project: row.project,
            stage: row.stage,
            managed: row.source != "discovered",
            image: row.image,
            status: row.status,
            labels: serde_json::from_str(&row.labels).unwrap_or_default(),
            created_at: row.created_at,
            last_alive_at: row.last_alive_at,
            set_aside: row.set_aside,
        }
    }
}

impl Row {
    fn evidence(&self) -> Option<Evidence> {
        let run = Run {
            started: self.started.clone()?,
            finished: self.finished.clone()?,
        };
        let times = run.times(self.created_at, self.last_alive_at);
        // Somebody looked since: it has run again, or was found to have.
        let is_another = (times.started, times.finished) != (self.started_at, self.finished_at);
        if self.looked_at && is_another {
            return None;
        }
        // Of two words for its state, the one that keeps it safe counts.
        let lives = ["running", "paused", "restarting", "removing"].contains(&self.status.as_str());
        let seen_status = self.seen_status.clone().unwrap_or_default();
        Some(Evidence {
            seen_at: self.seen_at?,
            status: if lives {
                self.status.clone()
            } else {
                seen_status
            },
            run,
            times,
            size_bytes: self.size_bytes,
            failed: self.failed.unwrap_or(true),
        })
    }
}
