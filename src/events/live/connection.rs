//! The browser's `EventSource`: opened once, watched for silence, reopened with back-off.
//!
//! `EventSource` comes back by itself after a broken connection, but gives up for good after an HTTP
//! error, and does not notice a line that went dead without a word.

use std::cell::RefCell;
use std::time::Duration;

use js_sys::{Date, Math};
use leptos::leptos_dom::helpers::{set_interval_with_handle, set_timeout};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Event, EventSource, MessageEvent};

use super::{Listener, pace};
use crate::events::model::Message;
use crate::ui::browser;
use crate::ui::live::Live;

const ADDRESS: &str = "/api/stream?topics=stats,containers,health";

/// Everything that the stream calls a message to us; the comments between them are invisible here.
const NAMES: [&str; 5] = [
    "hello",
    "container_stats",
    "container_state",
    "health_summary",
    "lagged",
];

/// What the browser calls; kept for as long as the `EventSource` that calls it.
type Callback<E> = Closure<dyn Fn(E)>;

struct Source {
    events: EventSource,
    _lifecycle: Callback<Event>,
    _messages: Callback<MessageEvent>,
}

#[derive(Default)]
struct Connection {
    source: Option<Source>,
    state: Option<RwSignal<Live>>,
    listeners: Vec<(u64, Listener)>,
    last_id: u64,
    /// Milliseconds: when something was last heard.
    heard_at: f64,
    /// Milliseconds: when the line was last opened.
    tried_at: f64,
    failures: u32,
    /// Somebody listens, or did until a moment ago.
    wanted: bool,
    /// The silence is being measured.
    watched: bool,
}

impl Connection {
    fn is_in(&self, state: u16) -> bool {
        self.source
            .as_ref()
            .is_some_and(|source| source.events.ready_state() == state)
    }
}

thread_local! {
    static CONNECTION: RefCell<Connection> = RefCell::default();
}

pub(super) fn listen(state: RwSignal<Live>, listener: Listener) -> u64 {
    let wants_resync = matches!(listener, Listener::Resync(_));
    let (id, is_first, is_open) = CONNECTION.with_borrow_mut(|line| {
        line.last_id += 1;
        line.listeners.push((line.last_id, listener));
        line.state = Some(state);
        let is_first = !std::mem::replace(&mut line.wanted, true);
        (line.last_id, is_first, line.is_in(EventSource::OPEN))
    });
    if is_first {
        // Not at once: the page may still be being taken over from the server.
        set_timeout(start, Duration::ZERO);
    } else if wants_resync && is_open {
        // What is shown was read before we listened, and no connection will come to say so.
        set_timeout(move || resync_one(id), Duration::ZERO);
    }
    id
}

pub(super) fn forget(id: u64) {
    let is_last = CONNECTION.with_borrow_mut(|line| {
        line.listeners.retain(|(known, _)| *known != id);
        line.listeners.is_empty()
    });
    if is_last {
        set_timeout(stop_if_unheard, pace::LINGER);
    }
}

fn start() {
    let (state, is_watched) = CONNECTION.with_borrow_mut(|line| {
        // What is shown was just read: until we hear more, it is as fresh as that.
        line.heard_at = Date::now();
        (line.state, std::mem::replace(&mut line.watched, true))
    });
    show(state, Live::Connecting);
    open();
    if !is_watched && let Err(error) = set_interval_with_handle(reopen_if_silent, pace::CHECK) {
        leptos::logging::error!("the live connection is not watched: {error:?}");
    }
}

/// The server samples faster for as long as somebody is connected, so nobody stays without need.
fn stop_if_unheard() {
    let stopped = CONNECTION.with_borrow_mut(|line| {
        let is_unheard = line.wanted && line.listeners.is_empty();
        is_unheard.then(|| {
            line.wanted = false;
            (line.state, line.source.take())
        })
    });
    if let Some((state, source)) = stopped {
        if let Some(source) = source {
            source.events.close();
        }
        show(state, Live::Off);
    }
}

