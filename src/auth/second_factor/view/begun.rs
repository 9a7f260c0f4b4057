//! A new secret: as a picture for a camera, as text for a keyboard, and the code that proves it arrived.

use leptos::prelude::*;

use super::Stage;
use crate::auth::second_factor::api::ConfirmSecondFactor;
use crate::auth::second_factor::model::Picture;
use crate::error::Code;
use crate::i18n::*;
use crate::ui::field::FormField;
use crate::ui::notice::Notice;
use crate::ui::outcome::{above, at_field, outcome};
use crate::ui::secret::Secret;

/// The empty edge that a reader of such pictures needs, in dots.
const QUIET: usize = 4;

#[component]
pub fn Begun(stage: Stage) -> impl IntoView {
    let i18n = use_i18n();
    let confirm = ServerAction::<ConfirmSecondFactor>::new();
    let failure = outcome(confirm, move |recovery| {
        stage.codes.set(Some(recovery.codes));
        stage.begun.set(None);
        stage.state.read_again();
    });
    let pending = confirm.pending();
    let secret = stage.begun.get_untracked().map(|secret| {
        view! {
            <QrCode picture=secret.picture/>
            <Secret label=move || t_string!(i18n, access.factor_secret) text=secret.secret/>
        }
    });
    view! {
        <p>{t!(i18n, access.factor_scan)}</p>
        {secret}
        <ActionForm action=confirm attr:class="form">
            <Notice text=above(failure, &["code"])/>
            <FormField
                name="code"
                label=move || t_string!(i18n, access.factor_first_code)
                hint=move || t_string!(i18n, access.factor_first_code_hint)
                autocomplete="one-time-code"
                keys="numeric"
                error=at_field(failure, "code", wrong_code)
                focus=true
            />
            <div class="buttons">
                <button class="button button-main" disabled=move || pending.get()>
                    {t!(i18n, access.factor_confirm)}
                </button>
                <button type="button" class="button" on:click=move |_| stage.begun.set(None)>
                    {t!(i18n, access.cancel)}
                </button>
            </div>
        </ActionForm>
    }
}

/// Dark on light in both themes: not every camera reads it the other way round.
#[component]
fn QrCode(picture: Picture) -> impl IntoView {
    let i18n = use_i18n();
    let side = picture.size + 2 * QUIET;
    view! {
        <svg
            class="qr"
            viewBox=format!("-{QUIET} -{QUIET} {side} {side}")
            shape-rendering="crispEdges"
            role="img"
            aria-label=move || t_string!(i18n, access.factor_picture)
        >
            <path d=picture.path></path>
        </svg>
    }
}

fn wrong_code(_code: Code, locale: Locale) -> &'static str {
    td_string!(locale, access.factor_first_code_wrong)
}
