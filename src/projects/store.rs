//! Projects, their stages, and how their workloads are.

use std::collections::{HashMap, HashSet};

use super::model::{Project, RuntimeState, Source, Stage, Workload, WorkloadStatus};
use crate::containers::model::ContainerStatus;
use crate::containers::store::read::{Kept, containers};
use crate::engines::model::Engine;
use crate::error::AppError;
use crate::events::model::event::CRASH_LOOP;
use crate::events::store::write::subjects_of;
use crate::server::db::{Db, new_id};

/// How long a vanished container is still shown, in milliseconds: a day.
const SHOW_GONE_MS: i64 = 24 * 3600 * 1000;

/// What judging a workload needs besides the database.
pub struct Moment {
    /// Unix milliseconds.
    pub now: i64,
    pub engines: Vec<Engine>,
}

impl Moment {
    fn is_up(&self, engine_id: &str) -> bool {
        self.engines
            .iter()
            .any(|engine| engine.id == engine_id && engine.up)
    }

    fn judge(&self, kept: &[Kept]) -> WorkloadStatus {
        let states: Vec<_> = kept
            .iter()
            .map(|one| (one.container.status, one.container.health))
            .collect();
        WorkloadStatus::judge(&states, kept.iter().all(|one| self.is_up(&one.engine_id)))
    }

