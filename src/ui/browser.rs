//! What only a browser can do: its clock, its cookies, its service worker.

use std::time::Duration;

use chrono::{DateTime, Utc};
use js_sys::Date;
use leptos::prelude::{document, set_timeout, window};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, FocusOptions, HtmlDialogElement, HtmlDocument, HtmlElement, RequestInit,
    Response,
};

/// The reader's present.
pub fn now() -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_millis(Date::now() as i64)
}

/// How far the reader's clock is ahead of UTC at that time, summer time included.
pub fn utc_offset_minutes(at: DateTime<Utc>) -> i32 {
    let behind = local(at.timestamp()).get_timezone_offset() as i32;
    -behind
}

/// A time of day where the reader is: "14:02".
pub fn clock_face(unix_seconds: i64) -> String {
    let date = local(unix_seconds);
    format!("{:02}:{:02}", date.get_hours(), date.get_minutes())
}

fn local(unix_seconds: i64) -> Date {
    Date::new(&JsValue::from_f64(unix_seconds as f64 * 1000.0))
}

/// The cookie `name`, where scripts may read it.
pub fn cookie(name: &str) -> Option<String> {
    let document = document();
    let jar = document.dyn_ref::<HtmlDocument>()?.cookie().ok()?;
    super::preference::in_jar(&jar, name)
}

/// Sets a cookie as `Set-Cookie` would.
pub fn keep(cookie: &str) {
    if let Some(document) = document().dyn_ref::<HtmlDocument>()
        && let Err(refused) = document.set_cookie(cookie)
    {
        leptos::logging::warn!("the browser keeps no cookie: {refused:?}");
    }
}

/// Nothing: scripts do not see the headers of their page.
pub fn header(_name: &str) -> Option<String> {
    None
}

/// The answer has been given when a browser comes here.
pub fn answer_with(_status: u16) {}

/// Loads another page of this site in place of this one.
pub fn lead_to(path: &str) {
    if let Err(refused) = window().location().replace(path) {
        leptos::logging::warn!("the browser stays here: {refused:?}");
    }
}

/// Leads to the sign-in page, and from there back to here.
pub fn lead_to_sign_in() {
    let location = window().location();
    let path = location.pathname().unwrap_or_default();
    let query = location.search().unwrap_or_default();
    let next = js_sys::encode_uri_component(&format!("{path}{query}"));
    lead_to(&format!("/login?next={next}"));
}

/// The status that the server answers a question for `path` with; nothing while it is away, or where
/// it takes longer than `patience` milliseconds.
pub async fn status_of(path: &str, patience: u64) -> Option<u16> {
    let ask = RequestInit::new();
    ask.set_method("HEAD");
    let ending = AbortController::new().ok()?;
    ask.set_signal(Some(&ending.signal()));
    set_timeout(move || ending.abort(), Duration::from_millis(patience));
    let answer = JsFuture::from(window().fetch_with_str_and_init(path, &ask)).await;
    let answer = answer.ok()?.dyn_into::<Response>().ok()?;
    Some(answer.status())
}

/// A number in 0..1 that nobody knows before.
pub fn chance() -> f64 {
    js_sys::Math::random()
}

/// Puts `text` on the clipboard; false where the browser refuses, as it does without TLS.
pub async fn copy(text: &str) -> bool {
    let navigator = window().navigator();
    let absent = js_sys::Reflect::get(&navigator, &"clipboard".into())
        .map_or(true, |clipboard| clipboard.is_undefined());
    if absent {
        return false;
    }
    JsFuture::from(navigator.clipboard().write_text(text))
        .await
        .is_ok()
}

/// Whether the page is scrolled to its top, or as good as.
pub fn is_at_top() -> bool {
    window().scroll_y().is_ok_and(|scrolled| scrolled < 8.0)
}

/// Scrolls the page to its top.
pub fn scroll_to_top() {
    window().scroll_to_with_x_and_y(0.0, 0.0);
}

/// Gives the focus to the first element that `selector` finds, without scrolling to it.
pub fn focus_on(selector: &str) {
    let found = document().query_selector(selector).ok().flatten();
    if let Some(element) = found.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
        let options = FocusOptions::new();
        options.set_prevent_scroll(true);
        // Only a page that is going away refuses.
        drop(element.focus_with_options(&options));
    }
}

/// Closes the dialog that is open, as Escape does: the focus returns to what opened it.
pub fn close_dialog() {
    let open = document().query_selector("dialog:modal").ok().flatten();
    if let Some(dialog) = open.and_then(|open| open.dyn_into::<HtmlDialogElement>().ok()) {
        dialog.close();
    }
}

/// Sets an attribute of `<html>`, or takes it away.
pub fn mark_document(attribute: &str, value: Option<&str>) {
    let Some(root) = document().document_element() else {
        return;
    };
    let done = match value {
        Some(value) => root.set_attribute(attribute, value),
        None => root.remove_attribute(attribute),
    };
    if let Err(refused) = done {
        leptos::logging::warn!("the page refuses {attribute}: {refused:?}");
    }
}

/// Lets the browser install the page; a page without TLS has no service workers.
pub fn register_service_worker() {
    let navigator = window().navigator();
    let absent = js_sys::Reflect::get(&navigator, &"serviceWorker".into())
        .map_or(true, |workers| workers.is_undefined());
    if absent {
        return;
    }
    let registered = JsFuture::from(navigator.service_worker().register("/sw.js"));
    leptos::task::spawn_local(async move {
        if let Err(refused) = registered.await {
            leptos::logging::warn!("the page works, but not offline: {refused:?}");
        }
    });
}
