//! The pages within one place.

use leptos::prelude::*;
use leptos::text_prop::TextProp;
use leptos_router::components::A;

use super::icon::Icon;
use super::rail::Place;
use crate::i18n::*;

/// A row of links; it is scrolled sideways by itself where it is too long.
#[component]
pub fn SubNav(#[prop(into)] label: TextProp, places: Vec<Place>) -> impl IntoView {
    let i18n = use_i18n();
    let links = places
        .into_iter()
        .map(|place| {
            view! {
                <li>
                    <A href=place.href>
                        <Icon name=place.icon/>
                        {move || (place.name)(i18n.get_locale())}
                    </A>
                </li>
            }
        })
        .collect_view();
    view! {
        <nav class="sub-nav" aria-label=move || label.get()>
            <ul class="sub-places">{links}</ul>
        </nav>
    }
}
