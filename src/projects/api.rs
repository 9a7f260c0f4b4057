//! Projects, workloads and their containers.

#![expect(clippy::too_many_arguments, reason = "each is a filter of the API")]

use leptos::prelude::*;

use super::model::{Project, RuntimeState, Workload};
use crate::containers::model::Container;
use crate::error::AppError;
use crate::events::model::EventPage;

/// Every project with its stages.
#[server(name = ListProjects, prefix = "/fn", endpoint = "projects/list",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn list_projects() -> Result<Vec<Project>, AppError> {
    use super::now::moment;
    use super::store;
    use crate::auth::guard::authorize;
    use crate::auth::policy::Act;
    use crate::server::context::part;
    use crate::server::db::Db;

    authorize(Act::Read)?;
    store::projects(&part::<Db>()?, &moment()?).await
}

/// Makes a project without stages.
#[server(name = CreateProject, prefix = "/fn", endpoint = "projects/create",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn create_project(name: String) -> Result<Project, AppError> {
    use super::now::moment;
    use super::rules::check_name;
    use super::store;
    use crate::auth::guard::authorize;
    use crate::auth::policy::Act;
    use crate::events::act::record;
    use crate::events::model::Happening;
    use crate::server::clock::Clock;
    use crate::server::context::part;
    use crate::server::db::Db;

    let by = authorize(Act::Write)?.username;
    let (db, project) = (part::<Db>()?, check_name(&name)?.to_owned());
    let id = store::create(&db, &project, part::<Clock>()?.millis()).await?;
    record(Happening::ProjectCreated { project, by }).await;
    store::project(&db, &moment()?, &id).await
}

/// Gives a project another name.
#[server(name = RenameProject, prefix = "/fn", endpoint = "projects/rename",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn rename_project(id: String, name: String) -> Result<Project, AppError> {
    use super::now::moment;
    use super::rules::check_name;
    use super::store;
    use crate::auth::guard::authorize;
    use crate::auth::policy::Act;
    use crate::events::act::record;
    use crate::events::model::Happening;
    use crate::server::context::part;
    use crate::server::db::Db;

    let by = authorize(Act::Write)?.username;
    let (db, to) = (part::<Db>()?, check_name(&name)?.to_owned());
    let project = store::rename(&db, &id, &to).await?;
    record(Happening::ProjectRenamed { project, to, by }).await;
    store::project(&db, &moment()?, &id).await
}

/// Forgets a project and its history; refused while an engine has containers of it.
#[server(name = DeleteProject, prefix = "/fn", endpoint = "projects/delete",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn delete_project(id: String) -> Result<(), AppError> {
    use super::store;
    use crate::auth::guard::authorize;
    use crate::auth::policy::Act;
    use crate::events::act::record;
    use crate::events::model::Happening;
    use crate::server::context::part;
    use crate::server::db::Db;

    let by = authorize(Act::Write)?.username;
    let project = store::delete(&part::<Db>()?, &id).await?;
    record(Happening::ProjectRemoved { project, by }).await;
    Ok(())
}

/// The containers of one stage.
#[server(name = ListStageInstances, prefix = "/fn", endpoint = "projects/instances",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn list_stage_instances(id: String, stage: String) -> Result<Vec<Container>, AppError> {
    use super::now::moment;
    use super::store;
    use crate::auth::guard::authorize;
    use crate::auth::policy::Act;
    use crate::server::context::part;
    use crate::server::db::Db;

    authorize(Act::Read)?;
    let db = part::<Db>()?;
    let workload_id = store::workload_at(&db, &id, &stage).await?;
    Ok(store::runtime_state(&db, &moment()?, &workload_id)
        .await?
        .containers)
}

/// Every workload.
#[server(name = ListWorkloads, prefix = "/fn", endpoint = "workloads/list",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn list_workloads() -> Result<Vec<Workload>, AppError> {
    use super::now::moment;
    use super::store;
    use crate::auth::guard::authorize;
    use crate::auth::policy::Act;
    use crate::server::context::part;
    use crate::server::db::Db;

    authorize(Act::Read)?;
    store::workloads(&part::<Db>()?, &moment()?).await
}

/// One workload.
#[server(name = ReadWorkload, prefix = "/fn", endpoint = "workloads/read",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn read_workload(id: String) -> Result<Workload, AppError> {
    use super::now::moment;
    use super::store;
    use crate::auth::guard::authorize;
    use crate::auth::policy::Act;
    use crate::server::context::part;
    use crate::server::db::Db;

    authorize(Act::Read)?;
    store::workload(&part::<Db>()?, &moment()?, &id).await
}

/// The containers of one workload as they are now.
#[server(name = ReadRuntimeState, prefix = "/fn", endpoint = "workloads/runtime_state",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn read_runtime_state(id: String) -> Result<RuntimeState, AppError> {
    use super::now::moment;
    use super::store;
    use crate::auth::guard::authorize;
    use crate::auth::policy::Act;
    use crate::server::context::part;
    use crate::server::db::Db;

    authorize(Act::Read)?;
    store::runtime_state(&part::<Db>()?, &moment()?, &id).await
}

/// The containers of all workloads as they are now.
#[server(name = ListRuntimeStates, prefix = "/fn", endpoint = "workloads/runtime_states",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn list_runtime_states() -> Result<Vec<RuntimeState>, AppError> {
    use super::now::moment;
    use super::store;
    use crate::auth::guard::authorize;
    use crate::auth::policy::Act;
    use crate::server::context::part;
    use crate::server::db::Db;

    authorize(Act::Read)?;
    store::runtime_states(&part::<Db>()?, &moment()?).await
}

/// The event log of one workload, the newest first.
#[server(name = ListWorkloadEvents, prefix = "/fn", endpoint = "workloads/events",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn list_workload_events(
    id: String,
    severity: Option<String>,
    source: Option<String>,
    q: Option<String>,
    since: Option<String>,
    until: Option<String>,
    limit: Option<i64>,
    before: Option<String>,
) -> Result<EventPage, AppError> {
    use super::now::moment;
    use super::store;
    use crate::auth::{guard::authorize, policy::Act};
    use crate::events::question::Question;
    use crate::events::store::read;
    use crate::server::clock::Clock;
    use crate::server::context::part;
    use crate::server::db::Db;

    authorize(Act::Read)?;
    let db = part::<Db>()?;
    let workload = store::workload(&db, &moment()?, &id).await?.id;
    let question = Question {
        severity,
        source,
        q,
        workload: Some(workload),
        since,
        until,
        limit,
        before,
        ..Question::default()
    };
    let asked = question.read(part::<Clock>()?.now())?;
    read::page(&db, &asked.filter, asked.before, asked.limit).await
}
