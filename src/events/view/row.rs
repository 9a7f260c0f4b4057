//! One line of the log: how much it matters, what happened, what it is about, and when.

use leptos::prelude::*;

use super::names::use_names;
use super::words::{SeverityMark, sentence, source_word};
use crate::events::model::Event;
use crate::i18n::*;
use crate::ui::icon::Icon;
use crate::ui::time::Time;

/// Where a line leads to.
#[derive(Clone)]
pub(super) enum Way {
    /// A button at its end opens everything about it at this address.
    Button(String),
    /// Its sentence is the link.
    Sentence(String),
}

/// The line; the element around it is the list's.
#[component]
pub(super) fn Row(event: Signal<Event>, way: Way) -> impl IntoView {
    let i18n = use_i18n();
    let severity = Signal::derive(move || event.with(|event| event.severity));
    let words = move || event.with(|event| sentence(event, i18n.get_locale()));
    let source = move || source_word(event.with(|event| event.source), i18n.get_locale());
    // Where it could not be said in the reader's language.
    let lang = event.with_untracked(|event| event.happening().is_none().then_some("en"));
    let at = Signal::derive(move || event.with(|event| event.ts));
    let (told, button) = match way {
        Way::Sentence(href) => (
            view! { <a href=href lang=lang>{words}</a> }.into_any(),
            None,
        ),
        Way::Button(href) => (
            view! { <span lang=lang>{words}</span> }.into_any(),
            Some(view! { <DetailsButton href words=Signal::derive(words)/> }),
        ),
    };
    view! {
        <SeverityMark severity/>
        <p class="event-what">{told} " " <Repeats event/></p>
        <div class="event-about">
            <span class="event-source">{source}</span>
            <AppLink event/>
        </div>
        <span class="event-when"><Time at/></span>
        {button}
    }
}

#[component]
fn DetailsButton(href: String, words: Signal<String>) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <a
            class="button button-icon event-more"
            href=href
            data-noscroll=""
            title=move || t_string!(i18n, events.details)
        >
            <Icon name="ellipsis"/>
            <span class="visually-hidden">{t!(i18n, events.details)} ": " {words}</span>
        </a>
    }
}

/// "× 12, last 2 min ago", where it happened more than once.
#[component]
fn Repeats(event: Signal<Event>) -> impl IntoView {
    let i18n = use_i18n();
    let count = Memo::new(move |_| event.with(|event| event.count));
    let at = Signal::derive(move || event.with(|event| event.last_ts));
    view! {
        <Show when=move || 1 < count.get()>
            <span class="event-repeats">
                <strong>"×\u{a0}" {count}</strong>
                ", "
                {t!(i18n, events.last)}
                " "
                <Time at/>
            </span>
        </Show>
    }
}

/// A link to the app that it is about, where that has a page.
#[component]
pub(super) fn AppLink(event: Signal<Event>) -> impl IntoView {
    let names = use_names();
    let id = Memo::new(move |_| event.with(|event| event.workload_id.clone()));
    let wanting = names.clone();
    Effect::new(move || id.with(|id| id.iter().for_each(|id| wanting.want(id))));
    move || {
        let id = id.get()?;
        let name = names.find(&id)?;
        Some(view! { <a class="event-app" href=format!("/apps/{id}")>{name}</a> })
    }
}
