//! Paths that mean what they say. Where a path is read by several, such as the table of who may pass, the server
//! of files and the router of pages, one that each could take for another thing is taken for nothing.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;

use super::envelope::refuse;
use crate::error::AppError;

/// What some reader of a path takes for something else: dots, slashes, backslashes, and what is read twice.
const CROOKED: [&str; 6] = ["//", "\\", "%2e", "%2f", "%5c", "%25"];

/// Whether it has one reading. Names with other signs in them are fine.
pub fn is_straight(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    let has_dots = path.split('/').any(|part| part == "." || part == "..");
    let has_control = ["%0", "%1", "%7f"].iter().any(|sign| path.contains(sign));
    !has_dots && !has_control && !CROOKED.iter().any(|sign| path.contains(sign))
}

/// Lets only those paths on.
pub async fn refuse_crooked(request: Request, next: Next) -> Response {
    if is_straight(request.uri().path()) {
        next.run(request).await
    } else {
        refuse(AppError::not_found("page"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_could_lead_elsewhere_is_crooked() {
        for path in [
            "/pkg/../settings/users",
            "/pkg/%2e%2E/settings",
            "/pkg/..%2fsettings",
            "/pkg//settings",
            "/pkg/\\settings",
            "/pkg/%252e%252e/settings",
            "/pkg/%00",
            "/pkg/.",
        ] {
            assert!(!is_straight(path), "{path}");
        }
        for path in [
            "/",
            "/pkg/docker-watcher.wasm",
            "/a..b/...",
            "/%D0%BF%D1%83%D1%82%D1%8C",
            "/a%20b/",
        ] {
            assert!(is_straight(path), "{path}");
        }
    }
}
