//! A native dialog: the browser keeps the focus inside, and closes it on Escape.

use leptos::html;
use leptos::prelude::*;
use leptos::text_prop::TextProp;

use super::icon::Icon;
use crate::i18n::*;

/// Shows `children` above the page while `open` is true.
#[component]
pub fn Dialog(
    open: RwSignal<bool>,
    #[prop(into)] title: TextProp,
    /// Tells two dialogs of one page apart.
    id: &'static str,
    children: Children,
) -> impl IntoView {
    let i18n = use_i18n();
    let node = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let wanted = open.get();
        let Some(dialog) = node.get() else { return };
        match (wanted, dialog.open()) {
            // Refused only for a dialog that has left the page meanwhile.
            (true, false) => drop(dialog.show_modal()),
            (false, true) => dialog.close(),
            _ => {}
        }
    });
    let (heading, labelled_by) = (format!("{id}-title"), format!("{id}-title"));
    view! {
        <dialog
            class="dialog"
            id=id
            node_ref=node
            aria-labelledby=labelled_by
            on:close=move |_| open.set(false)
        >
            <header class="dialog-head">
                <h2 id=heading>{move || title.get()}</h2>
                <form method="dialog">
                    <button class="button button-icon" title=move || t_string!(i18n, ui.close)>
                        <Icon name="x"/>
                        <span class="visually-hidden">{t!(i18n, ui.close)}</span>
                    </button>
                </form>
            </header>
            {children()}
        </dialog>
    }
}
