//! Who listens in this tab.

use std::cell::RefCell;

use crate::events::live::Listener;
use crate::events::model::Message;

#[derive(Default)]
struct Listeners {
    known: Vec<(u64, Listener)>,
    last_id: u64,
}

thread_local! {
    static LISTENERS: RefCell<Listeners> = RefCell::default();
}

pub fn add(listener: Listener) -> u64 {
    LISTENERS.with_borrow_mut(|listeners| {
        listeners.last_id += 1;
        listeners.known.push((listeners.last_id, listener));
        listeners.last_id
    })
}

pub fn remove(id: u64) {
    LISTENERS.with_borrow_mut(|listeners| listeners.known.retain(|(known, _)| *known != id));
}

/// Whoever hears in passing does not count.
pub fn are_none() -> bool {
    LISTENERS.with_borrow(|listeners| {
        let mut known = listeners.known.iter();
        known.all(|(_, listener)| matches!(listener, Listener::Passing(_)))
    })
}

pub fn tell(message: &Message) {
    for (_, listener) in all() {
        match (listener, message) {
            (Listener::Stats(tell), Message::ContainerStats(round)) => tell(round),
            (Listener::Container(tell), Message::ContainerState(change)) => tell(change),
            (Listener::Summary(tell), Message::HealthSummary(summary)) => tell(summary),
            (Listener::Passing(tell), Message::HealthSummary(summary)) => tell(Some(summary)),
            (Listener::Event(tell), Message::EventLog(event)) => tell(event),
            _ => {}
        }
    }
}

/// What is shown may be old: everybody reads it again.
pub fn resync() {
    for (_, listener) in all() {
        match listener {
            Listener::Resync(tell) => tell(),
            Listener::Passing(tell) => tell(None),
            _ => {}
        }
    }
}

/// The same for one alone, if it still listens.
pub fn resync_one(id: u64) {
    let listener = all().into_iter().find(|(known, _)| *known == id);
    if let Some((_, Listener::Resync(tell))) = listener {
        tell();
    }
}

/// A copy, because a listener may begin or cease to listen while it is told.
fn all() -> Vec<(u64, Listener)> {
    LISTENERS.with_borrow(|listeners| listeners.known.clone())
}
