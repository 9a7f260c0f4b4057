//! The form of the page: words to look for, and moments that no link offers.

use leptos::ev::SubmitEvent;
use leptos::html;
use leptos::prelude::*;
use leptos::text_prop::TextProp;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::page::HERE;
use crate::events::model::Wish;
use crate::events::model::when::When;
use crate::i18n::*;
use crate::ui::icon::Icon;

/// The form. What is chosen elsewhere goes along.
#[component]
pub(super) fn Search(wish: Memo<Wish>) -> impl IntoView {
    let i18n = use_i18n();
    let navigate = use_navigate();
    let fields = [
        ("q", NodeRef::new()),
        ("since", NodeRef::new()),
        ("until", NodeRef::new()),
    ];
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let wanted = fields
            .iter()
            .fold(wish.get_untracked(), |wish, (key, field)| {
                typed(wish, key, *field)
            });
        navigate(&wanted.address(HERE), NavigateOptions::default());
    };
    let words = move || wish.with(|wish| wish.get("q").unwrap_or_default().to_owned());
    let is_exact = wish
        .with_untracked(|wish| moment(wish, "since").is_some() || moment(wish, "until").is_some());
    let [(_, words_field), (_, since_field), (_, until_field)] = fields;
    view! {
        <form class="search" method="get" action=HERE role="search" on:submit=submit>
            <Kept wish/>
            <label class="search-words">
                <span class="visually-hidden">{t!(i18n, events.search_label)}</span>
                <input
                    type="search"
                    name="q"
                    maxlength="200"
                    autocomplete="off"
                    placeholder=move || t_string!(i18n, events.search_label)
                    value=words
                    prop:value=words
                    node_ref=words_field
                />
            </label>
            <button class="button">
                <Icon name="search"/>
                <span class="search-word">{t!(i18n, events.search)}</span>
            </button>
            <details class="moments" open=is_exact>
                <summary>{t!(i18n, events.moments)}</summary>
                <div class="moments-fields">
                    <Moment wish key="since" label=move || t_string!(i18n, events.from_utc) field=since_field/>
                    <Moment wish key="until" label=move || t_string!(i18n, events.until_utc) field=until_field/>
                </div>
            </details>
        </form>
    }
}

/// What is chosen by links, for a form that is sent without scripts.
#[component]
fn Kept(wish: Memo<Wish>) -> impl IntoView {
    move || {
        let kept: Vec<_> = wish.with(|wish| {
            let others = wish.narrowing().filter(|(key, _)| match *key {
                "q" => false,
                "since" | "until" => moment(wish, key).is_none(),
                _ => true,
            });
            others.map(|(key, value)| (key, value.to_owned())).collect()
        });
        let inputs = kept.into_iter();
        inputs
            .map(|(key, value)| view! { <input type="hidden" name=key value=value/> })
            .collect_view()
    }
}

#[component]
fn Moment(
    wish: Memo<Wish>,
    key: &'static str,
    #[prop(into)] label: TextProp,
    field: NodeRef<html::Input>,
) -> impl IntoView {
    let value = move || wish.with(|wish| moment(wish, key)).unwrap_or_default();
    view! {
        <label class="moment">
            <span>{move || label.get()}</span>
            <input
                type="datetime-local"
                step="1"
                name=key
                value=value
                prop:value=value
                node_ref=field
            />
        </label>
    }
}

/// A moment of the address as a field has it; `None` where it is none, or so long ago.
fn moment(wish: &Wish, key: &str) -> Option<String> {
    match When::read(wish.get(key)?)? {
        When::At(at) => Some(at.format("%Y-%m-%dT%H:%M:%S").to_string()),
        When::Ago(_) => None,
    }
}

/// The same with what was typed; an empty field leaves alone what it does not show.
fn typed(wish: Wish, key: &'static str, field: NodeRef<html::Input>) -> Wish {
    let value = field
        .get_untracked()
        .map(|field| field.value())
        .unwrap_or_default();
    let shows = key == "q" || moment(&wish, key).is_some();
    match value.trim() {
        "" if shows => wish.without(key),
        "" => wish,
        value => wish.with(key, value),
    }
}
