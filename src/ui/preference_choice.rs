//! The links that choose theme and language.

use leptos::ev::MouseEvent;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::preference::{self, Theme};
use crate::i18n::*;

/// Theme and language, one under the other.
#[component]
pub fn Preferences() -> impl IntoView {
    view! { <LanguageChoice/> <ThemeChoice/> }
}

#[component]
fn ThemeChoice() -> impl IntoView {
    let i18n = use_i18n();
    let chosen = RwSignal::new(preference::theme());
    let query = use_query_map();
    let word = move |theme| match theme {
        Theme::Auto => t_string!(i18n, ui.theme_auto),
        Theme::Light => t_string!(i18n, ui.theme_light),
        Theme::Dark => t_string!(i18n, ui.theme_dark),
    };
    let links = Theme::ALL.map(|theme| {
        let href = move || {
            let mut query = query.get();
            query.replace("theme", theme.name().to_owned());
            query.to_query_string()
        };
        let choose = move |event: MouseEvent| {
            event.prevent_default();
            chosen.set(theme);
            preference::choose_theme(theme);
        };
        let current = move || (chosen.get() == theme).then_some("true");
        view! { <a href=href rel="external" aria-current=current on:click=choose>{move || word(theme)}</a> }
    });
    view! {
        <div class="preference">
            <span class="preference-name" id="theme-name">{t!(i18n, ui.theme)}</span>
            <div class="choice" role="group" aria-labelledby="theme-name">{links}</div>
        </div>
    }
}

#[component]
fn LanguageChoice() -> impl IntoView {
    let i18n = use_i18n();
    let query = use_query_map();
    let links = [(Locale::en, "English"), (Locale::ru, "Русский")].map(|(locale, name)| {
        let href = move || {
            let mut query = query.get();
            query.replace("lang", locale.as_str().to_owned());
            query.to_query_string()
        };
        let choose = move |event: MouseEvent| {
            event.prevent_default();
            i18n.set_locale(locale);
            preference::choose_language(locale);
        };
        let current = move || (i18n.get_locale() == locale).then_some("true");
        let lang = locale.as_str();
        view! {
            <a href=href rel="external" lang=lang hreflang=lang aria-current=current on:click=choose>
                {name}
            </a>
        }
    });
    view! {
        <div class="preference">
            <span class="preference-name" id="language-name">{t!(i18n, ui.language)}</span>
            <div class="choice" role="group" aria-labelledby="language-name">{links}</div>
        </div>
    }
}
