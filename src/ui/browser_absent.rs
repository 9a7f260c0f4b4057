//! The browser as the server compiles it: there is none, so nothing is known of it.
//!
//! Only effects and event handlers call these, and those never run here; `browser.rs` is the real one.

use chrono::{DateTime, Utc};

/// No browser, no clock: pages show the exact time until one takes over.
pub fn now() -> Option<DateTime<Utc>> {
    None
}

/// The server does not know where the reader is.
pub fn utc_offset_minutes(_at: DateTime<Utc>) -> i32 {
    0
}

/// UTC, since the server does not know where the reader is.
pub fn clock_face(unix_seconds: i64) -> String {
    DateTime::from_timestamp(unix_seconds, 0)
        .map(|at| at.format("%H:%M UTC").to_string())
        .unwrap_or_default()
}

/// Nothing was copied.
pub async fn copy(_text: &str) -> bool {
    false
}

/// There is no cookie jar here; the answer's headers set cookies.
pub fn keep(_cookie: &str) {}

/// There is no document here; the shell writes the attribute.
pub fn mark_document(_attribute: &str, _value: Option<&str>) {}

/// Nothing is installed on a server.
pub fn register_service_worker() {}
