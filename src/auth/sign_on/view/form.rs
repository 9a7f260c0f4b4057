//! What we know of the provider. An input that is left empty takes its value away.

use leptos::prelude::*;

use super::Desk;
use crate::auth::sign_on::model::SignOnState;
use crate::error::Code;
use crate::i18n::*;
use crate::ui::card::Card;
use crate::ui::field::FormField;
use crate::ui::notice::Notice;
use crate::ui::outcome::{above, at_field};
use crate::ui::table::Word;

/// The fields at which an error can stand, here or where the client secret is replaced.
const FIELDS: &[&str] = &[
    "oidc_issuer",
    "oidc_client_id",
    "oidc_client_secret",
    "oidc_name",
    "oidc_role_claim",
    "oidc_admin_values",
    "oidc_viewer_values",
];

#[component]
pub fn ProviderForm(desk: Desk, state: SignOnState) -> impl IntoView {
    let i18n = use_i18n();
    let Desk {
        change, failure, ..
    } = desk;
    let pending = change.pending();
    let has_no_secret = desk.has(|state| !state.has_client_secret);
    view! {
        <Card title=move || t_string!(i18n, settings.provider)>
            <ActionForm action=change attr:class="form">
                <Notice text=above(failure, FIELDS)/>
                <FormField
                    name="patch[oidc_issuer]"
                    id="oidc_issuer"
                    kind="url"
                    label=move || t_string!(i18n, settings.issuer)
                    hint=move || t_string!(i18n, settings.issuer_hint)
                    value=state.issuer.unwrap_or_default()
                    error=at_field(failure, "oidc_issuer", unfit_issuer)
                />
                <FormField
                    name="patch[oidc_client_id]"
                    id="oidc_client_id"
                    label=move || t_string!(i18n, settings.client_id)
                    hint=move || t_string!(i18n, settings.client_id_hint)
                    value=state.client_id.unwrap_or_default()
                    error=at_field(failure, "oidc_client_id", unfit_text)
                />
                <Show when=move || has_no_secret.get()>
                    <FormField
                        name="patch[oidc_client_secret]"
                        id="oidc_client_secret"
                        kind="password"
                        autocomplete="new-password"
                        label=move || t_string!(i18n, settings.client_secret)
                        hint=move || t_string!(i18n, settings.client_secret_hint)
                        may_be_empty=true
                        error=at_field(failure, "oidc_client_secret", unfit_text)
                    />
                </Show>
                <Optional
                    desk
                    name="patch[oidc_name]"
                    id="oidc_name"
                    label=|it| td_string!(it, settings.provider_name)
                    hint=|it| td_string!(it, settings.provider_name_hint)
                    value=state.name
                />
                <Optional
                    desk
                    name="patch[oidc_role_claim]"
                    id="oidc_role_claim"
                    label=|it| td_string!(it, settings.role_claim)
                    hint=|it| td_string!(it, settings.role_claim_hint)
                    value=state.role_claim
                />
                <Optional
                    desk
                    name="patch[oidc_admin_values]"
                    id="oidc_admin_values"
                    label=|it| td_string!(it, settings.admin_values)
                    hint=|it| td_string!(it, settings.values_hint)
                    value=state.admin_values
                />
                <Optional
                    desk
                    name="patch[oidc_viewer_values]"
                    id="oidc_viewer_values"
                    label=|it| td_string!(it, settings.viewer_values)
                    hint=|it| td_string!(it, settings.values_hint)
                    value=state.viewer_values
                />
                <div>
                    <button class="button button-main" disabled=move || pending.get()>
                        {t!(i18n, settings.save)}
                    </button>
                </div>
            </ActionForm>
        </Card>
    }
}

/// A text that there need not be.
#[component]
fn Optional(
    desk: Desk,
    name: &'static str,
    id: &'static str,
    label: Word,
    hint: Word,
    value: Option<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <FormField
            name
            id
            label=move || label(i18n.get_locale())
            hint=move || hint(i18n.get_locale())
            value=value.unwrap_or_default()
            may_be_empty=true
            error=at_field(desk.failure, id, unfit_text)
        />
    }
}

fn unfit_issuer(_code: Code, locale: Locale) -> &'static str {
    td_string!(locale, settings.issuer_unfit)
}

/// What is wrong with any other text.
pub fn unfit_text(_code: Code, locale: Locale) -> &'static str {
    td_string!(locale, settings.text_unfit)
}
