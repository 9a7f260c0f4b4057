//! A value that is not known, with the reason and the remedy: never a zero.

use leptos::prelude::*;
use leptos::text_prop::TextProp;

/// A dash that tells on hover and focus why there is nothing to show.
#[component]
pub fn Unknown(#[prop(into)] reason: TextProp) -> impl IntoView {
    let tip = reason.clone();
    view! {
        <span class="unknown" tabindex="0" data-tip=tip>
            <span aria-hidden="true">"–"</span>
            <span class="visually-hidden">{move || reason.get()}</span>
        </span>
    }
}
