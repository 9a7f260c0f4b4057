//! Everybody in a table.

use leptos::prelude::*;

use super::{HERE, People};
use crate::auth::users::model::Account;
use crate::auth::view::role::role_word;
use crate::i18n::*;
use crate::ui::badge::{StateBadge, Tone};
use crate::ui::card::Card;
use crate::ui::table::{self, Word};
use crate::ui::time::Time;

const HEADS: &[Word] = &[
    |it| td_string!(it, access.name),
    |it| td_string!(it, access.role),
    |it| td_string!(it, access.last_sign_in),
    |it| td_string!(it, access.factor),
    |it| td_string!(it, access.signs_in_with),
];

#[component]
pub fn Table(people: People) -> impl IntoView {
    let key = |account: &Account| {
        let way = (account.has_password, account.issuer.clone());
        let seen = account.last_sign_in_at;
        (
            account.id.clone(),
            account.role,
            account.second_factor,
            way,
            seen,
        )
    };
    view! {
        <Card>
            <table::Table heads=HEADS acts=Some(|it| td_string!(it, access.acts))>
                <For
                    each=move || people.listing.rows.get()
                    key
                    children=move |account| view! { <Row people account/> }
                />
            </table::Table>
        </Card>
    }
}

#[component]
fn Row(people: People, account: Account) -> impl IntoView {
    let i18n = use_i18n();
    let (role, has_password) = (account.role, account.has_password);
    let last_seen = match account.last_sign_in_at {
        Some(at) => view! { <Time at/> }.into_any(),
        None => view! { <span class="muted">{t!(i18n, access.never)}</span> }.into_any(),
    };
    let factor = match account.second_factor {
        true => view! { <StateBadge tone=Tone::Ok word=move || t_string!(i18n, access.on)/> },
        false => view! { <StateBadge tone=Tone::Idle word=move || t_string!(i18n, access.off)/> },
    };
    let (issuer, provider) = (account.issuer.clone(), account.issuer.clone());
    let (name, shown) = (account.username.clone(), account.username.clone());
    let way = move || match (has_password, provider.is_some()) {
        (true, false) => t_string!(i18n, access.by_password),
        (true, true) => t_string!(i18n, access.by_both),
        (false, true) => t_string!(i18n, access.by_provider),
        (false, false) => t_string!(i18n, access.by_nothing),
    };
    let me = people
        .is_me(&account)
        .then(|| view! { <span class="mark">{t!(i18n, access.you)}</span> });
    view! {
        <tr data-user=name>
            <td data-label=move || t_string!(i18n, access.name)>
                <span class="long">{shown} " " {me}</span>
            </td>
            <td data-label=move || t_string!(i18n, access.role)>
                {move || role_word(role, i18n.get_locale())}
            </td>
            <td data-label=move || t_string!(i18n, access.last_sign_in)>{last_seen}</td>
            <td data-label=move || t_string!(i18n, access.factor)>{factor}</td>
            <td data-label=move || t_string!(i18n, access.signs_in_with)>
                <span title=issuer>{way}</span>
            </td>
            <td class="acts"><Acts people account/></td>
        </tr>
    }
}

#[component]
fn Acts(people: People, account: Account) -> impl IntoView {
    let i18n = use_i18n();
    let name = StoredValue::new(account.username.clone());
    let id = account.id.clone();
    let change = format!("{HERE}?change={id}");
    let remove = move || {
        if people.is_last_admin(&account) {
            return view! {
                <button
                    type="button"
                    class="button"
                    aria-disabled="true"
                    aria-describedby="last-admin"
                    title=move || t_string!(i18n, access.last_admin)
                >
                    {t!(i18n, access.remove)}
                    <span class="visually-hidden">{name.get_value()}</span>
                </button>
                <span class="visually-hidden" id="last-admin">{t!(i18n, access.last_admin)}</span>
            }
            .into_any();
        }
        let href = format!("{HERE}?remove={id}");
        view! {
            <a class="button" href=href data-noscroll="">
                {t!(i18n, access.remove)}
                <span class="visually-hidden">{name.get_value()}</span>
            </a>
        }
        .into_any()
    };
    view! {
        <div class="buttons">
            <a class="button" href=change data-noscroll="">
                {t!(i18n, access.change)}
                <span class="visually-hidden">{name.get_value()}</span>
            </a>
            {remove}
        </div>
    }
}
