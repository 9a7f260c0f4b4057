//! When something was: "5 min ago", the exact time on hover.

use std::time::Duration;

use chrono::{DateTime, Utc};
use leptos::prelude::*;

use super::browser;
use super::format::{ago, exact};
use crate::i18n::*;

/// The present, as far as this page knows it: nothing while server and browser must agree.
#[derive(Clone, Copy, Debug)]
struct Now(RwSignal<Option<DateTime<Utc>>>);

/// Starts the one clock that all `<Time>`s of the page read; it ticks in the browser only.
pub fn provide_now() {
    let now = RwSignal::new(None);
    provide_context(Now(now));
    Effect::new(move |_| {
        now.set(browser::now());
        let tick =
            set_interval_with_handle(move || now.set(browser::now()), Duration::from_secs(30));
        if let Ok(tick) = tick {
            on_cleanup(move || tick.clear());
        }
    });
}

/// A `<time>`: the exact time in UTC from the server, relative as soon as the browser takes over.
#[component]
pub fn Time(#[prop(into)] at: Signal<DateTime<Utc>>) -> impl IntoView {
    let i18n = use_i18n();
    let now = use_context::<Now>();
    let now = move || now.and_then(|now| now.0.get());
    let title = move || match now() {
        Some(_) => exact(at.get(), browser::utc_offset_minutes(at.get())),
        None => exact(at.get(), 0),
    };
    let text = move || match now() {
        Some(now) => ago(at.get(), now, i18n.get_locale()),
        None => exact(at.get(), 0),
    };
    view! { <time datetime=move || at.get().to_rfc3339() title=title>{text}</time> }
}

/// A `<time>` that shows the exact time, in UTC from the server, the reader's own as soon as the browser
/// takes over.
#[component]
pub fn ExactTime(#[prop(into)] at: Signal<DateTime<Utc>>) -> impl IntoView {
    let now = use_context::<Now>();
    let is_here = move || now.is_some_and(|now| now.0.with(Option::is_some));
    let text = move || match is_here() {
        true => exact(at.get(), browser::utc_offset_minutes(at.get())),
        false => exact(at.get(), 0),
    };
    view! { <time datetime=move || at.get().to_rfc3339()>{text}</time> }
}

/// The date alone, in UTC, of something that is to come; the exact time on hover.
#[component]
pub fn Day(at: DateTime<Utc>) -> impl IntoView {
    view! {
        <time datetime=at.to_rfc3339() title=exact(at, 0)>
            {at.format("%Y-%m-%d").to_string()}
        </time>
    }
}

/// Whether `at` is over; false while that is not known.
pub fn is_over(at: DateTime<Utc>) -> Signal<bool> {
    let now = use_context::<Now>();
    Signal::derive(move || now.and_then(|now| now.0.get()).is_some_and(|now| at <= now))
}
