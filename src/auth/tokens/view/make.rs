//! Making a token; its secret is shown once, with how to use it.

use chrono::Duration;
use leptos::html;
use leptos::prelude::*;
use leptos::text_prop::TextProp;

use super::Ring;
use crate::auth::tokens::api::CreateToken;
use crate::auth::tokens::model::NewApiToken;
use crate::auth::view::role::RoleField;
use crate::error::Code;
use crate::i18n::*;
use crate::ui::browser;
use crate::ui::card::Card;
use crate::ui::field::FormField;
use crate::ui::notice::Notice;
use crate::ui::outcome::{above, at_field, outcome};
use crate::ui::secret::Secret;
use crate::ui::select::SelectField;

/// What is chosen at first, in days.
const QUARTER: &str = "90";

/// So many days from now; empty for what is no number, which is "never".
fn days_from_now(days: &str) -> String {
    let days = days.parse().ok().and_then(Duration::try_days);
    let at = days.zip(browser::now()).map(|(days, now)| now + days);
    at.map(|at| at.format("%Y-%m-%dT%H:%M:%SZ").to_string())
        .unwrap_or_default()
}

#[component]
pub fn MakeToken(ring: Ring) -> impl IntoView {
    let i18n = use_i18n();
    let make = ServerAction::<CreateToken>::new();
    let form = NodeRef::<html::Form>::new();
    let made = RwSignal::new(None::<NewApiToken>);
    let days = RwSignal::new(QUARTER.to_owned());
    let failure = outcome(make, move |token| {
        if let Some(form) = form.get_untracked() {
            form.reset();
        }
        days.set(QUARTER.to_owned());
        made.set(Some(token));
        ring.listing.read_again();
    });
    let expires_at = RwSignal::new(String::new());
    Effect::new(move |_| expires_at.set(days_from_now(&days.read())));
    let choices: Vec<(&'static str, TextProp)> = vec![
        (
            "30",
            TextProp::from(move || t_string!(i18n, access.days_30)),
        ),
        (
            QUARTER,
            TextProp::from(move || t_string!(i18n, access.days_90)),
        ),
        ("365", TextProp::from(move || t_string!(i18n, access.year))),
        (
            "never",
            TextProp::from(move || t_string!(i18n, access.never)),
        ),
    ];
    let pending = make.pending();
    view! {
        <Card title=move || t_string!(i18n, access.make_token)>
            {move || made.get().map(|token| view! { <Made token made/> })}
            <p class="without-script muted">{t!(i18n, access.make_token_by_command)}</p>
            <div class="needs-script">
                <ActionForm action=make node_ref=form attr:class="form">
                    <Notice text=above(failure, &["name"])/>
                    <FormField
                        name="name"
                        label=move || t_string!(i18n, access.name)
                        hint=move || t_string!(i18n, access.token_name_hint)
                        error=at_field(failure, "name", unfit_name)
                    />
                    <RoleField name="role" id="role"/>
                    <SelectField
                        id="lifetime"
                        label=move || t_string!(i18n, access.expires)
                        choices
                        chosen=QUARTER
                        on_change=move |chosen| days.set(chosen)
                    />
                    <input type="hidden" name="expires_at" value=expires_at/>
                    <div>
                        <button class="button button-main" disabled=move || pending.get()>
                            {t!(i18n, access.make_token_do)}
                        </button>
                    </div>
                </ActionForm>
            </div>
        </Card>
    }
}

/// The secret, until whoever made it has it.
#[component]
fn Made(token: NewApiToken, made: RwSignal<Option<NewApiToken>>) -> impl IntoView {
    let i18n = use_i18n();
    let line = NodeRef::<html::Div>::new();
    Effect::new(move |_| {
        if let Some(line) = line.get() {
            drop(line.focus());
        }
    });
    let name = token.about.name;
    let use_it = format!("Authorization: Bearer {}", token.token);
    view! {
        <div class="made" tabindex="-1" role="status" node_ref=line>
            <p>{move || t_string!(i18n, access.token_made, name = name.clone()).to_string()}</p>
            <Secret label=move || t_string!(i18n, access.token) text=token.token/>
            <Secret label=move || t_string!(i18n, access.token_use) text=use_it/>
            <div>
                <button type="button" class="button" on:click=move |_| made.set(None)>
                    {t!(i18n, access.done)}
                </button>
            </div>
        </div>
    }
}

fn unfit_name(code: Code, locale: Locale) -> &'static str {
    match code {
        Code::Conflict => td_string!(locale, access.token_name_taken),
        _ => td_string!(locale, access.token_name_unfit),
    }
}