    /// Workload by workload, in three queries whatever their number.
    async fn containers(
        &self,
        db: &Db,
        workload_id: Option<&str>,
    ) -> Result<HashMap<String, Vec<Kept>>, AppError> {
        let mut by_workload: HashMap<String, Vec<Kept>> = HashMap::new();
        let looping = subjects_of(db, CRASH_LOOP).await?;
        for mut kept in containers(db, workload_id, self.now - SHOW_GONE_MS).await? {
            kept.container.crash_loop = looping.contains(&kept.container.id);
            by_workload
                .entry(kept.workload_id.clone())
                .or_default()
                .push(kept);
        }
        Ok(by_workload)
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    project_id: String,
    project: String,
    stage: String,
    source: String,
}

async fn rows(db: &Db, id: Option<&str>) -> Result<Vec<Row>, sqlx::Error> {
    sqlx::query_as(
        "select w.id, w.project_id, p.name as project, w.stage, w.source
         from workloads w join projects p on p.id = w.project_id
         where (?1 is null or w.id = ?1) order by p.name, w.stage",
    )
    .bind(id)
    .fetch_all(db.read())
    .await
}

/// Every workload that the engines have, or had within a day, or that we manage.
///
/// # Errors
/// Where the database does not answer.
pub async fn workloads(db: &Db, moment: &Moment) -> Result<Vec<Workload>, AppError> {
    let mut by_workload = moment.containers(db, None).await?;
    let all = rows(db, None).await?.into_iter().filter_map(|row| {
        let kept = by_workload.remove(&row.id).unwrap_or_default();
        // What was only found, and is gone for longer than a day, is history.
        let is_shown = !kept.is_empty() || row.source != "discovered";
        is_shown.then(|| row.with(&kept, moment))
    });
    Ok(all.collect())
}

/// One workload, however long it is gone.
///
/// # Errors
/// `not_found` for an id that we never gave.
pub async fn workload(db: &Db, moment: &Moment, id: &str) -> Result<Workload, AppError> {
    let row = rows(db, Some(id))
        .await?
        .pop()
        .ok_or_else(|| AppError::not_found("workload"))?;
    let kept = moment
        .containers(db, Some(id))
        .await?
        .remove(id)
        .unwrap_or_default();
    Ok(row.with(&kept, moment))
}

/// The containers of one workload as they are now.
///
/// # Errors
/// `not_found` for an id that we never gave.
pub async fn runtime_state(db: &Db, moment: &Moment, id: &str) -> Result<RuntimeState, AppError> {
    if rows(db, Some(id)).await?.is_empty() {
        return Err(AppError::not_found("workload"));
    }
    let kept = moment
        .containers(db, Some(id))
        .await?
        .remove(id)
        .unwrap_or_default();
    Ok(state(id.to_owned(), kept, moment))
}

/// The containers of all workloads as they are now.
///
/// # Errors
/// Where the database does not answer.
pub async fn runtime_states(db: &Db, moment: &Moment) -> Result<Vec<RuntimeState>, AppError> {
    let by_workload = moment.containers(db, None).await?;
    Ok(by_workload
        .into_iter()
        .map(|(id, kept)| state(id, kept, moment))
        .collect())
}

/// Every project with its stages.
///
/// # Errors
/// Where the database does not answer.
pub async fn projects(db: &Db, moment: &Moment) -> Result<Vec<Project>, AppError> {
    let names =
        sqlx::query_as::<_, (String, String)>("select id, name from projects order by name")
            .fetch_all(db.read())
            .await?;
    let mut stages: HashMap<String, Vec<Stage>> = HashMap::new();
    for workload in workloads(db, moment).await? {
        stages.entry(workload.project_id).or_default().push(Stage {
            name: workload.stage,
            workload_id: workload.id,
            source: workload.source,
            status: workload.status,
            instances: workload.instances,
        });
    }
    let bare = bare_projects(db).await?;
    Ok(names
        .into_iter()
        .map(|(id, name)| Project {
            stages: stages.remove(&id).unwrap_or_default(),
            id,
            name,
        })
        // A project whose stages are all long gone is history; one without stages was just made.
        .filter(|project| !project.stages.is_empty() || bare.contains(&project.id))
        .collect())
}

async fn bare_projects(db: &Db) -> Result<HashSet<String>, sqlx::Error> {
    let bare: Vec<String> = sqlx::query_scalar(
        "select id from projects p where not exists (select 1 from workloads w where w.project_id = p.id)",
    )
    .fetch_all(db.read())
    .await?;
    Ok(bare.into_iter().collect())
}

/// One project with its stages.
///
/// # Errors
/// `not_found` for an id that we never gave.
pub async fn project(db: &Db, moment: &Moment, id: &str) -> Result<Project, AppError> {
    let found = projects(db, moment)
        .await?
        .into_iter()
        .find(|project| project.id == id);
    found.ok_or_else(|| AppError::not_found("project"))
}

/// The workload at one stage of one project.
///
/// # Errors
/// `not_found` where there is none.
pub async fn workload_at(db: &Db, project_id: &str, stage: &str) -> Result<String, AppError> {
    sqlx::query_scalar("select id from workloads where project_id = ? and stage = ?")
        .bind(project_id)
        .bind(stage)
        .fetch_optional(db.read())
        .await?
        .ok_or_else(|| AppError::not_found("stage"))
}

/// Makes a project without stages and gives its id.
///
/// # Errors
/// `conflict` where the name is taken.
pub async fn create(db: &Db, name: &str, now: i64) -> Result<String, AppError> {
    let id = new_id();
    sqlx::query("insert into projects (id, name, created_at) values (?, ?, ?)")
        .bind(&id)
        .bind(name)
        .bind(now)
        .execute(db.write())
        .await
        .map_err(|error| AppError::on_unique(error, "name", "A project has that name already."))?;
    Ok(id)
}

/// Gives a project another name, and answers the one that it had.
///
/// # Errors
/// `not_found`, or `conflict` where the name is taken.
pub async fn rename(db: &Db, id: &str, name: &str) -> Result<String, AppError> {
    let mut tx = db.begin().await?;
    let before: Option<String> = sqlx::query_scalar("select name from projects where id = ?")
        .bind(id)
        .fetch_optional(&mut *tx)
        .await?;
    sqlx::query("update projects set name = ? where id = ?")
        .bind(name)
        .bind(id)
        .execute(&mut *tx)
        .await
        .map_err(|error| AppError::on_unique(error, "name", "A project has that name already."))?;
    tx.commit().await?;
    before.ok_or_else(|| AppError::not_found("project"))
}

/// Forgets a project and all of its history, and answers its name.
///
/// # Errors
/// `not_found`, or `conflict` while an engine has containers of it: they would bring it back.
pub async fn delete(db: &Db, id: &str) -> Result<String, AppError> {
    let mut tx = db.begin().await?;
    let present: i64 = sqlx::query_scalar(
        "select count(*) from containers c join workloads w on w.id = c.workload_id
         where w.project_id = ? and c.gone_at is null",
    )
    .bind(id)
    .fetch_one(&mut *tx)
    .await?;
    if present > 0 {
        return Err(AppError::conflict(format!(
            "{present} containers of this project are still on an engine; remove them first."
        )));
    }
    let name = sqlx::query_scalar("delete from projects where id = ? returning name")
        .bind(id)
        .fetch_optional(&mut *tx)
        .await?;
    tx.commit().await?;
    name.ok_or_else(|| AppError::not_found("project"))
}

fn state(workload_id: String, kept: Vec<Kept>, moment: &Moment) -> RuntimeState {
    let status = moment.judge(&kept);
    RuntimeState {
        workload_id,
        status,
        containers: kept.into_iter().map(|one| one.container).collect(),
    }
}

impl Row {
    fn with(self, kept: &[Kept], moment: &Moment) -> Workload {
        let present = kept
            .iter()
            .filter(|one| one.container.status != ContainerStatus::Gone);
        Workload {
            id: self.id,
            project_id: self.project_id,
            project: self.project,
            stage: self.stage,
            source: match self.source.as_str() {
                "image" => Source::Image,
                "compose" => Source::Compose,
                _ => Source::Discovered,
            },
            status: moment.judge(kept),
            instances: i64::try_from(present.count()).unwrap_or(i64::MAX),
        }
    }
}
