//! The general settings as they are, for whoever may not change them.

use leptos::prelude::*;

use super::numbers::GROUPS;
use crate::i18n::*;
use crate::settings::model::Settings;
use crate::ui::card::Card;

#[component]
pub fn Values(settings: Settings) -> impl IntoView {
    let i18n = use_i18n();
    let numbers = GROUPS.iter().flat_map(|group| group.numbers);
    let numbers = numbers.map(|number| {
        let value = (number.value)(&settings);
        let said = move || {
            let locale = i18n.get_locale();
            match (value, number.unset) {
                (Some(value), _) => (number.said)(locale, value),
                (None, Some(unset)) => unset(locale).to_owned(),
                (None, None) => String::new(),
            }
        };
        view! {
            <div>
                <dt>{move || (number.label)(i18n.get_locale())}</dt>
                <dd>{said}</dd>
            </div>
        }
    });
    let numbers = numbers.collect_view();
    let Settings {
        public_url,
        language,
        ..
    } = settings;
    let public_url = move || match public_url.clone() {
        Some(url) => url,
        None => t_string!(i18n, settings.public_url_unset).to_owned(),
    };
    let language = move || match language.as_deref() {
        Some("en") => "English",
        Some("ru") => "Русский",
        _ => t_string!(i18n, settings.language_browser),
    };
    view! {
        <Card>
            <p class="muted">{t!(i18n, settings.read_only)}</p>
            <dl class="facts facts-grid">
                {numbers}
                <div>
                    <dt>{t!(i18n, settings.public_url)}</dt>
                    <dd>{public_url}</dd>
                </div>
                <div>
                    <dt>{t!(i18n, settings.language)}</dt>
                    <dd>{language}</dd>
                </div>
            </dl>
        </Card>
    }
}
