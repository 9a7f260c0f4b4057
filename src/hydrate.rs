//! Where the browser half starts.

use wasm_bindgen::prelude::wasm_bindgen;

use crate::app::App;
use crate::ui::browser;

/// Takes over the page that the server wrote.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(App);
    // For whoever has to wait until scripts answer.
    browser::mark_document("data-alive", Some(""));
    browser::register_service_worker();
}
