//! The browser's one connection to `/api/stream`, shared between its tabs: a callback per message, a
//! signal only for how fresh it is.
//!
//! A burst of messages through a signal would lose some, because a signal keeps only its last value.
//! On the server nothing is ever heard.
//!
//! `connection` is `browser/`, or `absent.rs` on the server · `rules` what needs no browser to be true ·
//! `reread` one read for many messages

#[cfg_attr(feature = "hydrate", path = "browser/mod.rs")]
#[cfg_attr(not(feature = "hydrate"), path = "absent.rs")]
mod connection;
mod reread;
#[cfg_attr(
    not(feature = "hydrate"),
    expect(dead_code, reason = "only a browser connects")
)]
mod rules;

pub use reread::reread;

use std::rc::Rc;

use leptos::prelude::*;

use crate::containers::model::ContainerChange;
use crate::events::model::Event;
use crate::health::model::Summary;
use crate::stats::model::Round;
use crate::ui::live::Live;

/// Nothing where what was heard may be old.
type TellPassing = dyn Fn(Option<&Summary>);

/// Somebody who wants to hear one kind of message.
#[derive(Clone)]
#[cfg_attr(
    not(feature = "hydrate"),
    expect(dead_code, reason = "on the server nobody is called")
)]
enum Listener {
    Stats(Rc<dyn Fn(&Round)>),
    Container(Rc<dyn Fn(&ContainerChange)>),
    Summary(Rc<dyn Fn(&Summary)>),
    Event(Rc<dyn Fn(&Event)>),
    Resync(Rc<dyn Fn()>),
    /// Hears of the summary while others listen; without one, that what it knows may be old.
    Passing(Rc<TellPassing>),
}

/// A handle on the connection, found in the context. Whoever listens is forgotten with its component;
/// the connection is there for as long as somebody listens.
#[derive(Clone, Copy, Debug)]
pub struct LiveStream {
    state: RwSignal<Live>,
}

/// Provides the handle, and the state of the connection as an `RwSignal<Live>`.
pub fn provide_live() {
    let state = RwSignal::new(Live::Off);
    provide_context(state);
    provide_context(LiveStream { state });
}

/// The handle that the frame provided.
pub fn use_live() -> LiveStream {
    use_context().unwrap_or_else(|| LiveStream {
        state: RwSignal::new(Live::Off),
    })
}

impl LiveStream {
    /// Each sampling round.
    pub fn on_stats(self, tell: impl Fn(&Round) + 'static) {
        self.listen(Listener::Stats(Rc::new(tell)));
    }

    /// Each change of a container's state.
    pub fn on_container(self, tell: impl Fn(&ContainerChange) + 'static) {
        self.listen(Listener::Container(Rc::new(tell)));
    }

    /// Each change of the summary.
    pub fn on_summary(self, tell: impl Fn(&Summary) + 'static) {
        self.listen(Listener::Summary(Rc::new(tell)));
    }

    /// Each line of the log that is new or counts once more. After a break, those that were missed come
    /// first; one that was read meanwhile can come as well, so know them by their id.
    pub fn on_event(self, tell: impl Fn(&Event) + 'static) {
        self.listen(Listener::Event(Rc::new(tell)));
    }

    /// Whenever something may have been missed: at each connection, the first one included because
    /// the page was rendered before it; when we read too slowly; soon after this call, because what
    /// is shown was read before it; and every few seconds where no stream comes through. Read again
    /// what is shown.
    pub fn on_resync(self, tell: impl Fn() + 'static) {
        self.listen(Listener::Resync(Rc::new(tell)));
    }

    /// Each change of the summary, and nothing where what was heard may be old: for as long as somebody else
    /// listens, because the connection is neither opened nor kept for this.
    pub fn on_summary_in_passing(self, tell: impl Fn(Option<&Summary>) + 'static) {
        let id = connection::overhear(Listener::Passing(Rc::new(tell)));
        on_cleanup(move || connection::forget(id));
    }

    fn listen(self, listener: Listener) {
        let id = connection::listen(self.state, listener);
        on_cleanup(move || connection::forget(id));
    }
}
