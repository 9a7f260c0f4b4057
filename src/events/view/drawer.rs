//! Everything about one line of the log, in a drawer that has an address of its own.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::facts::Facts;
use super::ledger::Ledger;
use super::words::sentence;
use crate::events::model::Event;
use crate::i18n::*;
use crate::ui::dialog::Dialog;

/// The word of the address that names the line.
const WORD: &str = "event";

/// The id of the line that the address names.
pub(super) fn use_named() -> Memo<Option<String>> {
    let query = use_query_map();
    Memo::new(move |_| query.with(|query| query.get(WORD)))
}

/// The address that opens the drawer of a line over the page at `address`.
pub(super) fn opening(address: &str, id: &str) -> String {
    let mark = if address.contains('?') { '&' } else { '?' };
    format!("{address}{mark}{WORD}={id}")
}

/// The drawer, while the address names a line: one of the list, or `linked`, which the page was opened
/// for. `back` is the address without it.
#[component]
pub(super) fn Drawer(ledger: Ledger, linked: Option<Event>, back: String) -> impl IntoView {
    let named = use_named();
    let linked = StoredValue::new(linked);
    move || {
        let id = named.get()?;
        let event = ledger.event(&id).or_else(|| {
            let linked = linked.get_value().filter(|linked| linked.id == id);
            linked.map(Signal::stored)
        })?;
        Some(view! { <Opened event back=back.clone()/> })
    }
}

#[component]
fn Opened(event: Signal<Event>, back: String) -> impl IntoView {
    let i18n = use_i18n();
    let title = move || event.with(|event| sentence(event, i18n.get_locale()));
    view! {
        <Dialog title back class="drawer">
            <Facts event/>
        </Dialog>
    }
}
