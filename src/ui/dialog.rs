//! A question that has to be answered first: a native `<dialog>` with an address of its own, so that it
//! can be opened by a link and read without scripts.

use leptos::ev::MouseEvent;
use leptos::html;
use leptos::prelude::*;
use leptos::text_prop::TextProp;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::icon::Icon;
use crate::i18n::*;

/// Leads to another address of this page: no new start, no step in the history, no scrolling.
pub fn use_step_back() -> impl Fn(&str) + Clone {
    let navigate = use_navigate();
    move |path: &str| {
        let options = NavigateOptions {
            replace: true,
            scroll: false,
            ..NavigateOptions::default()
        };
        navigate(path, options);
    }
}

/// The page shows it where its address says so; `back` is the address without it. Escape, the cross and
/// whatever links to `back` close it, and the focus returns to what opened it.
#[component]
pub fn Dialog(
    #[prop(into)] title: TextProp,
    #[prop(into)] back: String,
    /// A further class, such as `drawer`.
    #[prop(optional)]
    class: &'static str,
    children: Children,
) -> impl IntoView {
    let i18n = use_i18n();
    let dialog = NodeRef::<html::Dialog>::new();
    let step_back = use_step_back();
    let leave = back.clone();
    Effect::new(move |_| {
        let Some(dialog) = dialog.get() else {
            return;
        };
        request_animation_frame(move || {
            // It came open, for whoever has no scripts; what is open already cannot become modal.
            drop(dialog.remove_attribute("open"));
            if dialog.is_connected()
                && let Err(refused) = dialog.show_modal()
            {
                leptos::logging::warn!("a dialog stays closed: {refused:?}");
            }
        });
    });
    let close = move |event: MouseEvent| {
        if let Some(dialog) = dialog.get_untracked() {
            event.prevent_default();
            dialog.close();
        }
    };
    view! {
        <dialog
            class=format!("dialog {class}")
            open
            aria-labelledby="dialog-title"
            node_ref=dialog
            on:close=move |_| step_back(&leave)
        >
            <header class="dialog-head">
                <h2 id="dialog-title">{move || title.get()}</h2>
                <a class="button button-icon" href=back on:click=close>
                    <Icon name="x"/>
                    <span class="visually-hidden">{t!(i18n, ui.close)}</span>
                </a>
            </header>
            {children()}
        </dialog>
    }
}
