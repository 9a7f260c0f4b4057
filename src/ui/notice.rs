//! An error of a form as a whole; one of a single field stands at that field.

use leptos::prelude::*;

use super::error_state::{what_happened, what_to_do};
use super::icon::Icon;
use crate::error::{AppError, Code};
use crate::i18n::*;

/// Stands above the fields, and is heard as it comes.
#[component]
pub fn Notice(#[prop(into)] text: Signal<Option<String>>) -> impl IntoView {
    view! {
        <div role="alert">
            <Show when=move || text.read().is_some()>
                <p class="notice">
                    <Icon name="circle-alert"/>
                    <span>{move || text.get()}</span>
                </p>
            </Show>
        </div>
    }
}

/// What happened and what to do, in one line.
pub fn in_a_line(error: &AppError, locale: Locale) -> String {
    let code = if error.code == Code::Malformed {
        Code::Invalid
    } else {
        error.code
    };
    format!(
        "{} {}",
        what_happened(code, locale),
        what_to_do(code, locale)
    )
}
