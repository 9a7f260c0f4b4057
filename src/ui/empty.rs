//! A list with nothing in it: what would stand here, and how it comes here.

use leptos::prelude::*;
use leptos::text_prop::TextProp;

use super::icon::Icon;

/// `children` say what to do to have something here. Where it is `all` of a page, its title is the
/// page's heading.
#[component]
pub fn EmptyState(
    icon: &'static str,
    #[prop(into)] title: TextProp,
    #[prop(optional)] all: bool,
    children: Children,
) -> impl IntoView {
    let title = move || title.get();
    let heading = match all {
        true => view! { <h1 class="empty-title">{title}</h1> }.into_any(),
        false => view! { <p class="empty-title">{title}</p> }.into_any(),
    };
    view! {
        <div class="empty">
            <Icon name=icon/>
            {heading}
            <div class="empty-text">{children()}</div>
        </div>
    }
}
