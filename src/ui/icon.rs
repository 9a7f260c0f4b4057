//! A picture from the one set, hidden from readers: the word beside it says what it means.

use leptos::prelude::*;

/// The Lucide icon `name`; `setup/icons.txt` lists those that the sprite holds.
#[component]
pub fn Icon(name: &'static str) -> impl IntoView {
    view! {
        <svg class="icon" aria-hidden="true" focusable="false">
            <use href=format!("/generated/icons.svg#{name}")></use>
        </svg>
    }
}
