//! A state: a dot whose shape differs as well as its colour, and a word.

use leptos::prelude::*;
use leptos::text_prop::TextProp;

/// How a state is meant; the style sheet gives each its own shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Ok,
    Warn,
    Error,
    /// Neither good nor bad: stopped, disabled.
    Idle,
    Unknown,
}

impl Tone {
    /// The name that the style sheet matches on.
    pub fn name(self) -> &'static str {
        match self {
            Tone::Ok => "ok",
            Tone::Warn => "warn",
            Tone::Error => "error",
            Tone::Idle => "idle",
            Tone::Unknown => "unknown",
        }
    }
}

/// The dot and its word.
#[component]
pub fn StateBadge(#[prop(into)] tone: Signal<Tone>, #[prop(into)] word: TextProp) -> impl IntoView {
    view! {
        <span class="badge" data-tone=move || tone.get().name()>
            <span class="badge-dot" aria-hidden="true"></span>
            <span class="badge-word">{move || word.get()}</span>
        </span>
    }
}
