//! Copies a text to the clipboard, and says that it did.

use std::time::Duration;

use leptos::prelude::*;
use leptos::text_prop::TextProp;

use super::browser;
use super::icon::Icon;
use crate::i18n::*;

/// A button beside the text that it copies; `label` says what: "Copy the image's reference".
#[component]
pub fn CopyButton(#[prop(into)] text: TextProp, #[prop(into)] label: TextProp) -> impl IntoView {
    let i18n = use_i18n();
    let copied = RwSignal::new(false);
    let copy = move |_| {
        let text = text.get();
        leptos::task::spawn_local(async move {
            if browser::copy(&text).await {
                copied.set(true);
                set_timeout(
                    move || {
                        copied.try_set(false);
                    },
                    Duration::from_secs(2),
                );
            }
        });
    };
    let title = label.clone();
    view! {
        <button type="button" class="button button-icon needs-script" title=title on:click=copy>
            <Show when=move || copied.get() fallback=|| view! { <Icon name="copy"/> }>
                <Icon name="check"/>
            </Show>
            <span class="visually-hidden">{move || label.get()}</span>
            <span class="visually-hidden" role="status">
                {move || copied.get().then(|| t_string!(i18n, ui.copied))}
            </span>
        </button>
    }
}
