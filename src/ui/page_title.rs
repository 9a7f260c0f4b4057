//! The title of the page: "name · Docker Watcher".

use leptos::prelude::*;
use leptos::text_prop::TextProp;
use leptos_meta::{ServerMetaContext, Title};

/// Sets the document's title; `name` may hold anything, a container's name included.
///
/// The server writes a title into the page as it stands, while the browser sets it as text. So it is
/// escaped only where there is a server's context to collect it. There it is also read at once: what
/// collects it comes by later and from elsewhere, when another page's signals may be in place of ours.
#[component]
pub fn PageTitle(#[prop(into)] name: TextProp) -> impl IntoView {
    let becomes_html = use_context::<ServerMetaContext>().is_some();
    let text = move || {
        let name = name.get();
        if name.is_empty() {
            "Docker Watcher".to_owned()
        } else {
            format!("{name} · Docker Watcher")
        }
    };
    let text = if becomes_html {
        TextProp::from(escape(&untrack(text)))
    } else {
        TextProp::from(text)
    };
    view! { <Title text/> }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(all(test, feature = "ssr"))]
#[path = "page_title_tests.rs"]
mod tests;
