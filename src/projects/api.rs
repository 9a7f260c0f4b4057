//! Projects, workloads and their containers.

use leptos::prelude::*;

use super::model::{Project, RuntimeState, Workload};
use crate::containers::model::Container;
use crate::error::AppError;

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
    use crate::server::clock::Clock;
    use crate::server::context::part;
    use crate::server::db::Db;

    authorize(Act::Write)?;
    let db = part::<Db>()?;
    let id = store::create(&db, check_name(&name)?, part::<Clock>()?.millis()).await?;
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
    use crate::server::context::part;
    use crate::server::db::Db;

    authorize(Act::Write)?;
    let db = part::<Db>()?;
    store::rename(&db, &id, check_name(&name)?).await?;
    store::project(&db, &moment()?, &id).await
}

/// Forgets a project and its history; refused while an engine has containers of it.
#[server(name = DeleteProject, prefix = "/fn", endpoint = "projects/delete",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn delete_project(id: String) -> Result<(), AppError> {
    use super::store;
    use crate::auth::guard::authorize;
    use crate::auth::policy::Act;
    use crate::server::context::part;
    use crate::server::db::Db;

    authorize(Act::Write)?;
    store::delete(&part::<Db>()?, &id).await
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
