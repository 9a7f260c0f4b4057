//! What an address shows that leads nowhere.

use leptos::prelude::*;

use super::browser;
use super::empty::EmptyState;
use super::page_title::PageTitle;
use crate::i18n::*;

/// Says that there is nothing here, with the status that says the same.
#[component]
pub fn NotFound() -> impl IntoView {
    let i18n = use_i18n();
    browser::answer_with(404);
    view! {
        <PageTitle name=move || t_string!(i18n, ui.nowhere)/>
        <EmptyState icon="circle-help" all=true title=move || t_string!(i18n, ui.nowhere)>
            <p>{t!(i18n, ui.nowhere_do)}</p>
            <p><a class="button" href="/">{t!(i18n, ui.go_home)}</a></p>
        </EmptyState>
    }
}
