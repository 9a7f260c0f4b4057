//! The engine's answers, with whatever goes wrong with them.

use std::collections::HashMap;
use std::convert::Infallible;
use std::io;
use std::time::SystemTime;

use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, Request, State};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use futures::{StreamExt, stream};
use serde_json::{Value, json};
use tokio::sync::broadcast::error::RecvError;

use super::container::{Cgroup, FakeContainer, HOST_CPUS, HOST_MEMORY};
use super::{Fault, Sent, Shared, acts, plots};

pub type Parameters = Query<HashMap<String, String>>;

/// The API, with and without a version in front.
pub fn router(shared: Shared) -> Router {
    let api = Router::new()
        .route("/_ping", get(ping).head(ping))
        .route("/version", get(version))
        .route("/info", get(info))
        .route("/containers/json", get(list))
        .route("/images/json", get(async || Json(json!([]))))
        .route("/containers/create", post(create))
        .route("/containers/{id}", delete(acts::remove))
        .route("/containers/{id}/rename", post(acts::rename))
        .route("/containers/{id}/update", post(acts::update))
        .route("/volumes/{id}", delete(acts::remove_volume))
        .route("/containers/{id}/stop", post(write))
        .route("/containers/{id}/exec", post(write))
        .route("/containers/{id}/json", get(inspect))
        .route("/containers/{id}/stats", get(stats))
        .route("/events", get(events));
    Router::new()
        .nest("/{version}", api.clone())
        .merge(api)
        .fallback(|| async { refusal(StatusCode::NOT_FOUND, "page not found") })
        .layer(from_fn_with_state(shared.clone(), misbehave))
        .with_state(shared)
}

async fn misbehave(State(shared): State<Shared>, request: Request, next: Next) -> Response {
    let path = format!("{} {}", request.method(), request.uri());
    let fault = {
        let mut state = shared.lock();
        state.asked.push(path.clone());
        let plotted = plots::turn(&mut state, &path);
        let faults = state.faults.iter();
        let broken = faults.into_iter().find(|(text, _)| path.contains(text));
        plotted.or_else(|| broken.map(|(_, fault)| fault.clone()))
    };
    match fault {
        None => {}
        Some(Fault::Hang) => std::future::pending().await,
        Some(Fault::Slow(delay)) => tokio::time::sleep(delay).await,
        Some(Fault::Refuse(status)) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            return refusal(status, "the daemon is not in the mood");
        }
        Some(Fault::Garbage) => return "<html>not an engine</html>".into_response(),
    }
    next.run(request).await
}

pub fn refusal(status: StatusCode, message: &str) -> Response {
    (status, Json(json!({"message": message}))).into_response()
}

async fn ping() -> Response {
    ([("api-version", "1.41"), ("ostype", "linux")], "OK").into_response()
}

async fn version() -> Json<Value> {
    Json(
        json!({"Version": "20.10.99-fake", "ApiVersion": "1.41", "MinAPIVersion": "1.12",
        "Os": "linux", "Arch": "amd64", "KernelVersion": "6.1.0", "GoVersion": "go1.19"}),
    )
}

async fn info(State(shared): State<Shared>) -> Json<Value> {
    let state = shared.lock();
    let second = state
        .containers
        .values()
        .any(|container| container.cgroup == Cgroup::V2);
    Json(
        json!({"ID": state.identity.as_deref().unwrap_or("FAKE"), "Name": "fake", "Containers": state.containers.len(),
        "ServerVersion": "20.10.99-fake", "CgroupVersion": if second { "2" } else { "1" },
        "CgroupDriver": "cgroupfs", "NCPU": HOST_CPUS, "MemTotal": HOST_MEMORY, "OSType": "linux"}),
    )
}

async fn list(State(shared): State<Shared>, Query(query): Parameters) -> Json<Vec<Value>> {
    let all = query
        .get("all")
        .is_some_and(|all| all == "1" || all == "true");
    let filters = filters(&query);
    let ids = filters["id"].as_array().cloned();
    let state = shared.lock();
    let wanted = |container: &&FakeContainer| {
        (all || container.runs())
            && ids.as_ref().is_none_or(|ids| {
                ids.iter()
                    .any(|id| id.as_str().is_some_and(|id| container.id.starts_with(id)))
            })
    };
    Json(
        state
            .containers
            .values()
            .filter(wanted)
            .map(FakeContainer::listed)
            .collect(),
    )
}

