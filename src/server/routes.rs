//! What answers at the paths of the table of doors, at the server functions' own paths, and at the
//! few others.

use std::collections::HashSet;
use std::sync::LazyLock;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Extension, Query, RawPathParams, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Request, StatusCode, header};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, get, on};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use leptos::prelude::{Owner, provide_context};
use leptos::reactive::computed::ScopedFuture;
use leptos_axum::ResponseOptions;
use tower_http::timeout::{TimeoutBody, TimeoutError};

use super::clock::Clock;
use super::db::Db;
use super::door::{Door, Knock, read_body};
use super::doors::doors;
use super::envelope::{answer, refuse};
use super::finishing::{Finishing, to_the_end};
use super::plain::{FUNCTIONS, UNKNOWN};
use super::state::AppState;
use super::{openapi, ready};
use crate::auth::sign_on::provider::{CALLBACK, END, START};
use crate::auth::sign_on::routes as sign_on;
use crate::error::{AppError, Code};
use crate::events::audience::Ticket;
use crate::events::export::{self, FormatQuery};
use crate::events::question::Question;
use crate::events::sse::{self, StreamQuery, StreamState};

/// The largest body that is read; settings and sign-ins are far below it.
pub const MAX_BODY: usize = 1024 * 1024;

/// How long a body may send nothing.
const STALL: Duration = Duration::from_secs(15);

/// How long a body may take in all; at 20 kB/s the largest one arrives.
const LONGEST_BODY: Duration = Duration::from_secs(60);

/// How much of a body that is too large is still read, so that its sender hears why it was refused.
const MAX_POURED: usize = 64 * 1024 * 1024;

/// How long that may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Every path that answers to programs.
pub fn api(acts: &Finishing) -> Router<AppState> {
    let to_the_end = from_fn_with_state(acts.clone(), to_the_end);
    let sign_on = Router::new()
        .route(START, get(sign_on::start))
        .route(CALLBACK, get(sign_on::callback))
        .route(END, get(sign_on::end))
        .layer(to_the_end);
    let mut router = Router::new()
        .merge(sign_on)
        .route("/healthz", get(async || "ok"))
        .route("/readyz", get(ready::ready))
        .route("/api/stream", get(listen))
        .route("/api/events/export", get(export_events))
        .route(
            "/api/openapi.json",
            get(async || axum::Json(openapi::document())),
        )
        .route(FUNCTIONS, axum::routing::any(call));
    for path in UNKNOWN {
        router = router.route(path, axum::routing::any(unknown));
    }
    for door in doors().into_iter().filter(|door| !door.is_inside) {
        // The table holds only methods that have a filter, which a test below goes through.
        let Ok(filter) = MethodFilter::try_from(door.method.clone()) else {
            continue;
        };
        let path = door.path;
        let handler = async move |State(state): State<AppState>,
                                  params: RawPathParams,
                                  request: Request<Body>| {
            enter(&door, &state, &params, request).await
        };
        router = router.route(path, on(filter, handler));
    }
    router
}

/// Opens the stream of events for whoever asks; nobody gets as far as this without being somebody.
async fn listen(
    State(stream): State<StreamState>,
    ticket: Option<Extension<Ticket>>,
    Query(query): Query<StreamQuery>,
    headers: HeaderMap,
) -> Response {
    let left_off = headers
        .get("last-event-id")
        .and_then(|value| value.to_str().ok());
    match ticket {
        Some(Extension(ticket)) => sse::open(stream, ticket, &query, left_off),
        None => refuse(AppError::not_signed_in()),
    }
}

/// The event log as a file.
async fn export_events(
    State((db, clock)): State<(Db, Clock)>,
    Query(format): Query<FormatQuery>,
    Query(question): Query<Question>,
) -> Response {
    export::export(db, clock.now(), &format, question)
}

async fn unknown() -> Response {
    refuse(AppError::new(
        Code::NotFound,
        "There is no such path; /api/openapi.json lists them.",
    ))
}

/// Runs the server function behind a door and wraps what it answers.
async fn enter(
    door: &Door,
    state: &AppState,
    params: &RawPathParams,
    request: Request<Body>,
) -> Response {
    let path = params
        .iter()
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect();
    let (parts, body) = request.into_parts();
    let bytes = match collect(body).await {
        Ok(bytes) => bytes,
        Err(error) => return refuse(error),
    };
    let body = match read_body(&parts.headers, &bytes) {
        Ok(body) => body,
        Err(error) => return refuse(error),
    };
    let knock = Knock {
        path,
        query: parts.uri.query().unwrap_or_default().to_owned(),
        body,
    };
    if door.method.is_safe() {
        return pass(door, state, parts, knock).await;
    }
    let (door, owned) = (door.clone(), state.clone());
    let act = async move { pass(&door, &owned, parts, knock).await };
    state.acts.finish(act).await
}

