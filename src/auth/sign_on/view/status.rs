//! Whether the provider can be used now, and if not, why.

use leptos::prelude::*;

use super::Desk;
use crate::auth::sign_on::model::Fault;
use crate::i18n::*;
use crate::ui::badge::{StateBadge, Tone};

#[component]
pub fn Status(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let fault = Memo::new(move |_| desk.now().fault);
    let is_on = desk.has(|state| state.issuer.is_some());
    let tone = Signal::derive(move || match (is_on.get(), fault.get()) {
        (false, _) => Tone::Idle,
        (true, None) => Tone::Ok,
        (true, Some(_)) => Tone::Error,
    });
    let word = move || match (is_on.get(), fault.get()) {
        (false, _) => t_string!(i18n, settings.is_off),
        (true, None) => t_string!(i18n, settings.works),
        (true, Some(fault)) => happened(fault, i18n.get_locale()),
    };
    let remedy = move || {
        let fault = fault.get()?;
        let remedy = move || remedy(fault, i18n.get_locale());
        Some(view! { <p>{remedy} " " {t!(i18n, settings.log_says)}</p> })
    };
    view! {
        <div class="state-line" role="status">
            <StateBadge tone word/>
            {remedy}
        </div>
    }
}

fn happened(fault: Fault, locale: Locale) -> &'static str {
    match fault {
        Fault::Unreachable => td_string!(locale, settings.unreachable),
        Fault::NoProvider => td_string!(locale, settings.no_provider),
        Fault::OtherName => td_string!(locale, settings.other_name),
        Fault::Unfit => td_string!(locale, settings.unfit),
    }
}

fn remedy(fault: Fault, locale: Locale) -> &'static str {
    match fault {
        Fault::Unreachable => td_string!(locale, settings.unreachable_do),
        Fault::NoProvider => td_string!(locale, settings.no_provider_do),
        Fault::OtherName => td_string!(locale, settings.other_name_do),
        Fault::Unfit => td_string!(locale, settings.unfit_do),
    }
}
