//! What came of the last act, in a line that is heard as well as seen.

use leptos::html;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;

use crate::error::AppError;

/// What the address of a page says after its form was saved without scripts.
const SAVED: &str = "saved";

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

/// `word` once `action` has succeeded, with scripts or, as the address says, without them.
pub fn saved<F>(
    action: ServerAction<F>,
    word: impl Fn() -> &'static str + Send + Sync + 'static,
) -> Signal<Option<String>>
where
    F: ServerFn<Error = AppError> + Clone + Send + Sync + 'static,
    F::Output: Clone + Send + Sync + 'static,
{
    let query = use_query_map();
    Signal::derive(move || {
        let is_saved = match action.version().get() {
            // Beside an error it is what an earlier form said.
            0 => query
                .with(|query| query.get_str(SAVED).is_some() && query.get_str("__err").is_none()),
            _ => matches!(action.value().get(), Some(Ok(_))),
        };
        is_saved.then(|| word().to_owned())
    })
}
