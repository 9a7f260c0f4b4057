//! Writes that another site makes a browser send are refused. `SameSite` cookies do not do that alone:
//! an app on a sibling subdomain is the same site as we are.

use axum::response::Response;
use tower_http::csrf::{CsrfLayer, ProtectionError};

use crate::error::{AppError, Code};
use crate::server::envelope::refuse;

/// Goes by `Sec-Fetch-Site` and `Origin`. A request with neither is no browser's, such as a script with
/// a bearer token, and passes.
pub fn refuse_cross_site() -> CsrfLayer<fn(ProtectionError) -> Response> {
    CsrfLayer::new().with_rejection_response(answer)
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the layer hands its error over"
)]
fn answer(error: ProtectionError) -> Response {
    tracing::warn!(%error, "a write from another site was refused");
    refuse(AppError::new(
        Code::Forbidden,
        "This came from another site; use our own pages.",
    ))
}
