//! The browser as the server knows it: by the request that it sent, and by what the answer tells it.
//!
//! The same functions as in `browser.rs`. Where a request says nothing, these say nothing.

use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use chrono::{DateTime, Utc};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

/// Nothing: pages show the exact time until a browser takes over.
pub fn now() -> Option<DateTime<Utc>> {
    None
}

/// Zero: a request does not say where the reader is.
pub fn utc_offset_minutes(_at: DateTime<Utc>) -> i32 {
    0
}

/// UTC, since a request does not say where the reader is.
pub fn clock_face(unix_seconds: i64) -> String {
    DateTime::from_timestamp(unix_seconds, 0)
        .map(|at| at.format("%H:%M UTC").to_string())
        .unwrap_or_default()
}

/// The cookie `name` that came with the request.
pub fn cookie(name: &str) -> Option<String> {
    let parts = use_context::<Parts>()?;
    let jars = parts.headers.get_all(COOKIE);
    jars.iter()
        .filter_map(|jar| jar.to_str().ok())
        .find_map(|jar| super::preference::in_jar(jar, name))
}

/// Sends a cookie with the answer.
pub fn keep(cookie: &str) {
    if let Some(answer) = use_context::<ResponseOptions>()
        && let Ok(cookie) = HeaderValue::from_str(cookie)
    {
        answer.append_header(SET_COOKIE, cookie);
    }
}

/// A header of the request.
pub fn header(name: &str) -> Option<String> {
    let parts = use_context::<Parts>()?;
    parts.headers.get(name)?.to_str().ok().map(str::to_owned)
}

/// Sets the status of the page that is being written.
pub fn answer_with(status: u16) {
    if let Some(answer) = use_context::<ResponseOptions>()
        && let Ok(status) = StatusCode::from_u16(status)
    {
        answer.set_status(status);
    }
}

/// Answers with another page of this site.
pub fn lead_to(path: &str) {
    leptos_axum::redirect(path);
}

/// Whoever asks for a page without being signed in has been led there already.
pub fn lead_to_sign_in() {}

/// Never: nothing can be copied for somebody else.
pub async fn copy(_text: &str) -> bool {
    false
}

/// Always: what is being written has not been scrolled.
pub fn is_at_top() -> bool {
    true
}

/// Nothing: see above.
pub fn scroll_to_top() {}

/// Nobody has a focus yet.
pub fn focus_on(_selector: &str) {}

/// Nothing: without scripts an open dialog is a part of its page.
pub fn close_dialog() {}

/// The shell writes the attributes of `<html>` itself.
pub fn mark_document(_attribute: &str, _value: Option<&str>) {}
