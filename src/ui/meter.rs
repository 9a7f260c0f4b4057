//! A bar for a share of something, with the same in text beside it.

use leptos::prelude::*;
use leptos::text_prop::TextProp;

use super::unknown::Unknown;

/// A native `<meter>`; hatched, with `reason`, where `value` is `None`.
///
/// `value` and `max` have the same unit, whichever it is. Above `high` the bar turns to a warning.
#[component]
pub fn Meter(
    #[prop(into)] value: Signal<Option<f64>>,
    #[prop(into)] max: Signal<f64>,
    #[prop(optional, into)] high: Option<Signal<f64>>,
    /// What is measured, for readers: "CPU of web-1".
    #[prop(into)]
    label: TextProp,
    /// The value as people read it: "61 %".
    #[prop(into)]
    text: TextProp,
    /// Why the value is unknown, and what to do about it.
    #[prop(into)]
    reason: TextProp,
) -> impl IntoView {
    let known = move || value.get().is_some();
    let bar = {
        let text = text.clone();
        move || {
            let (label, text) = (label.clone(), text.clone());
            view! {
                <meter
                    class="meter-bar"
                    min="0"
                    max=move || max.get()
                    high=move || high.map_or_else(|| max.get(), |high| high.get())
                    optimum="0"
                    value=move || value.get().unwrap_or_default()
                    aria-label=label
                    aria-valuetext=text
                ></meter>
            }
        }
    };
    view! {
        <span class="meter">
            <Show when=known fallback=|| view! { <span class="meter-bar meter-hatch" aria-hidden="true"></span> }>
                {bar.clone()}
            </Show>
            <span class="meter-text">
                {move || {
                    if known() {
                        text.get().into_any()
                    } else {
                        view! { <Unknown reason=reason.clone()/> }.into_any()
                    }
                }}
            </span>
        </span>
    }
}
