//! What this tab knows of the stream, whichever tab holds it: it takes every word of the leader, and is
//! told its own when it leads itself.

use std::cell::RefCell;

use js_sys::Date;
use leptos::prelude::{GetUntracked, RwSignal, Set};

use super::listeners;
use crate::events::live::rules::word::Word;
use crate::events::model::Message;
use crate::ui::browser;
use crate::ui::live::Live;

#[derive(Default)]
struct Page {
    state: Option<RwSignal<Live>>,
    /// Milliseconds since 1970: when what is shown was true.
    heard_at: u64,
    /// How far into the log it has heard; empty until the first word.
    cursor: String,
}

thread_local! {
    static PAGE: RefCell<Page> = RefCell::default();
}

pub fn now() -> u64 {
    Date::now() as u64
}

/// Shows the state from now on where `signal` is read.
pub fn show_in(signal: RwSignal<Live>) {
    PAGE.with_borrow_mut(|page| page.state = Some(signal));
}

pub fn begin() {
    PAGE.with_borrow_mut(|page| {
        // What is shown was just read: until we hear more, it is as fresh as that.
        page.heard_at = now();
        page.cursor.clear();
    });
    show(Live::Connecting);
}

pub fn end() {
    show(Live::Off);
}

pub fn state() -> Live {
    PAGE.with_borrow(|page| page.state)
        .and_then(|state| state.try_get_untracked())
        .unwrap_or(Live::Off)
}

/// What to show where nothing comes any more.
pub fn stale() -> Live {
    let heard_at = PAGE.with_borrow(|page| page.heard_at);
    Live::StaleSince((heard_at / 1000) as i64)
}

pub fn cursor() -> String {
    PAGE.with_borrow(|page| page.cursor.clone())
}

pub fn take(word: &Word) {
    match word {
        Word::Heard { name, data, cursor } => hear(name, data, cursor),
        Word::State(state) => {
            let before = self::state();
            show(*state);
            // Whoever has just come, or was left behind, may have missed what came meanwhile.
            if *state == Live::Current && before != Live::Current {
                fresh();
                listeners::resync();
            }
        }
        Word::Reread => {
            fresh();
            listeners::resync();
        }
        // A page on which nothing is live, such as the sign-in itself, stays.
        Word::SignedOut if !listeners::are_none() => browser::lead_to_sign_in(),
        Word::SignedOut | Word::Leads | Word::Ask | Word::Goodbye => {}
    }
}

fn hear(name: &str, data: &str, cursor: &str) {
    fresh();
    // The server says with its first word where it goes on from; where it cannot, what was heard before
    // still counts.
    if !cursor.is_empty() {
        PAGE.with_borrow_mut(|page| cursor.clone_into(&mut page.cursor));
    }
    let was_current = state() == Live::Current;
    show(Live::Current);
    // A new line, or a first word: what came before it is not told again.
    if !was_current || matches!(name, "hello" | "lagged") {
        listeners::resync();
    }
    match Message::read(name, data) {
        Ok(Some(message)) => listeners::tell(&message),
        Ok(None) => {}
        Err(error) => leptos::logging::warn!("a {name} message could not be read: {error}"),
    }
}

fn fresh() {
    PAGE.with_borrow_mut(|page| page.heard_at = now());
}

/// Tells the page only of a change: a round comes every other second.
fn show(now: Live) {
    if let Some(state) = PAGE.with_borrow(|page| page.state)
        && state
            .try_get_untracked()
            .is_some_and(|before| before != now)
    {
        state.set(now);
    }
}
