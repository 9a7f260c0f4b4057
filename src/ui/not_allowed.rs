//! What a page shows to whom it is not for.

use leptos::prelude::*;

use super::browser;
use super::empty::EmptyState;
use crate::i18n::*;

/// Marks a request whose sender may not have the page that it asks for, and an answer that says so.
#[derive(Clone, Copy, Debug)]
pub struct Refused;

/// Says who could help, with the status that says the same.
#[component]
pub fn NotAllowed() -> impl IntoView {
    let i18n = use_i18n();
    browser::answer_with(403);
    view! {
        <EmptyState icon="lock" all=true title=move || t_string!(i18n, ui.not_allowed)>
            <p>{t!(i18n, ui.not_allowed_do)}</p>
            <p><a class="button" href="/">{t!(i18n, ui.go_home)}</a></p>
        </EmptyState>
    }
}
