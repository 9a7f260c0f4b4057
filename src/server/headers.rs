//! What every answer tells a browser to refuse: scripts that are not ours, frames, guessed types, and
//! what a page could do with the device.

use axum::extract::Request;
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use leptos::nonce::Nonce;

use super::config;
use crate::auth::visit::Visit;

/// The same on every answer.
const ALWAYS: [(HeaderName, &str); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    // A form's page says where it leads by its own address, which only we may see.
    (header::REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    // Browsers complain of a power that they do not know, so only those stand here that they know.
    (
        HeaderName::from_static("permissions-policy"),
        "accelerometer=(), autoplay=(), camera=(), clipboard-read=(), clipboard-write=(self), \
         display-capture=(), encrypted-media=(), fullscreen=(), gamepad=(), geolocation=(), \
         gyroscope=(), hid=(), idle-detection=(), keyboard-map=(), local-fonts=(), magnetometer=(), \
         microphone=(), midi=(), payment=(), picture-in-picture=(), publickey-credentials-get=(), \
         screen-wake-lock=(), serial=(), storage-access=(), usb=(), window-management=(), \
         xr-spatial-tracking=()",
    ),
];

/// Data, and files that are not documents, load nothing.
const NOTHING: &str =
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Files that load something themselves.
const OF_FILES: [(&str, &str); 2] = [
    (
        "/offline.html",
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'",
    ),
    (
        "/sw.js",
        "default-src 'none'; connect-src 'self'; frame-ancestors 'none'",
    ),
];

/// A year; only for our own name, since what stands beside us is not ours.
const STRICT_TRANSPORT: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// Gives the request a nonce for the scripts in the page, and the answer its headers.
pub async fn stamp(mut request: Request, next: Next) -> Response {
    let nonce = Nonce::new();
    request.extensions_mut().insert(nonce.clone());
    let path = request.uri().path().to_owned();
    let mut response = next.run(request).await;
    // Whoever identified the sender found out how the request came.
    let is_https = response
        .extensions()
        .get::<Visit>()
        .is_some_and(|visit| visit.is_https);
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // Pages and answers are one person's; only static files say otherwise, themselves.
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    let policy = content_policy(&path, headers, &nonce);
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    if is_https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, STRICT_TRANSPORT);
    }
    response
}

/// The headers of a refusal that comes before there is a request.
pub fn of_refusal() -> impl Iterator<Item = (HeaderName, &'static str)> {
    let own = [
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_SECURITY_POLICY, NOTHING),
    ];
    ALWAYS.into_iter().chain(own)
}

fn content_policy(path: &str, headers: &HeaderMap, nonce: &Nonce) -> HeaderValue {
    if let Some((_, policy)) = OF_FILES.iter().find(|(file, _)| *file == path) {
        return HeaderValue::from_static(policy);
    }
    let is_page = headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    let policy = is_page.then(|| HeaderValue::from_str(&page_policy(nonce, config::is_watched())));
    policy
        .and_then(Result::ok)
        .unwrap_or(HeaderValue::from_static(NOTHING))
}

/// `watched` is a build that reloads its pages by itself, over a socket on another port.
fn page_policy(nonce: &Nonce, watched: bool) -> String {
    let reload = if watched { " ws:" } else { "" };
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self'; connect-src 'self'{reload}; manifest-src 'self'; worker-src 'self'; \
         form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(path: &str, kind: &'static str) -> String {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        let nonce = Nonce::from_value("abc");
        let policy = content_policy(path, &headers, &nonce);
        policy.to_str().unwrap().to_owned()
    }

    #[test]
    fn a_page_may_run_our_scripts_and_those_with_its_nonce_and_nothing_inline() {
        let policy = policy("/", "text/html; charset=utf-8");
        assert!(policy.contains("script-src 'self' 'nonce-abc' 'wasm-unsafe-eval';"));
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
        assert!(!policy.contains("ws:"), "{policy}");
        assert!(page_policy(&Nonce::from_value("abc"), true).contains("connect-src 'self' ws:;"));
    }

    #[test]
    fn data_loads_nothing_and_a_file_only_what_it_needs() {
        assert_eq!(policy("/api/settings", "application/json"), NOTHING);
        assert_eq!(policy("/favicon.svg", "image/svg+xml"), NOTHING);
        assert!(policy("/offline.html", "text/html").contains("style-src 'self'"));
        assert!(policy("/sw.js", "text/javascript").contains("connect-src 'self'"));
    }
}