/// The `filters` parameter: `{"id":["…"]}`, or the older `{"id":{"…":true}}`, which nobody sends here.
fn filters(query: &HashMap<String, String>) -> Value {
    query
        .get("filters")
        .and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default()
}

/// A container that was asked for and is not there.
pub struct Missing(pub String);

impl IntoResponse for Missing {
    fn into_response(self) -> Response {
        refusal(
            StatusCode::NOT_FOUND,
            &format!("No such container: {}", self.0),
        )
    }
}

/// The id out of `{id}` or `{version}/{id}`; the engine takes a name, too.
pub fn find(shared: &Shared, path: &HashMap<String, String>) -> Result<FakeContainer, Missing> {
    let key = path.get("id").map(String::as_str).unwrap_or_default();
    let state = shared.lock();
    let found = state.containers.get(key).or_else(|| {
        state
            .containers
            .values()
            .find(|container| container.name == key)
    });
    found.cloned().ok_or_else(|| Missing(key.to_owned()))
}

async fn inspect(
    State(shared): State<Shared>,
    Path(path): Path<HashMap<String, String>>,
    Query(query): Parameters,
) -> Result<Json<Value>, Missing> {
    let mut inspected = find(&shared, &path)?.inspected();
    // It is counted only for whoever asks.
    if query.get("size").is_some_and(|size| size == "true") {
        inspected["SizeRw"] = json!(4096);
    }
    Ok(Json(inspected))
}

/// Nobody writes to this engine, but it says what it would: that there is no such container, or that
/// this one is not to be touched.
async fn write(
    State(shared): State<Shared>,
    Path(path): Path<HashMap<String, String>>,
) -> Result<Response, Missing> {
    let container = find(&shared, &path)?;
    let message = format!("{} is not to be touched", container.name);
    Ok(refusal(StatusCode::CONFLICT, &message))
}

async fn create(body: String) -> Response {
    match serde_json::from_str::<Value>(&body) {
        Ok(_) => refusal(StatusCode::CONFLICT, "nothing is made here"),
        Err(error) => refusal(StatusCode::BAD_REQUEST, &format!("invalid JSON: {error}")),
    }
}

/// One reading, or one a second while `stream` is not `false`.
async fn stats(
    State(shared): State<Shared>,
    Path(path): Path<HashMap<String, String>>,
    Query(query): Parameters,
) -> Result<Response, Missing> {
    let container = find(&shared, &path)?;
    if query
        .get("stream")
        .is_some_and(|stream| stream == "false" || stream == "0")
    {
        return Ok(Json(container.stats(SystemTime::now())).into_response());
    }
    let lines = stream::unfold((shared, path), |(shared, path)| async move {
        let container = find(&shared, &path).ok()?;
        let line = format!("{}\n", container.stats(SystemTime::now()));
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        Some((Ok::<_, Infallible>(line), (shared, path)))
    });
    Ok(Body::from_stream(lines).into_response())
}

/// What happened after `since`, then what happens, until somebody cuts it.
async fn events(State(shared): State<Shared>, Query(query): Parameters) -> Response {
    let since = query.get("since").map(|since| nanoseconds(since));
    let since = since.unwrap_or(u64::MAX);
    let (past, receiver) = {
        let state = shared.lock();
        let past = state.past.iter().filter(|(at, _)| *at >= since);
        let past: Vec<String> = past.map(|(_, line)| line.clone()).collect();
        (past, shared.events.subscribe())
    };
    let past = stream::iter(
        past.into_iter()
            .map(|line| Ok(Bytes::from(format!("{line}\n")))),
    );
    let live = stream::unfold(Some(receiver), |receiver| async {
        let mut receiver = receiver?;
        let item = match receiver.recv().await {
            Ok(Sent::Line(line)) => (Ok(Bytes::from(format!("{line}\n"))), Some(receiver)),
            Ok(Sent::Cut(half)) => (Ok(Bytes::from(half)), None),
            Err(RecvError::Lagged(_) | RecvError::Closed) => return None,
        };
        Some(item)
    });
    // The error makes the server drop the connection instead of ending the body in good order.
    let cut = stream::once(async { Err(io::Error::other("cut in mid stream")) });
    Body::from_stream(past.chain(live).chain(cut)).into_response()
}

/// Unix seconds with or without a fraction, in nanoseconds.
fn nanoseconds(text: &str) -> u64 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let fraction: String = fraction
        .chars()
        .chain("000000000".chars())
        .take(9)
        .collect();
    whole.parse::<u64>().unwrap_or_default() * 1_000_000_000
        + fraction.parse::<u64>().unwrap_or_default()
}
