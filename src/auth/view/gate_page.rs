//! What the pages for people who are not signed in have in common.

use leptos::prelude::*;
use leptos::text_prop::TextProp;

use crate::ui::page_title::PageTitle;
use crate::ui::preference_choice::Preferences;
use crate::ui::rail::Brand;

/// The product's mark, one card, and the choice of language and theme.
#[component]
pub fn GatePage(#[prop(into)] title: TextProp, children: Children) -> impl IntoView {
    let heading = title.clone();
    view! {
        <PageTitle name=title/>
        <div class="gate">
            <Brand/>
            <section class="card">
                <h1>{move || heading.get()}</h1>
                {children()}
            </section>
            <div class="gate-preferences"><Preferences/></div>
        </div>
    }
}
