//! What came of the last act, in a line that is heard as well as seen.

use leptos::html;
use leptos::prelude::*;

/// How long a dialog may take to go.
const FRAMES: u8 = 60;

/// While a dialog is open nothing outside of it can have the focus.
fn focus_soon(line: NodeRef<html::P>, frames: u8) {
    request_animation_frame(move || {
        let is_shut = !matches!(document().query_selector("dialog:modal"), Ok(Some(_)));
        match line.try_get_untracked().flatten() {
            Some(line) if is_shut => drop(line.focus()),
            Some(_) if frames > 0 => focus_soon(line, frames - 1),
            _ => {}
        }
    });
}

/// Empty until something was done. It takes the focus, because the button that did it may be gone.
#[component]
pub fn Said(#[prop(into)] text: Signal<Option<String>>) -> impl IntoView {
    let line = NodeRef::<html::P>::new();
    Effect::new(move |_| {
        if text.read().is_none() {
            return;
        }
        focus_soon(line, FRAMES);
    });
    view! {
        <p class="said" role="status" tabindex="-1" node_ref=line>
            {move || text.get()}
        </p>
    }
}
