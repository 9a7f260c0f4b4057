//! The browser's end of the stream: held by one tab, heard in all.
//!
//! `listeners` who listens in this tab · `page` what this tab knows of the stream · `tabs` which tab
//! leads · `channel` what tabs share · `stream` the leader's `EventSource`

mod channel;
mod listeners;
mod page;
mod stream;
mod tabs;

use std::cell::Cell;
use std::time::Duration;

use leptos::leptos_dom::helpers::{
    set_interval_with_handle, set_timeout, window_event_listener_untyped,
};
use leptos::prelude::RwSignal;
use wasm_bindgen::JsCast;
use web_sys::PageTransitionEvent;

use super::Listener;
use super::rules::pace;
use crate::ui::live::Live;

thread_local! {
    /// Somebody listens, or did until a moment ago.
    static WANTED: Cell<bool> = const { Cell::new(false) };
    /// The browser tells us what happens to the page.
    static WATCHED: Cell<bool> = const { Cell::new(false) };
}

pub(super) fn listen(state: RwSignal<Live>, listener: Listener) -> u64 {
    let wants_resync = matches!(listener, Listener::Resync(_));
    let id = listeners::add(listener);
    page::show_in(state);
    if !WANTED.replace(true) {
        // Not at once: the page may still be being taken over from the server.
        set_timeout(start, Duration::ZERO);
    } else if wants_resync && matches!(page::state(), Live::Current | Live::Polled(_)) {
        // What is shown was read before we listened, and no connection will come to say so.
        set_timeout(move || listeners::resync_one(id), Duration::ZERO);
    }
    id
}

/// Hears what comes while somebody listens.
pub(super) fn overhear(listener: Listener) -> u64 {
    listeners::add(listener)
}

pub(super) fn forget(id: u64) {
    listeners::remove(id);
    if listeners::are_none() {
        set_timeout(stop_if_unheard, Duration::from_millis(pace::LINGER));
    }
}

fn start() {
    page::begin();
    tabs::join();
    if !WATCHED.replace(true) {
        watch();
    }
}

/// The server samples faster for as long as somebody is connected, so nobody stays without need.
fn stop_if_unheard() {
    if listeners::are_none() && WANTED.replace(false) {
        tabs::leave();
        page::end();
    }
}

fn watch() {
    let often = Duration::from_millis(pace::LOOK);
    if let Err(error) = set_interval_with_handle(tabs::look, often) {
        leptos::logging::error!("the stream is not watched: {error:?}");
    }
    // These stay for as long as the page does.
    window_event_listener_untyped("visibilitychange", |_| tabs::look());
    window_event_listener_untyped("online", |_| stream::hurry());
    window_event_listener_untyped("pagehide", |_| {
        if WANTED.get() {
            tabs::leave();
        }
    });
    window_event_listener_untyped("pageshow", |event| {
        let is_back = event
            .dyn_ref::<PageTransitionEvent>()
            .is_some_and(PageTransitionEvent::persisted);
        // From the browser's memory, as it was when it was left.
        if is_back && WANTED.get() {
            start();
        }
    });
}
