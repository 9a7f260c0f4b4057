//! The part of the log that was read, and what comes after it.

use leptos::ev::MouseEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::drawer::{Drawer, opening};
use super::ledger::Ledger;
use super::list::List;
use super::marks::marks;
use super::names::{Names, ReadNames};
use super::news::News;
use super::page::{BOUNDS, First, HERE};
use super::row::Way;
use crate::events::live::reread;
use crate::events::model::Wish;
use crate::i18n::*;
use crate::ui::empty::EmptyState;
use crate::ui::error_state::ErrorState;

/// What was read `first` for `wish`.
#[component]
pub(super) fn Log(wish: Wish, first: First, names: ReadNames) -> impl IntoView {
    let known = RwSignal::new(first.names);
    let again = reread(move || async move {
        known.try_set(names().await);
    });
    provide_context(Names::of(known, again));
    let address = wish.address(HERE);
    let ledger = Ledger::follow(wish.clone(), first.page, BOUNDS);
    let (is_empty, trouble) = (ledger.is_empty(), ledger.trouble);
    let back = address.clone();
    let way = move |id: &str| Way::Button(opening(&address, id));
    let marks = marks(&wish);
    let asked = StoredValue::new(wish);
    view! {
        {marks}
        {move || trouble.get().map(|error| view! { <ErrorState error/> })}
        <Drawer ledger linked=first.linked back/>
        <div class="log">
            <News ledger/>
            <Show when=move || is_empty.get()><Nothing wish=asked.get_value()/></Show>
            <div class="card flush" hidden=move || is_empty.get()><List ledger way/></div>
            <Turns ledger wish=asked.get_value()/>
        </div>
    }
}

/// Why there is nothing.
#[component]
fn Nothing(wish: Wish) -> impl IntoView {
    let i18n = use_i18n();
    if !wish.is_newest() {
        return view! {
            <EmptyState icon="scroll-text" title=move || t_string!(i18n, events.nothing_older)>
                <p><a class="button" href=HERE>{t!(i18n, events.newest)}</a></p>
            </EmptyState>
        }
        .into_any();
    }
    match wish.narrows() {
        true => view! {
            <EmptyState icon="search" title=move || t_string!(i18n, events.nothing_fits)>
                <p>{t!(i18n, events.nothing_fits_do)}</p>
                <p><a class="button" href=HERE>{t!(i18n, events.clear)}</a></p>
            </EmptyState>
        }
        .into_any(),
        false => view! {
            <EmptyState icon="scroll-text" title=move || t_string!(i18n, events.nothing_yet)>
                <p>{t!(i18n, events.nothing_yet_do)}</p>
            </EmptyState>
        }
        .into_any(),
    }
}

/// The ways to older and to the newest lines. With scripts the older ones come below those that are here.
#[component]
fn Turns(ledger: Ledger, wish: Wish) -> impl IntoView {
    let i18n = use_i18n();
    let older = ledger.older(HERE);
    let newest = wish.without("before").address(HERE);
    let newest = (!wish.is_newest()).then(|| {
        view! { <a class="button" href=newest>{t!(i18n, events.newest)}</a> }
    });
    let reading = RwSignal::new(false);
    let show = move |event: MouseEvent| {
        event.prevent_default();
        if !reading.get_untracked() {
            reading.set(true);
            spawn_local(async move {
                ledger.show_older().await;
                reading.try_set(false);
            });
        }
    };
    let next = move || {
        let href = older.get()?;
        Some(view! {
            <a
                class="button"
                href=href
                rel="next external"
                aria-busy=move || reading.get().to_string()
                on:click=show
            >
                {t!(i18n, events.older)}
            </a>
        })
    };
    view! { <nav class="turns" aria-label=move || t_string!(i18n, events.turns)>{newest} {next}</nav> }
}
