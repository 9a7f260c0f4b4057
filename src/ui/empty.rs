//! A list with nothing in it: what would stand here, and how it comes here.

use leptos::prelude::*;
use leptos::text_prop::TextProp;

use super::icon::Icon;

/// `children` say what to do to have something here.
#[component]
pub fn EmptyState(
    icon: &'static str,
    #[prop(into)] title: TextProp,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="empty">
            <Icon name=icon/>
            <p class="empty-title">{move || title.get()}</p>
            <div class="empty-text">{children()}</div>
        </div>
    }
}
