//! The `EventSource` of the tab that leads: opened, watched for silence, opened again with back-off,
//! and replaced by polling where none gets through.
//!
//! `EventSource` comes back by itself after a broken connection, but gives up for good after an HTTP
//! error, does not notice a line that went dead without a word, and waits for ever behind a proxy that
//! wants to see the end of an answer first.

use std::cell::RefCell;

use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Event, EventSource, MessageEvent};

use super::{page, tabs};
use crate::events::live::rules::line::{Due, Line};
use crate::events::live::rules::pace;
use crate::events::live::rules::word::Word;
use crate::ui::browser;
use crate::ui::live::Live;

const ADDRESS: &str = "/api/stream?topics=stats,events,containers,health";

/// An ordinary question, cheap to answer, to whoever is signed in.
const ORDINARY: &str = "/api/health/summary";

/// Everything that the stream calls a message to us; the comments between them are invisible here.
const NAMES: [&str; 6] = [
    "hello",
    "container_stats",
    "container_state",
    "event_log",
    "health_summary",
    "lagged",
];

/// What the browser calls; kept for as long as the `EventSource` that calls it.
type Callback<E> = Closure<dyn Fn(E)>;

struct Source {
    events: EventSource,
    _errors: Callback<Event>,
    _messages: Callback<MessageEvent>,
}

impl Drop for Source {
    fn drop(&mut self) {
        self.events.close();
    }
}

struct Held {
    line: Line,
    source: Option<Source>,
    /// The ordinary question is being asked.
    asks: bool,
}

thread_local! {
    /// There is none in a tab that follows.
    static HELD: RefCell<Option<Held>> = const { RefCell::new(None) };
}

fn with<T>(act: impl FnOnce(&mut Held) -> T) -> Option<T> {
    HELD.with_borrow_mut(|held| held.as_mut().map(act))
}

/// Opens it; goes on polling if that is what the leader before had come to.
pub fn begin() {
    let polls = matches!(page::state(), Live::Polled(_));
    HELD.set(Some(Held {
        line: Line::new(page::now(), polls),
        source: None,
        asks: false,
    }));
    look();
}

pub fn end() {
    drop(HELD.take());
}

/// Does what is due.
pub fn look() {
    let now = page::now();
    match with(|held| held.line.due(now)) {
        Some(Due::Open) => open(),
        Some(Due::Renew) => {
            stale();
            open();
        }
        Some(Due::GiveUp) => give_up(),
        Some(Due::Nothing) | None => {}
    }
    if with(|held| held.line.poll_is_due(now)) == Some(true) {
        ask(polled);
    }
}

/// Something suggests that it can be opened now.
pub fn hurry() {
    with(|held| held.line.hurry(page::now()));
    look();
}

fn address() -> String {
    let cursor = page::cursor();
    if cursor.is_empty() {
        return ADDRESS.to_owned();
    }
    let cursor = js_sys::encode_uri_component(&cursor);
    // A new EventSource cannot say it in the header; one that comes back by itself does.
    format!("{ADDRESS}&last_event_id={cursor}")
}

fn open() {
    let Ok(events) = EventSource::new(&address()) else {
        return give_up();
    };
    let errors = Callback::<Event>::new(|_| failed());
    let messages = Callback::<MessageEvent>::new(|event: MessageEvent| heard(&event));
    events.set_onerror(Some(errors.as_ref().unchecked_ref()));
    for name in NAMES {
        // It fails only for a listener that is no function.
        let _ = events.add_event_listener_with_callback(name, messages.as_ref().unchecked_ref());
    }
    let source = Source {
        events,
        _errors: errors,
        _messages: messages,
    };
    let old = with(|held| {
        held.line.opened(page::now());
        held.source.replace(source)
    });
    drop(old);
}

fn heard(event: &MessageEvent) {
    with(|held| held.line.heard(page::now()));
    // Timers of a tab that nobody sees are slow; what it hears is not.
    tabs::look_now_and_then();
    if with(|_| ()).is_none() {
        // Another leads by now, and hears it too.
        return;
    }
    tabs::tell(&Word::Heard {
        name: event.type_(),
        data: event.data().as_string().unwrap_or_default(),
        cursor: event.last_event_id(),
    });
}

fn failed() {
    stale();
    let is_over = with(|held| {
        held.line.broke(page::now());
        let source = held.source.as_ref();
        source.is_some_and(|source| source.events.ready_state() == EventSource::CLOSED)
    });
    if is_over == Some(true) {
        give_up();
    }
}

fn give_up() {
    with(|held| {
        // Not dropped: it may be the one that calls us.
        if let Some(source) = &held.source {
            source.events.close();
        }
        held.line.closed(page::now(), browser::chance());
    });
    stale();
    ask(learned);
}

/// Finds out whether the server answers at all, and whether we are still signed in: a session that is
/// over does not come back by waiting, a server that is away does.
fn ask(then: fn(bool)) {
    if with(|held| std::mem::replace(&mut held.asks, true)) != Some(false) {
        return;
    }
    spawn_local(async move {
        let status = browser::status_of(ORDINARY, pace::ANSWER).await;
        // Another may lead meanwhile.
        if with(|held| held.asks = false).is_none() {
            return;
        }
        match status {
            Some(401) => tabs::tell(&Word::SignedOut),
            status => then(status.is_some_and(|status| status < 500)),
        }
    });
}

fn learned(answers: bool) {
    with(|held| held.line.learned(answers, page::now()));
    look();
}

fn polled(answers: bool) {
    if with(|held| {
        held.line.polled(page::now());
        held.line.polls()
    }) != Some(true)
    {
        return;
    }
    if answers {
        tabs::tell(&Word::State(Live::Polled((pace::POLL / 1000) as u32)));
        tabs::tell(&Word::Reread);
    } else {
        tabs::tell(&Word::State(page::stale()));
    }
}

/// While it is polled, what is shown does not hang on the stream.
fn stale() {
    if with(|held| held.line.polls()) == Some(false) {
        tabs::tell(&Word::State(page::stale()));
    }
}
