//! What came of the last act, in a line that is heard as well as seen.

use leptos::html;
use leptos::prelude::*;

/// Empty until something was done. It takes the focus, because the button that did it may be gone.
#[component]
pub fn Said(#[prop(into)] text: Signal<Option<String>>) -> impl IntoView {
    let line = NodeRef::<html::P>::new();
    Effect::new(move |_| {
        if text.read().is_none() {
            return;
        }
        // A dialog that is still open would keep the focus.
        request_animation_frame(move || {
            if let Some(line) = line.get_untracked() {
                drop(line.focus());
            }
        });
    });
    view! {
        <p class="said" role="status" tabindex="-1" node_ref=line>
            {move || text.get()}
        </p>
    }
}
