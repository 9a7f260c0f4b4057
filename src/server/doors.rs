//! The paths of the HTTP API: one table, each row a door onto a server function.

use axum::http::Method;

use super::door::Door;
use crate::auth::access::Access::{Admin, Everyone, Person, Reader};
use crate::auth::api::{ChangePassword, LogIn, LogOut, ReadAuthState, SetUp};
use crate::auth::second_factor::api::{
    BeginSecondFactor, ConfirmSecondFactor, ReadSecondFactor, RemoveSecondFactor,
    RenewRecoveryCodes,
};
use crate::auth::sessions::api::{EndOtherSessions, EndSession, ListSessions};
use crate::auth::sign_on::api::ReadSignOn;
use crate::auth::tokens::api::{CreateToken, DeleteToken, ListTokens};
use crate::auth::users::api::{ChangeUser, CreateUser, DeleteUser, ListUsers};
use crate::engines::api::{ChangeEngine, CreateEngine, DeleteEngine, ListEngines};
use crate::events::api::ListEvents;
use crate::health::api::ReadSummary;
use crate::projects::api::{
    CreateProject, DeleteProject, ListProjects, ListRuntimeStates, ListStageInstances,
    ListWorkloadEvents, ListWorkloads, ReadRuntimeState, ReadWorkload, RenameProject,
};
use crate::settings::api::{ChangeSettings, ReadSettings};
use crate::stale::api::{
    CleanUp, CleanUpOne, CreateExemption, DeleteExemption, ListExemptions, ListQuarantine,
    ListStale, ReadScan, RemoveQuarantined, RestoreQuarantined, ScanStale,
};
use crate::stats::api::{ReadFleetHistory, ReadInstanceStats, ReadLatest, ReadWorkloadHistory};

/// Every door.
pub fn doors() -> Vec<Door> {
    let (get, post) = (Method::GET, Method::POST);
    let (patch, delete) = (Method::PATCH, Method::DELETE);
    vec![
        Door::onto::<ReadAuthState>(&get, "/api/auth/state", Everyone),
        Door::onto::<SetUp>(&post, "/api/auth/setup", Everyone),
        Door::onto::<LogIn>(&post, "/api/auth/login", Everyone),
        Door::onto::<LogOut>(&post, "/api/auth/logout", Person),
        Door::onto::<ChangePassword>(&post, "/api/auth/password", Person),
        Door::onto::<ListSessions>(&get, "/api/auth/sessions", Person),
        Door::onto::<EndOtherSessions>(&delete, "/api/auth/sessions", Person),
        Door::onto::<EndSession>(&delete, "/api/auth/sessions/{id}", Person),
        Door::onto::<ReadSecondFactor>(&get, "/api/auth/second-factor", Person),
        Door::onto::<BeginSecondFactor>(&post, "/api/auth/second-factor", Person),
        Door::onto::<RemoveSecondFactor>(&delete, "/api/auth/second-factor", Person),
        Door::onto::<ConfirmSecondFactor>(&post, "/api/auth/second-factor/confirm", Person),
        Door::onto::<RenewRecoveryCodes>(&post, "/api/auth/second-factor/recovery-codes", Person),
        Door::onto::<ReadSignOn>(&get, "/api/auth/oidc", Admin),
        Door::onto::<ListUsers>(&get, "/api/users", Admin),
        Door::onto::<CreateUser>(&post, "/api/users", Admin),
        Door::onto::<ChangeUser>(&patch, "/api/users/{id}", Admin).body_is("patch"),
        Door::onto::<DeleteUser>(&delete, "/api/users/{id}", Admin),
        Door::onto::<ListTokens>(&get, "/api/tokens", Reader),
        Door::onto::<CreateToken>(&post, "/api/tokens", Admin),
        Door::onto::<DeleteToken>(&delete, "/api/tokens/{id}", Admin),
        Door::onto::<ReadSummary>(&get, "/api/health/summary", Reader),
        Door::onto::<ListEngines>(&get, "/api/engines", Reader),
        Door::onto::<CreateEngine>(&post, "/api/engines", Admin),
        Door::onto::<ChangeEngine>(&patch, "/api/engines/{id}", Admin),
        Door::onto::<DeleteEngine>(&delete, "/api/engines/{id}", Admin),
        Door::onto::<ListProjects>(&get, "/api/projects", Reader),
        Door::onto::<CreateProject>(&post, "/api/projects", Admin),
        Door::onto::<RenameProject>(&patch, "/api/projects/{id}", Admin),
        Door::onto::<DeleteProject>(&delete, "/api/projects/{id}", Admin),
        Door::onto::<ListStageInstances>(
            &get,
            "/api/projects/{id}/stages/{stage}/instances",
            Reader,
        ),
        Door::onto::<ReadInstanceStats>(
            &get,
            "/api/projects/{id}/stages/{stage}/instances/{iid}/stats",
            Reader,
        ),
        Door::onto::<ListWorkloads>(&get, "/api/workloads", Reader),
        Door::onto::<ReadWorkload>(&get, "/api/workloads/{id}", Reader),
        Door::onto::<ReadRuntimeState>(&get, "/api/workloads/{id}/runtime-state", Reader),
        Door::onto::<ReadWorkloadHistory>(&get, "/api/workloads/{id}/stats/history", Reader),
        Door::onto::<ListWorkloadEvents>(&get, "/api/workloads/{id}/events", Reader),
        Door::onto::<ReadFleetHistory>(&get, "/api/stats/history", Reader),
        Door::onto::<ListStale>(&get, "/api/containers/stale", Reader),
        Door::onto::<ReadScan>(&get, "/api/containers/stale/scan", Reader),
        Door::onto::<ScanStale>(&post, "/api/containers/stale/scan", Admin).strict(),
        Door::onto::<CleanUp>(&post, "/api/containers/stale/cleanup", Admin).strict(),
        Door::onto::<CleanUpOne>(&post, "/api/containers/stale/{id}/cleanup", Admin).strict(),
        Door::onto::<ListQuarantine>(&get, "/api/containers/quarantine", Reader),
        Door::onto::<RestoreQuarantined>(&post, "/api/containers/quarantine/{id}/restore", Admin)
            .strict(),
        Door::onto::<RemoveQuarantined>(&post, "/api/containers/quarantine/{id}/remove", Admin)
            .strict(),
        Door::onto::<ListExemptions>(&get, "/api/containers/exemptions", Reader),
        Door::onto::<CreateExemption>(&post, "/api/containers/exemptions", Admin).strict(),
        Door::onto::<DeleteExemption>(&delete, "/api/containers/exemptions/{id}", Admin).strict(),
        Door::onto::<ListEvents>(&get, "/api/events", Reader),
        Door::onto::<ReadSettings>(&get, "/api/settings", Reader),
        Door::onto::<ChangeSettings>(&patch, "/api/settings", Admin).body_is("patch"),
        Door::inside::<ListRuntimeStates>(Reader),
        Door::inside::<ReadLatest>(Reader),
    ]
}
