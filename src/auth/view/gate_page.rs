//! What the pages for people who are not signed in have in common.

use leptos::prelude::*;
use leptos::text_prop::TextProp;

use crate::error::{AppError, Code};
use crate::i18n::*;
use crate::ui::error_state::{what_happened, what_to_do};
use crate::ui::icon::Icon;
use crate::ui::page_title::PageTitle;
use crate::ui::preference_choice::Preferences;
use crate::ui::rail::Brand;

/// The product's mark, one card, and the choice of language and theme.
#[component]
pub fn GatePage(#[prop(into)] title: TextProp, children: Children) -> impl IntoView {
    let heading = title.clone();
    view! {
        <PageTitle name=title/>
        <div class="gate">
            <Brand/>
            <section class="card">
                <h1>{move || heading.get()}</h1>
                {children()}
            </section>
            <div class="gate-preferences"><Preferences/></div>
        </div>
    }
}

/// An error of the form as a whole; one of a single field stands at that field.
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
