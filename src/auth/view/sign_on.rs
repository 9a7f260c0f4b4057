//! Single sign-on on the sign-in page: the way to the provider, and why it led to nothing.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::auth::model::Oidc;
use crate::auth::sign_on::model::Trouble;
use crate::i18n::*;

/// A plain link, which the browser follows by itself: the provider is another site.
#[component]
pub fn SignOnLink(oidc: Oidc) -> impl IntoView {
    let i18n = use_i18n();
    let Oidc { name, url } = oidc;
    view! {
        <div class="gate-form">
            <a class="button" href=url rel="external">
                {move || t_string!(i18n, auth.sign_on_with, name = name.clone())}
            </a>
        </div>
    }
}

/// Why the last sign-on led to nothing, where the address of this page says so.
pub fn sign_on_trouble() -> impl Fn(Locale) -> Option<String> + Copy + Send + Sync + 'static {
    let query = use_query_map();
    move |locale| {
        let trouble = query.read().get("sign_on");
        let trouble = Trouble::read(&trouble?)?;
        Some(explain(trouble, locale).to_owned())
    }
}

fn explain(trouble: Trouble, locale: Locale) -> &'static str {
    match trouble {
        Trouble::Off => td_string!(locale, auth.sign_on_off),
        Trouble::Away => td_string!(locale, auth.sign_on_away),
        Trouble::Cancelled => td_string!(locale, auth.sign_on_cancelled),
        Trouble::Stale => td_string!(locale, auth.sign_on_stale),
        Trouble::Untrusted => td_string!(locale, auth.sign_on_untrusted),
        Trouble::Refused => td_string!(locale, auth.sign_on_refused),
        Trouble::Failed => td_string!(locale, auth.sign_on_failed),
    }
}
