//! Projects, workloads and their containers.

use leptos::prelude::*;

use super::model::{Project, RuntimeState, Workload};
use crate::containers::model::Container;
use crate::error::AppError;

/// Every project with its stages.
#[server(name = ListProjects, prefix = "/fn", endpoint = "projects/list",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn list_projects() -> Result<Vec<Project>, AppError> {
    Err(AppError::internal("not built yet"))
}

/// Makes a project without stages.
#[server(name = CreateProject, prefix = "/fn", endpoint = "projects/create",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn create_project(name: String) -> Result<Project, AppError> {
    Err(AppError::internal("not built yet"))
}

/// Gives a project another name.
#[server(name = RenameProject, prefix = "/fn", endpoint = "projects/rename",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn rename_project(id: String, name: String) -> Result<Project, AppError> {
    Err(AppError::internal("not built yet"))
}

/// Forgets a project; refused while the engine has containers of it.
#[server(name = DeleteProject, prefix = "/fn", endpoint = "projects/delete",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn delete_project(id: String) -> Result<(), AppError> {
    Err(AppError::internal("not built yet"))
}

/// The containers of one stage.
#[server(name = ListStageInstances, prefix = "/fn", endpoint = "projects/instances",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn list_stage_instances(id: String, stage: String) -> Result<Vec<Container>, AppError> {
    Err(AppError::internal("not built yet"))
}

/// Every workload.
#[server(name = ListWorkloads, prefix = "/fn", endpoint = "workloads/list",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn list_workloads() -> Result<Vec<Workload>, AppError> {
    Err(AppError::internal("not built yet"))
}

/// One workload.
#[server(name = ReadWorkload, prefix = "/fn", endpoint = "workloads/read",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn read_workload(id: String) -> Result<Workload, AppError> {
    Err(AppError::internal("not built yet"))
}

/// The containers of one workload as they are now.
#[server(name = ReadRuntimeState, prefix = "/fn", endpoint = "workloads/runtime_state",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn read_runtime_state(id: String) -> Result<RuntimeState, AppError> {
    Err(AppError::internal("not built yet"))
}
