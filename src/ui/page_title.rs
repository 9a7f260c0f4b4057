//! The title of the page: "name · Docker Watcher".

use leptos::prelude::*;
use leptos::text_prop::TextProp;
use leptos_meta::{ServerMetaContext, Title};

/// Sets the document's title; `name` may hold anything, a container's name included.
///
/// The server writes a title into the page as it stands, while the browser sets it as text. So it is
/// escaped only where there is a server's context to collect it.
#[component]
pub fn PageTitle(#[prop(into)] name: TextProp) -> impl IntoView {
    let becomes_html = use_context::<ServerMetaContext>().is_some();
    let text = move || {
        let name = name.get();
        let title = if name.is_empty() {
            "Docker Watcher".to_owned()
        } else {
            format!("{name} · Docker Watcher")
        };
        if becomes_html { escape(&title) } else { title }
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
