//! A framed group of things that belong together.

use leptos::prelude::*;
use leptos::text_prop::TextProp;

/// A section with a heading; the heading is a link where `href` is given, `aside` stands at its right.
#[component]
pub fn Card(
    #[prop(optional, into)] title: Option<TextProp>,
    #[prop(optional, into)] href: Option<TextProp>,
    #[prop(optional, into)] aside: ViewFnOnce,
    /// A further class for the page that needs one.
    #[prop(optional)]
    class: &'static str,
    children: Children,
) -> impl IntoView {
    let head = title.map(|title| {
        let words = move || title.get();
        let heading = match href {
            Some(href) => view! { <a href=href>{words}</a> }.into_any(),
            None => words.into_any(),
        };
        view! {
            <header class="card-head">
                <h2 class="card-title">{heading}</h2>
                <div class="card-aside">{aside.run()}</div>
            </header>
        }
    });
    view! { <section class=format!("card {class}")>{head} {children()}</section> }
}
