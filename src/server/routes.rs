//! What answers at the paths of the table of doors, at the server functions' own paths, and at the
//! few others.

use std::collections::HashSet;
use std::sync::LazyLock;

use axum::Router;
use axum::body::Body;
use axum::extract::{Extension, Query, RawPathParams, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Request, StatusCode, header};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, get, on};
use leptos::prelude::{Owner, provide_context};
use leptos::reactive::computed::ScopedFuture;
use leptos_axum::ResponseOptions;

use super::clock::Clock;
use super::db::Db;
use super::door::{Door, Knock, check_form, read_body};
use super::doors::doors;
use super::envelope::{answer, refuse};
use super::finishing::{Finishing, Lobby, to_the_end_where_there_is_room};
use super::plain::{FUNCTIONS, UNKNOWN};
use super::state::AppState;
use super::{bodies, openapi, ready};
use crate::auth::sign_on::provider::{CALLBACK, END, START};
use crate::auth::sign_on::routes as sign_on;
use crate::error::{AppError, Code};
use crate::events::audience::Ticket;
use crate::events::export::{self, FormatQuery};
use crate::events::question::Question;
use crate::events::sse::{self, StreamQuery, StreamState};

/// Every path that answers to programs.
pub fn api(acts: &Finishing) -> Router<AppState> {
    let lobby = Lobby::beside(acts, sign_on::turned_away);
    let to_the_end = from_fn_with_state(lobby, to_the_end_where_there_is_room);
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
        Some(Extension(ticket)) => sse::open(stream, ticket, &query, left_off).await,
        None => refuse(AppError::not_signed_in()),
    }
}

/// The event log as a file.
async fn export_events(
    State((db, clock)): State<(Db, Clock)>,
    ticket: Option<Extension<Ticket>>,
    Query(format): Query<FormatQuery>,
    Query(question): Query<Question>,
) -> Response {
    match ticket {
        Some(Extension(ticket)) => export::export(db, clock.now(), ticket, &format, question),
        None => refuse(AppError::not_signed_in()),
    }
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
    let (bytes, _room) = match bodies::take_in(&state.larders, &parts, body).await {
        Ok(taken) => taken,
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

/// A server function as the pages call it, with the status that its error stands for.
async fn call(State(state): State<AppState>, request: Request<Body>) -> Response {
    let (parts, body) = request.into_parts();
    let (bytes, _room) = match bodies::take_in(&state.larders, &parts, body).await {
        Ok(taken) => taken,
        Err(error) => return refuse(error),
    };
    if let Err(error) = check_form(&parts.headers, &bytes) {
        return refuse(error);
    }
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
    let Ok(bytes) = bodies::collect(body, bodies::MAX).await else {
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
}
