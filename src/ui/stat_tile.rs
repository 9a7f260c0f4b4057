//! One figure that is a link to what it counts.

use leptos::prelude::*;
use leptos::text_prop::TextProp;

use super::badge::Tone;

/// `figure` over `label`; `note` adds what the figure alone does not say, `tone` marks it.
#[component]
pub fn StatTile(
    #[prop(into)] figure: TextProp,
    #[prop(into)] label: TextProp,
    #[prop(into)] href: TextProp,
    #[prop(optional, into)] note: Option<TextProp>,
    #[prop(optional, into)] tone: Option<Signal<Tone>>,
) -> impl IntoView {
    view! {
        <a class="stat" href=href data-tone=move || tone.map(|tone| tone.get().name())>
            <span class="stat-label">{move || label.get()}</span>
            <span class="stat-figure">{move || figure.get()}</span>
            {note.map(|note| view! { <span class="stat-note">{move || note.get()}</span> })}
        </a>
    }
}
