//! What can be chosen to narrow the list: links and a form, so that each choice is an address.

use leptos::prelude::*;
use leptos::text_prop::TextProp;

use super::page::{HERE, SPANS};
use super::search::Search;
use super::words::{icon_of, severity_word, source_word};
use crate::events::model::Wish;
use crate::events::model::event::{Severity, Source};
use crate::i18n::*;
use crate::ui::icon::Icon;

/// All of it.
#[component]
pub(super) fn Filters(wish: Memo<Wish>) -> impl IntoView {
    let i18n = use_i18n();
    let severities = Severity::ALL.map(|severity| {
        let is_on = move || wish.with(|wish| wish.severities().contains(&severity));
        let href =
            move || wish.with(|wish| wish.toggled("severity", severity.name()).address(HERE));
        let word = move || severity_word(severity, i18n.get_locale());
        view! { <Chip href is_on word icon=icon_of(severity)/> }
    });
    let sources = Source::ALL.map(|source| {
        let is_on = move || wish.with(|wish| wish.sources().contains(&source));
        let href = move || wish.with(|wish| wish.toggled("source", source.name()).address(HERE));
        let word = move || source_word(source, i18n.get_locale());
        view! { <Chip href is_on word/> }
    });
    let spans = SPANS.map(|span| {
        let is_on = move || wish.with(|wish| wish.get("since") == Some(span.name));
        let href = move || {
            wish.with(|wish| match wish.get("since") == Some(span.name) {
                true => wish.without("since"),
                false => wish.with("since", span.name),
            })
            .address(HERE)
        };
        view! { <Chip href is_on word=move || (span.word)(i18n.get_locale())/> }
    });
    view! {
        <section class="filters" aria-label=move || t_string!(i18n, events.filter)>
            <Search wish/>
            <Choice label=move || t_string!(i18n, events.severity)>{severities}</Choice>
            <Choice label=move || t_string!(i18n, events.source)>{sources}</Choice>
            <Choice label=move || t_string!(i18n, events.time)>{spans}</Choice>
        </section>
    }
}

#[component]
fn Choice(#[prop(into)] label: TextProp, children: Children) -> impl IntoView {
    let label = StoredValue::new(label);
    let words = move || label.with_value(|label| label.get());
    view! {
        <div class="filter" role="group" aria-label=words>
            <span class="filter-label" aria-hidden="true">{words}</span>
            <div class="chips">{children()}</div>
        </div>
    }
}

/// One choice: a link to the list with it, or without it where it is chosen.
#[component]
fn Chip(
    href: impl Fn() -> String + Send + Sync + 'static,
    is_on: impl Fn() -> bool + Copy + Send + Sync + 'static,
    #[prop(into)] word: TextProp,
    #[prop(optional)] icon: Option<&'static str>,
) -> impl IntoView {
    view! {
        <a class="chip" href=href aria-current=move || is_on().then_some("true")>
            {icon.map(|name| view! { <Icon name/> })}
            {move || word.get()}
        </a>
    }
}
