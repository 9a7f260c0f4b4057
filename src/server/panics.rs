//! A panic ends the request that it happened in and nothing else; it is logged once, where it happens.

use std::any::Any;
use std::backtrace::{Backtrace, BacktraceStatus};
use std::panic::PanicHookInfo;

use axum::response::Response;
use tower_http::catch_panic::CatchPanicLayer;

use super::envelope::refuse;
use crate::error::AppError;

/// Answers in place of a handler that panicked.
pub fn catch() -> CatchPanicLayer<fn(Box<dyn Any + Send + 'static>) -> Response> {
    CatchPanicLayer::custom(answer)
}

/// The hook has logged it already.
fn answer(_: Box<dyn Any + Send + 'static>) -> Response {
    refuse(AppError::unexplained())
}

/// Writes panics to the program's own log instead of straight to standard error.
pub fn log_from_now_on() {
    std::panic::set_hook(Box::new(log));
}

/// As one line of the log.
pub(super) fn log(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string);
    let failure = panic.payload_as_str().unwrap_or("it said nothing");
    // Empty unless RUST_BACKTRACE asks for it.
    let backtrace = Backtrace::capture();
    let backtrace =
        (backtrace.status() == BacktraceStatus::Captured).then(|| backtrace.to_string());
    tracing::error!(failure, place, backtrace, "something panicked");
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::Body;
    use axum::extract::Request;
    use axum::routing::get;
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    use super::*;

    async fn fail() {
        panic!("of a secret cause");
    }

    #[tokio::test]
    async fn a_handler_that_panics_answers_in_the_envelope_and_keeps_its_cause() {
        let router = Router::new().route("/", get(fail)).layer(catch());
        let request = Request::new(Body::empty());
        let response = router.oneshot(request).await.unwrap();
        assert_eq!(response.status().as_u16(), 500);
        let body = response.into_body().collect().await.unwrap().to_bytes();
        let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(body["error"]["code"], "internal");
        assert!(!body.to_string().contains("secret"), "{body}");
    }
}
