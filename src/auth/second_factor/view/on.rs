//! Codes are asked for: since when, what is left for emergencies, and how to end it.

use leptos::prelude::*;

use super::Stage;
use crate::auth::second_factor::api::{RemoveSecondFactor, RenewRecoveryCodes};
use crate::auth::view::proof::Proof;
use crate::i18n::*;
use crate::ui::badge::{StateBadge, Tone};
use crate::ui::notice::Notice;
use crate::ui::outcome::{above, outcome};
use crate::ui::time::Time;

/// So few are soon none.
const FEW: i64 = 3;

#[component]
pub fn On(stage: Stage) -> impl IntoView {
    let i18n = use_i18n();
    let state = move || stage.state.rows.with(|rows| rows.first().cloned());
    let since = move || {
        let at = state()?.since?;
        Some(view! { <Time at/> })
    };
    let left = move || state().map_or(0, |state| state.recovery_codes_left);
    let left_words = move || t_string!(i18n, access.codes_left, count = left()).to_string();
    let few = move || t_string!(i18n, access.codes_few, count = left()).to_string();
    let left_line = move || {
        if left() <= FEW {
            view! { <StateBadge tone=Tone::Warn word=few/> }.into_any()
        } else {
            view! { <span>{left_words}</span> }.into_any()
        }
    };
    view! {
        <p class="page-state">
            <StateBadge tone=Tone::Ok word=move || t_string!(i18n, access.factor_on)/>
            <span>{t!(i18n, access.since)} " " {since}</span>
            {left_line}
        </p>
        <Renew stage/>
        <Remove stage/>
    }
}

#[component]
fn Renew(stage: Stage) -> impl IntoView {
    let i18n = use_i18n();
    let renew = ServerAction::<RenewRecoveryCodes>::new();
    let failure = outcome(renew, move |recovery| {
        stage.codes.set(Some(recovery.codes));
        stage.state.read_again();
    });
    let pending = renew.pending();
    view! {
        <p class="without-script muted">{t!(i18n, access.wants_script)}</p>
        <details class="fold needs-script">
            <summary>{t!(i18n, access.codes_renew)}</summary>
            <ActionForm action=renew attr:class="form">
                <Notice text=above(failure, &["password"])/>
                <p>{t!(i18n, access.codes_renew_what)}</p>
                <Proof
                    id="renew-password"
                    failure
                    pending
                    act=move || t_string!(i18n, access.codes_renew_do)
                />
            </ActionForm>
        </details>
    }
}

#[component]
fn Remove(stage: Stage) -> impl IntoView {
    let i18n = use_i18n();
    let remove = ServerAction::<RemoveSecondFactor>::new();
    let failure = outcome(remove, move |()| {
        stage
            .said
            .set(Some(|locale| td_string!(locale, access.factor_removed)));
        stage.state.read_again();
    });
    let pending = remove.pending();
    view! {
        <details class="fold" open=move || failure.read().is_some()>
            <summary>{t!(i18n, access.factor_remove)}</summary>
            <ActionForm action=remove attr:class="form">
                <Notice text=above(failure, &["password"])/>
                <p>{t!(i18n, access.factor_remove_what)}</p>
                <Proof
                    id="remove-password"
                    failure
                    pending
                    act=move || t_string!(i18n, access.factor_remove_do)
                />
            </ActionForm>
        </details>
    }
}
