//! Brings ECharts into the page, once, when the first chart needs it.

use std::cell::RefCell;

use js_sys::{Function, Promise};
use leptos::prelude::document;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlScriptElement;

const ADDRESS: &str = "/generated/echarts.js";

thread_local! {
    static LOADING: RefCell<Option<Promise>> = RefCell::default();
}

/// Comes back when `window.echarts` is there.
///
/// # Errors
/// Where the script could not be had; the next chart asks again.
pub(super) async fn load() -> Result<(), JsValue> {
    let loading = LOADING.with_borrow_mut(|loading| {
        loading
            .get_or_insert_with(|| Promise::new(&mut ask))
            .clone()
    });
    let outcome = JsFuture::from(loading).await;
    if outcome.is_err() {
        LOADING.with_borrow_mut(Option::take);
    }
    outcome.map(drop)
}

#[expect(clippy::needless_pass_by_value, reason = "a promise calls it so")]
fn ask(done: Function, failed: Function) {
    let script = document()
        .create_element("script")
        .map(JsCast::unchecked_into);
    let (Ok(script), Some(head)) = (script, document().head()) else {
        return;
    };
    let script: HtmlScriptElement = script;
    script.set_src(ADDRESS);
    script.set_onload(Some(&done));
    script.set_onerror(Some(&failed));
    // It fails only where the head refuses children.
    let _ = head.append_child(&script);
}
