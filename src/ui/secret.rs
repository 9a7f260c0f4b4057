//! Something that is shown once and has to be taken along: to be copied with a button or by hand.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::text_prop::TextProp;

use super::browser;
use super::icon::Icon;
use crate::i18n::*;

/// `text` in one block, which is selected as a whole; `label` is what it is.
#[component]
pub fn Secret(#[prop(into)] label: TextProp, text: String) -> impl IntoView {
    let copy = text.clone();
    view! {
        <div class="secret">
            <span class="secret-label">{move || label.get()}</span>
            <div class="secret-line">
                <code class="secret-text">{text}</code>
                <CopyButton text=copy/>
            </div>
        </div>
    }
}

/// Copies `text`, and says whether the browser did.
#[component]
pub fn CopyButton(text: String) -> impl IntoView {
    let i18n = use_i18n();
    let copied = RwSignal::new(None);
    let copy = move |_| {
        let text = text.clone();
        spawn_local(async move {
            let done = browser::copy(&text).await;
            copied.try_set(Some(done));
        });
    };
    let words = move || match copied.get() {
        None => t_string!(i18n, ui.copy),
        Some(true) => t_string!(i18n, ui.copied),
        Some(false) => t_string!(i18n, ui.not_copied),
    };
    let icon = move || {
        if copied.get() == Some(true) {
            view! { <Icon name="check"/> }
        } else {
            view! { <Icon name="copy"/> }
        }
    };
    view! {
        <button type="button" class="button needs-script" on:click=copy>
            {icon}
            <span aria-live="polite">{words}</span>
        </button>
    }
}