fn open() {
    let wanted = CONNECTION.with_borrow_mut(|line| {
        line.tried_at = Date::now();
        line.wanted
    });
    if !wanted {
        return;
    }
    let Ok(events) = EventSource::new(ADDRESS) else {
        return try_again_later();
    };
    let lifecycle = Callback::<Event>::new(|event: Event| match event.type_().as_str() {
        "open" => opened(),
        _ => failed(),
    });
    let messages = Callback::<MessageEvent>::new(|event: MessageEvent| heard(&event));
    events.set_onopen(Some(lifecycle.as_ref().unchecked_ref()));
    events.set_onerror(Some(lifecycle.as_ref().unchecked_ref()));
    for name in NAMES {
        // It fails only for a listener that is no function.
        let _ = events.add_event_listener_with_callback(name, messages.as_ref().unchecked_ref());
    }
    let source = Source {
        events,
        _lifecycle: lifecycle,
        _messages: messages,
    };
    let old = CONNECTION.with_borrow_mut(|line| line.source.replace(source));
    if let Some(old) = old {
        old.events.close();
    }
}

fn opened() {
    fresh();
    resync();
}

fn failed() {
    stale();
    let gave_up = CONNECTION.with_borrow(|line| line.is_in(EventSource::CLOSED));
    if gave_up {
        spawn_local(async {
            // A session that is over does not come back by waiting; a server that is away does.
            if browser::is_shut_out_of(ADDRESS).await {
                browser::lead_to_sign_in();
            } else {
                try_again_later();
            }
        });
    }
}

fn try_again_later() {
    let wait = CONNECTION.with_borrow_mut(|line| {
        let wait = pace::delay(line.failures, Math::random());
        line.failures += 1;
        // Silence is measured from when we try, not from when we wait.
        line.tried_at = Date::now() + wait.as_millis() as f64;
        wait
    });
    set_timeout(open, wait);
}

fn reopen_if_silent() {
    let silent = CONNECTION.with_borrow(|line| {
        let since = line.heard_at.max(line.tried_at);
        line.wanted && Date::now() - since > pace::SILENCE.as_millis() as f64
    });
    if silent {
        stale();
        open();
    }
}

fn heard(event: &MessageEvent) {
    fresh();
    CONNECTION.with_borrow_mut(|line| line.failures = 0);
    let name = event.type_();
    if name == "lagged" {
        return resync();
    }
    let text = event.data().as_string().unwrap_or_default();
    match Message::read(&name, &text) {
        Ok(Some(message)) => tell(&message),
        Ok(None) => {}
        Err(error) => leptos::logging::warn!("a {name} message could not be read: {error}"),
    }
}

fn tell(message: &Message) {
    for listener in listeners() {
        match (listener, message) {
            (Listener::Stats(tell), Message::ContainerStats(round)) => tell(round),
            (Listener::Container(tell), Message::ContainerState(change)) => tell(change),
            (Listener::Summary(tell), Message::HealthSummary(summary)) => tell(summary),
            (Listener::Event(tell), Message::EventLog(event)) => tell(event),
            _ => {}
        }
    }
}

fn resync() {
    for listener in listeners() {
        if let Listener::Resync(tell) = listener {
            tell();
        }
    }
}

/// Only if it still listens.
fn resync_one(id: u64) {
    let listener = CONNECTION.with_borrow(|line| {
        line.listeners
            .iter()
            .find(|(known, _)| *known == id)
            .map(|(_, listener)| listener.clone())
    });
    if let Some(Listener::Resync(tell)) = listener {
        tell();
    }
}

/// A copy, because a listener may begin or cease to listen while it is told.
fn listeners() -> Vec<Listener> {
    CONNECTION.with_borrow(|line| {
        line.listeners
            .iter()
            .map(|(_, listener)| listener.clone())
            .collect()
    })
}

fn fresh() {
    let state = CONNECTION.with_borrow_mut(|line| {
        line.heard_at = Date::now();
        line.state
    });
    show(state, Live::Current);
}

fn stale() {
    let (state, since) = CONNECTION.with_borrow(|line| (line.state, line.heard_at));
    show(state, Live::StaleSince((since / 1000.0) as i64));
}

/// Tells the page only of a change: a round comes every other second.
fn show(state: Option<RwSignal<Live>>, now: Live) {
    if let Some(state) = state
        && state
            .try_get_untracked()
            .is_some_and(|before| before != now)
    {
        state.set(now);
    }
}
