//! The form with all of the general settings; what is wrong stands beside the field that it is about.

use leptos::prelude::*;
use leptos::text_prop::TextProp;

use super::numbers::{GROUPS, Number};
use crate::error::{AppError, Code};
use crate::i18n::*;
use crate::settings::api::ChangeSettings;
use crate::settings::model::Settings;
use crate::ui::card::Card;
use crate::ui::field::FormField;
use crate::ui::notice::Notice;
use crate::ui::outcome::{above, at_field, outcome};
use crate::ui::said::{Said, saved};
use crate::ui::select::{Choice, SelectField};

/// The fields at which an error can stand.
const FIELDS: &[&str] = &[
    "stats_interval_secs",
    "stats_retention",
    "event_retention_days",
    "event_max_bytes",
    "deploy_history_limit",
    "stale_threshold_days",
    "stale_scan_interval_secs",
    "quarantine_days",
    "proxy_check_interval_secs",
    "public_url",
];

#[component]
pub fn GeneralForm(settings: Settings) -> impl IntoView {
    let i18n = use_i18n();
    let change = ServerAction::<ChangeSettings>::new();
    let failure = outcome(change, |_| {});
    let said = saved(change, move || t_string!(i18n, settings.saved));
    let pending = change.pending();
    let groups = GROUPS.iter().map(|group| {
        let fields = group.numbers.iter().map(|number| {
            let value = (number.value)(&settings);
            view! { <NumberField number value failure/> }
        });
        let fields = fields.collect_view();
        view! {
            <Card title=move || (group.title)(i18n.get_locale())>
                <div class="form">{fields}</div>
            </Card>
        }
    });
    let groups = groups.collect_view();
    let Settings {
        public_url,
        language,
        ..
    } = settings;
    let public_url = public_url.unwrap_or_default();
    view! {
        <Said text=said/>
        <ActionForm action=change attr:class="sections">
            <Notice text=above(failure, FIELDS)/>
            <div class="card-columns">
                {groups}
                <Card title=move || t_string!(i18n, settings.installation)>
                    <div class="form">
                        <FormField
                            name="patch[public_url]"
                            id="public_url"
                            kind="url"
                            label=move || t_string!(i18n, settings.public_url)
                            hint=move || t_string!(i18n, settings.public_url_hint)
                            value=public_url
                            may_be_empty=true
                            error=at_field(failure, "public_url", unfit_address)
                        />
                        <LanguageField language/>
                    </div>
                </Card>
            </div>
            <div>
                <button class="button button-main" disabled=move || pending.get()>
                    {t!(i18n, settings.save)}
                </button>
            </div>
        </ActionForm>
    }
}

#[component]
fn NumberField(
    number: &'static Number,
    value: Option<i64>,
    failure: Signal<Option<AppError>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let bounds = number.bounds;
    view! {
        <FormField
            name=number.name
            id=bounds.field
            kind="number"
            keys="numeric"
            label=move || (number.label)(i18n.get_locale())
            hint=move || (number.hint)(i18n.get_locale(), bounds)
            value=value.map(|value| value.to_string()).unwrap_or_default()
            between=(bounds.least, bounds.most)
            may_be_empty=number.unset.is_some()
            error=at_field(failure, bounds.field, out_of_range)
        />
    }
}

#[component]
fn LanguageField(language: Option<String>) -> impl IntoView {
    let i18n = use_i18n();
    let choices: [Choice; 3] = [
        (
            "",
            TextProp::from(move || t_string!(i18n, settings.language_browser)),
        ),
        ("en", TextProp::from(|| "English")),
        ("ru", TextProp::from(|| "Русский")),
    ];
    let known = choices.iter().map(|(code, _)| *code);
    let chosen = known
        .into_iter()
        .find(|code| language.as_deref() == Some(*code));
    view! {
        <SelectField
            name="patch[language]"
            id="language"
            label=move || t_string!(i18n, settings.language)
            hint=move || t_string!(i18n, settings.language_hint)
            chosen=chosen.unwrap_or_default()
            choices=choices.to_vec()
        />
    }
}

fn out_of_range(_code: Code, locale: Locale) -> &'static str {
    td_string!(locale, settings.out_of_range)
}

fn unfit_address(_code: Code, locale: Locale) -> &'static str {
    td_string!(locale, settings.address_unfit)
}
