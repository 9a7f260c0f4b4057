//! The client secret, which is replaced or taken away and never shown; and the end of single sign-on.

use leptos::prelude::*;

use super::Desk;
use super::form::unfit_text;
use crate::i18n::*;
use crate::ui::card::Card;
use crate::ui::field::FormField;
use crate::ui::outcome::at_field;

#[component]
pub fn ClientSecret(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let Desk {
        change, failure, ..
    } = desk;
    let pending = change.pending();
    view! {
        <Card title=move || t_string!(i18n, settings.client_secret)>
            <p>{t!(i18n, settings.secret_is_set)}</p>
            <ActionForm action=change attr:class="form">
                <FormField
                    name="patch[oidc_client_secret]"
                    id="new_client_secret"
                    kind="password"
                    autocomplete="new-password"
                    label=move || t_string!(i18n, settings.secret_new)
                    error=at_field(failure, "oidc_client_secret", unfit_text)
                />
                <div>
                    <button class="button" disabled=move || pending.get()>
                        {t!(i18n, settings.secret_replace)}
                    </button>
                </div>
            </ActionForm>
            <details class="fold">
                <summary>{t!(i18n, settings.secret_clear)}</summary>
                <ActionForm action=change attr:class="form">
                    <p>{t!(i18n, settings.secret_clear_what)}</p>
                    // An empty value takes it away.
                    <input type="hidden" name="patch[oidc_client_secret]" value=""/>
                    <div>
                        <button class="button" disabled=move || pending.get()>
                            {t!(i18n, settings.secret_clear)}
                        </button>
                    </div>
                </ActionForm>
            </details>
        </Card>
    }
}

#[component]
pub fn TurnOff(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let pending = desk.change.pending();
    view! {
        <Card>
            <details class="fold">
                <summary>{t!(i18n, settings.turn_off)}</summary>
                <ActionForm action=desk.change attr:class="form">
                    <p>{t!(i18n, settings.turn_off_what)}</p>
                    <input type="hidden" name="patch[oidc_issuer]" value=""/>
                    <div>
                        <button class="button" disabled=move || pending.get()>
                            {t!(i18n, settings.turn_off)}
                        </button>
                    </div>
                </ActionForm>
            </details>
        </Card>
    }
}