async fn pass(door: &Door, state: &AppState, parts: Parts, knock: Knock) -> Response {
    let options = ResponseOptions::default();
    let owner = Owner::new();
    let run = owner.with(|| {
        state.provide(&parts);
        provide_context(parts);
        provide_context(options.clone());
        ScopedFuture::new((door.run)(door, knock))
    });
    let mut response = answer(run.await);
    // A server function may set cookies; where it sends a browser next is none of a program's business.
    let set = options
        .0
        .write()
        .map(|mut parts| std::mem::take(&mut parts.headers));
    let set = set.unwrap_or_else(|poisoned| std::mem::take(&mut poisoned.into_inner().headers));
    for cookie in set.get_all(header::SET_COOKIE) {
        response
            .headers_mut()
            .append(header::SET_COOKIE, cookie.clone());
    }
    response
}

async fn collect(mut body: Body) -> Result<Bytes, AppError> {
    let limited = Limited::new(TimeoutBody::new(STALL, &mut body), MAX_BODY);
    let Ok(outcome) = tokio::time::timeout(LONGEST_BODY, limited.collect()).await else {
        return Err(too_slow());
    };
    match outcome {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<TimeoutError>() => Err(too_slow()),
        Err(error) if error.is::<LengthLimitError>() => {
            // Nobody sends for longer than this; whoever does loses the answer.
            drop(tokio::time::timeout(PATIENCE, pour_away(body)).await);
            Err(AppError::new(
                Code::TooLarge,
                format!("The body is larger than {MAX_BODY} bytes."),
            ))
        }
        Err(_) => Err(AppError::malformed("The body ended too early.")),
    }
}

fn too_slow() -> AppError {
    AppError::new(Code::TimedOut, "The body came too slowly; send it again.")
}

/// Reads what is left of a body that is too large: a client that is still sending when the connection
/// closes sees a broken pipe instead of the reason.
async fn pour_away(mut body: Body) {
    let mut left = MAX_POURED;
    while let Some(Ok(frame)) = body.frame().await {
        let size = frame.data_ref().map_or(0, Bytes::len);
        match left.checked_sub(size) {
            Some(rest) => left = rest,
            None => return,
        }
    }
}

/// A server function as the pages call it, with the status that its error stands for.
async fn call(State(state): State<AppState>, request: Request<Body>) -> Response {
    let (parts, body) = request.into_parts();
    let bytes = match collect(body).await {
        Ok(bytes) => bytes,
        Err(error) => return refuse(error),
    };
    let headers = parts.clone();
    let acts = state.acts.clone();
    let provide = move || state.provide(&headers);
    let is_read = is_read(parts.uri.path());
    let request = Request::from_parts(parts, Body::from(bytes));
    let run = async move {
        let response = leptos_axum::handle_server_fns_with_context(provide, request);
        response.await.into_response()
    };
    let response = match is_read {
        true => run.await,
        false => acts.finish(run).await,
    };
    match response.status() {
        StatusCode::INTERNAL_SERVER_ERROR => with_own_status(response).await,
        // What Leptos says of a function that it does not know.
        StatusCode::BAD_REQUEST if !is_error_of_function(response.headers()) => unknown().await,
        _ => response,
    }
}

/// The server function at this path changes nothing.
fn is_read(path: &str) -> bool {
    static READS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
        let doors = doors().into_iter();
        let reads = doors.filter(|door| door.method.is_safe());
        reads.map(|door| door.function).collect()
    });
    READS.contains(path)
}

fn is_error_of_function(headers: &HeaderMap) -> bool {
    headers.contains_key("serverfnerror")
}

/// Every error of a server function leaves Leptos as a 500; the error itself knows better.
async fn with_own_status(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = collect(body).await else {
        return refuse(AppError::internal("no body"));
    };
    if let Ok(error) = serde_json::from_slice::<AppError>(&bytes)
        && let Ok(status) = StatusCode::from_u16(error.code.status())
    {
        parts.status = status;
    }
    Response::from_parts(parts, Body::from(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_door_has_a_method_that_a_route_can_filter() {
        for door in doors() {
            assert!(
                MethodFilter::try_from(door.method.clone()).is_ok(),
                "{}",
                door.path
            );
        }
    }

    /// A body that sends a byte each time this much has passed, without an end.
    fn trickle(pause: Duration) -> Body {
        Body::from_stream(futures::stream::unfold((), move |()| async move {
            tokio::time::sleep(pause).await;
            Some((Ok::<_, std::io::Error>(Bytes::from_static(b" ")), ()))
        }))
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_is_given_up_when_it_stalls_and_when_it_trickles() {
        for (pause, limit) in [(STALL * 2, STALL), (STALL / 2, LONGEST_BODY)] {
            let start = tokio::time::Instant::now();
            let error = collect(trickle(pause)).await.unwrap_err();
            assert_eq!(error.code, Code::TimedOut);
            assert_eq!(start.elapsed().as_secs(), limit.as_secs());
        }
    }
}
