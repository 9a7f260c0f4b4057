//! What the environment says, which cannot be changed here.

use leptos::prelude::*;

use crate::auth::sign_on::model::SignOnState;
use crate::i18n::*;
use crate::ui::card::Card;
use crate::ui::table::Word;

#[component]
pub fn Fixed(state: SignOnState) -> impl IntoView {
    let i18n = use_i18n();
    let secret: Word = match state.has_client_secret {
        true => |it| td_string!(it, settings.set),
        false => |it| td_string!(it, settings.not_set),
    };
    let facts: [(Word, Option<String>); 6] = [
        (|it| td_string!(it, settings.issuer), state.issuer),
        (|it| td_string!(it, settings.client_id), state.client_id),
        (|it| td_string!(it, settings.provider_name), state.name),
        (|it| td_string!(it, settings.role_claim), state.role_claim),
        (
            |it| td_string!(it, settings.admin_values),
            state.admin_values,
        ),
        (
            |it| td_string!(it, settings.viewer_values),
            state.viewer_values,
        ),
    ];
    let facts = facts.map(|(label, value)| {
        let value = move || match value.clone() {
            Some(value) => value,
            None => t_string!(i18n, settings.no_value).to_owned(),
        };
        view! {
            <div>
                <dt>{move || label(i18n.get_locale())}</dt>
                <dd>{value}</dd>
            </div>
        }
    });
    view! {
        <Card title=move || t_string!(i18n, settings.fixed)>
            <p>{t!(i18n, settings.fixed_what)}</p>
            <dl class="facts facts-grid">
                {facts.collect_view()}
                <div>
                    <dt>{t!(i18n, settings.client_secret)}</dt>
                    <dd>{move || secret(i18n.get_locale())}</dd>
                </div>
            </dl>
        </Card>
    }
}
