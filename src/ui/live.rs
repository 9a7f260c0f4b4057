//! Whether what the page shows is still true.

use leptos::prelude::*;

use super::browser;
use crate::i18n::*;

/// The state of the stream that keeps a page up to date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Live {
    /// Nothing on this page changes by itself.
    Off,
    /// Not connected yet.
    Connecting,
    /// What is shown is what is.
    Current,
    /// Nothing has come since then, in Unix seconds: what is shown may have changed.
    StaleSince(i64),
    /// No stream comes through, so that what is shown is read again every so many seconds.
    Polled(u32),
}

impl Live {
    fn name(self) -> &'static str {
        match self {
            Live::Off => "off",
            Live::Connecting => "connecting",
            Live::Current => "live",
            Live::StaleSince(_) => "stale",
            Live::Polled(_) => "polled",
        }
    }
}

/// Says "live", "connecting", "stale since 14:02" or "updated every 10 s"; hidden where no script can keep it true.
#[component]
pub fn LiveMark(#[prop(into)] live: Signal<Live>) -> impl IntoView {
    let i18n = use_i18n();
    let words = move || match live.get() {
        Live::Off => String::new(),
        Live::Connecting => t_string!(i18n, ui.live_connecting).to_string(),
        Live::Current => t_string!(i18n, ui.live_live).to_string(),
        Live::StaleSince(since) => {
            t_string!(i18n, ui.live_stale, time = browser::clock_face(since)).to_string()
        }
        Live::Polled(seconds) => t_string!(i18n, ui.live_polled, n = seconds).to_string(),
    };
    view! {
        <span class="live-mark needs-script" role="status" data-live=move || live.get().name()>
            <span class="live-dot" aria-hidden="true"></span>
            <span class="live-word">{words}</span>
        </span>
    }
}
