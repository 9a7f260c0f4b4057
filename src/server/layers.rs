//! What every request passes: who sends it, whether that may come in, and how answers leave.

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use tower_http::compression::CompressionLayer;
use tower_http::set_header::SetResponseHeaderLayer;

use super::envelope::refuse;
use super::state::AppState;
use crate::auth::cross_site::refuse_cross_site;
use crate::auth::layer;
use crate::error::{AppError, Code};

/// Puts the layers around all routes; the last one named is the first that a request meets.
pub fn wrap(router: Router<AppState>, state: &AppState) -> Router<AppState> {
    let fixed = |name: &'static str, value: &'static str| {
        SetResponseHeaderLayer::if_not_present(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        )
    };
    router
        .layer(refuse_cross_site())
        .layer(from_fn_with_state(state.clone(), layer::admit))
        .layer(from_fn_with_state(state.clone(), layer::identify))
        .layer(from_fn(envelop))
        // Pages and answers are one person's; only static files say otherwise, themselves.
        .layer(fixed("cache-control", "no-store"))
        .layer(fixed("x-content-type-options", "nosniff"))
        .layer(fixed("x-frame-options", "DENY"))
        .layer(fixed("referrer-policy", "same-origin"))
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
