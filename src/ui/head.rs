//! The line at the top: where one is, whether it is live, and whatever the frame adds.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::live::{Live, LiveMark};
use super::rail::{Brand, Place};
use crate::i18n::*;

/// `children` stand at the end of the line.
#[component]
pub fn Head(
    places: &'static [Place],
    #[prop(into)] live: Signal<Live>,
    children: Children,
) -> impl IntoView {
    let i18n = use_i18n();
    let path = use_location().pathname;
    let here =
        Memo::new(move |_| path.with(|path| places.iter().position(|place| place.holds(path))));
    let crumb = move || {
        here.get().and_then(|index| places.get(index)).map(|place| {
            let current = move || (path.get() == place.href).then_some("page");
            view! {
                <li>
                    <a href=place.href aria-current=current>
                        {move || (place.name)(i18n.get_locale())}
                    </a>
                </li>
            }
        })
    };
    view! {
        <header class="head">
            <Brand/>
            <nav class="crumbs" aria-label=move || t_string!(i18n, ui.you_are_here)>
                <ol class="crumbs">{crumb}</ol>
            </nav>
            // A page that leads nowhere shows nothing that could be out of date.
            <Show when=move || here.get().is_some()>
                <LiveMark live/>
            </Show>
            {children()}
        </header>
    }
}
