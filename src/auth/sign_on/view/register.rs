//! What the provider has to know of us.

use leptos::prelude::*;

use super::Desk;
use crate::i18n::*;
use crate::ui::card::Card;
use crate::ui::secret::Secret;

#[component]
pub fn Register(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let places = Memo::new(move |_| {
        let state = desk.now();
        state.redirect_uri.zip(state.post_logout_redirect_uri)
    });
    let addresses = move || match places.get() {
        Some((back, after)) => view! {
            <Secret label=move || t_string!(i18n, settings.redirect_uri) text=back/>
            <Secret label=move || t_string!(i18n, settings.post_logout_uri) text=after/>
            <p class="muted">{t!(i18n, settings.register_hint)}</p>
        }
        .into_any(),
        None => view! { <p>{t!(i18n, settings.register_unknown)}</p> }.into_any(),
    };
    view! { <Card title=move || t_string!(i18n, settings.register)>{addresses}</Card> }
}
