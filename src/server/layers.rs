//! What every request passes: who sends it, whether that may come in, and how answers leave.

use axum::Router;
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use tower_http::compression::CompressionLayer;

use super::envelope::refuse;
use super::state::AppState;
use super::{headers, pages, panics};
use crate::auth::cross_site::refuse_cross_site;
use crate::auth::layer;
use crate::error::{AppError, Code};

/// Puts the layers around all routes; the last one named is the first that a request meets.
pub fn wrap(router: Router<AppState>, state: &AppState) -> Router<AppState> {
    router
        .layer(refuse_cross_site())
        .layer(from_fn_with_state(state.clone(), layer::admit))
        .layer(from_fn_with_state(state.clone(), pages::show_refusals))
        // Inside as well, where the answer still learns how its request came.
        .layer(panics::catch())
        .layer(from_fn_with_state(state.clone(), layer::identify))
        .layer(from_fn(envelop))
        .layer(panics::catch())
        .layer(from_fn(headers::stamp))
        .layer(CompressionLayer::new())
}

/// Errors that the framework makes below `/api` (a method that a path does not have, say) get the
/// envelope that every other error has.
async fn envelop(request: Request, next: Next) -> Response {
    let is_api = request.uri().path().starts_with("/api");
    let response = next.run(request).await;
    let is_json = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
    if !is_api || is_json || response.status().is_success() || response.status().is_redirection() {
        return response;
    }
    let error = match response.status() {
        StatusCode::NOT_FOUND => AppError::not_found("path"),
        StatusCode::METHOD_NOT_ALLOWED => AppError::new(
            Code::MethodNotAllowed,
            "This path does not take that method.",
        ),
        StatusCode::PAYLOAD_TOO_LARGE => AppError::new(Code::TooLarge, "The body is too large."),
        status if status.is_client_error() => {
            AppError::malformed("The request makes no sense here.")
        }
        status => AppError::internal(format!("a handler answered {status} without an envelope")),
    };
    let mut enveloped = refuse(error);
    if let Some(allow) = response.headers().get(header::ALLOW) {
        enveloped.headers_mut().insert(header::ALLOW, allow.clone());
    }
    enveloped
}
