//! The paths of the HTTP API: one table, each row a door onto a server function.

use axum::http::Method;

use super::door::Door;
use crate::auth::api::{LogIn, LogOut, ReadAuthState, SetUp};
use crate::engines::api::{ChangeEngine, CreateEngine, DeleteEngine, ListEngines};
use crate::health::api::ReadSummary;
use crate::projects::api::{
    CreateProject, DeleteProject, ListProjects, ListRuntimeStates, ListStageInstances,
    ListWorkloads, ReadRuntimeState, ReadWorkload, RenameProject,
};
use crate::settings::api::{ChangeSettings, ReadSettings};
use crate::stats::api::{ReadFleetHistory, ReadInstanceStats, ReadLatest, ReadWorkloadHistory};

/// Every door.
pub fn doors() -> Vec<Door> {
    let (get, post) = (Method::GET, Method::POST);
    let (patch, delete) = (Method::PATCH, Method::DELETE);
    vec![
        Door::onto::<ReadAuthState>(&get, "/api/auth/state").open_to_all(),
        Door::onto::<SetUp>(&post, "/api/auth/setup").open_to_all(),
        Door::onto::<LogIn>(&post, "/api/auth/login").open_to_all(),
        Door::onto::<LogOut>(&post, "/api/auth/logout"),
        Door::onto::<ReadSummary>(&get, "/api/health/summary"),
        Door::onto::<ListEngines>(&get, "/api/engines"),
        Door::onto::<CreateEngine>(&post, "/api/engines"),
        Door::onto::<ChangeEngine>(&patch, "/api/engines/{id}"),
        Door::onto::<DeleteEngine>(&delete, "/api/engines/{id}"),
        Door::onto::<ListProjects>(&get, "/api/projects"),
        Door::onto::<CreateProject>(&post, "/api/projects"),
        Door::onto::<RenameProject>(&patch, "/api/projects/{id}"),
        Door::onto::<DeleteProject>(&delete, "/api/projects/{id}"),
        Door::onto::<ListStageInstances>(&get, "/api/projects/{id}/stages/{stage}/instances"),
        Door::onto::<ReadInstanceStats>(
            &get,
            "/api/projects/{id}/stages/{stage}/instances/{iid}/stats",
        ),
        Door::onto::<ListWorkloads>(&get, "/api/workloads"),
        Door::onto::<ReadWorkload>(&get, "/api/workloads/{id}"),
        Door::onto::<ReadRuntimeState>(&get, "/api/workloads/{id}/runtime-state"),
        Door::onto::<ReadWorkloadHistory>(&get, "/api/workloads/{id}/stats/history"),
        Door::onto::<ReadFleetHistory>(&get, "/api/stats/history"),
        Door::onto::<ReadSettings>(&get, "/api/settings"),
        Door::onto::<ChangeSettings>(&patch, "/api/settings").body_is("patch"),
        Door::inside::<ListRuntimeStates>(),
        Door::inside::<ReadLatest>(),
    ]
}
