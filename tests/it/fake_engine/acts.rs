//! What may be done to a container or a volume, with the engine's own refusals.

use std::collections::HashMap;
use std::time::Instant;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::container::FakeContainer;
use super::routes::{Missing, Parameters, find, refusal};
use super::{Sent, Shared, plots};

type Names = Path<HashMap<String, String>>;

/// A removal that was done.
#[derive(Clone, Debug)]
pub struct Removal {
    /// As it was in that moment.
    pub container: FakeContainer,
    /// It was asked for with force, or with the volumes.
    pub ruthless: bool,
    /// Something happened to it in the very moment of it.
    pub twisted: bool,
    /// When it was done.
    pub at: Instant,
}

/// A container with this label is not removed at once: it is in the state `removing` until the test ends it.
const SLOW_REMOVAL: &str = "fake.slow-removal";

/// Tells an event without holding the state's lock.
fn tell(shared: &Shared, container: &FakeContainer, action: &str) {
    let event = container.event(action);
    let nano = event["timeNano"].as_u64().unwrap_or_default();
    let line = event.to_string();
    if shared.lock().quiet {
        return;
    }
    shared.lock().past.push((nano, line.clone()));
    drop(shared.events.send(Sent::Line(line)));
}

pub async fn rename(
    State(shared): State<Shared>,
    Path(path): Names,
    Query(query): Parameters,
) -> Result<Response, Missing> {
    let container = find(&shared, &path)?;
    let name = query.get("name").cloned().unwrap_or_default();
    let renamed = {
        let mut state = shared.lock();
        let mut others = state.containers.values();
        if others.any(|other| other.name == name && other.id != container.id) {
            let message = format!("Conflict. The container name \"/{name}\" is already in use");
            return Ok(refusal(StatusCode::CONFLICT, &message));
        }
        let Some(found) = state.containers.get_mut(&container.id) else {
            return Err(Missing(container.id));
        };
        found.name = name;
        found.clone()
    };
    tell(&shared, &renamed, "rename");
    Ok(StatusCode::NO_CONTENT.into_response())
}

pub async fn update(
    State(shared): State<Shared>,
    Path(path): Names,
    Json(body): Json<Value>,
) -> Result<Response, Missing> {
    let container = find(&shared, &path)?;
    let policy = body["RestartPolicy"]["Name"].as_str().unwrap_or_default();
    match shared.lock().containers.get_mut(&container.id) {
        Some(found) => found.policy = policy.to_owned(),
        None => return Err(Missing(container.id)),
    }
    Ok(Json(json!({"Warnings": []})).into_response())
}

pub async fn remove(
    State(shared): State<Shared>,
    Path(path): Names,
    Query(query): Parameters,
) -> Result<Response, Missing> {
    let container = find(&shared, &path)?;
    let is_set = |key: &str| {
        let value = query.get(key);
        value.is_some_and(|value| value == "1" || value == "true")
    };
    if container.runs() && !is_set("force") {
        let message =
            "You cannot remove a running container. Stop the container before attempting removal";
        return Ok(refusal(StatusCode::CONFLICT, message));
    }
    if container.labels.iter().any(|(key, _)| key == SLOW_REMOVAL) {
        if let Some(found) = shared.lock().containers.get_mut(&container.id) {
            found.state = "removing".to_owned();
        }
        let message = format!(
            "removal of container {} is already in progress",
            container.id
        );
        return Ok(refusal(StatusCode::CONFLICT, &message));
    }
    {
        let mut state = shared.lock();
        state.containers.remove(&container.id);
        let twisted = plots::came_unseen(&state, &container.id);
        state.removals.push(Removal {
            container: container.clone(),
            ruthless: is_set("force") || is_set("v"),
            twisted,
            at: Instant::now(),
        });
    }
    tell(&shared, &container, "destroy");
    Ok(StatusCode::NO_CONTENT.into_response())
}

pub async fn remove_volume(State(shared): State<Shared>, Path(path): Names) -> Response {
    let name = path.get("id").cloned().unwrap_or_default();
    let mut state = shared.lock();
    let mut all = state.containers.values();
    if all.any(|container| container.volumes.contains(&name)) {
        let message = format!("remove {name}: volume is in use");
        return refusal(StatusCode::CONFLICT, &message);
    }
    if state.volumes.remove(&name) {
        StatusCode::NO_CONTENT.into_response()
    } else {
        refusal(
            StatusCode::NOT_FOUND,
            &format!("get {name}: no such volume"),
        )
    }
}
