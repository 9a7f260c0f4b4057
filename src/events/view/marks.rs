//! What narrows the list now, beyond the choices that are always there; each can be taken away.

use leptos::prelude::*;

use super::names::use_names;
use super::page::{HERE, SPANS};
use crate::events::model::Wish;
use crate::i18n::*;
use crate::ui::icon::Icon;

/// The marks, and a way to have none.
pub(super) fn marks(wish: &Wish) -> impl IntoView + use<> {
    let i18n = use_i18n();
    if !wish.narrows() {
        return None;
    }
    let has_choice = |key: &str, value: &str| match key {
        // What makes no sense is no choice, and has to be taken away by somebody.
        "severity" => !wish.severities().is_empty(),
        "source" => !wish.sources().is_empty(),
        "since" => SPANS.iter().any(|span| span.name == value),
        _ => false,
    };
    let marks = wish
        .narrowing()
        .filter(|(key, value)| !has_choice(key, value))
        .map(|(key, value)| {
            let (value, without) = (value.to_owned(), wish.without(key).address(HERE));
            view! { <li><Mark key value without/></li> }
        })
        .collect_view();
    Some(view! {
        <ul class="marks">
            {marks}
            <li><a href=HERE>{t!(i18n, events.clear)}</a></li>
        </ul>
    })
}

#[component]
fn Mark(key: &'static str, value: String, without: String) -> impl IntoView {
    let i18n = use_i18n();
    let names = use_names();
    let kind = move || match key {
        "workload" => t_string!(i18n, events.app),
        "container" => t_string!(i18n, events.container),
        "operation" => t_string!(i18n, events.operation),
        "since" => t_string!(i18n, events.from),
        "until" => t_string!(i18n, events.until),
        "severity" => t_string!(i18n, events.severity),
        "source" => t_string!(i18n, events.source),
        _ => t_string!(i18n, events.words),
    };
    let shown = move || match key {
        "workload" => names.find(&value).unwrap_or_else(|| value.clone()),
        "container" => value.chars().take(12).collect(),
        _ => value.clone(),
    };
    view! {
        <a class="choice-mark" href=without title=move || t_string!(i18n, events.take_away)>
            <span class="mark-kind">{kind} ":"</span>
            <span class="mark-value">{shown}</span>
            <Icon name="x"/>
            <span class="visually-hidden">{t!(i18n, events.take_away)}</span>
        </a>
    }
}
