//! Every token in a table, without its secret.

use leptos::prelude::*;

use super::{HERE, Ring};
use crate::auth::tokens::model::ApiToken;
use crate::auth::view::role::role_word;
use crate::i18n::*;
use crate::ui::badge::{StateBadge, Tone};
use crate::ui::card::Card;
use crate::ui::table::{self, Word};
use crate::ui::time::{Day, Time, is_over};

const HEADS: &[Word] = &[
    |it| td_string!(it, access.name),
    |it| td_string!(it, access.role),
    |it| td_string!(it, access.made),
    |it| td_string!(it, access.expires),
    |it| td_string!(it, access.last_used),
];

#[component]
pub fn Table(ring: Ring) -> impl IntoView {
    let acts: Option<Word> = match ring.is_keeper {
        true => Some(|it| td_string!(it, access.acts)),
        false => None,
    };
    view! {
        <Card>
            <table::Table heads=HEADS acts>
                <For
                    each=move || ring.listing.rows.get()
                    key=|token| (token.id.clone(), token.last_used_at)
                    children=move |token| view! { <Row ring token/> }
                />
            </table::Table>
        </Card>
    }
}

#[component]
fn Row(ring: Ring, token: ApiToken) -> impl IntoView {
    let i18n = use_i18n();
    let role = token.role;
    let maker = token.created_by;
    let by = move || match maker.clone() {
        Some(name) => name,
        None => t_string!(i18n, access.command_line).to_owned(),
    };
    let expires = match token.expires_at {
        Some(at) => view! { <Expiry at/> }.into_any(),
        None => view! { <span class="muted">{t!(i18n, access.never)}</span> }.into_any(),
    };
    let used = match token.last_used_at {
        Some(at) => view! { <Time at/> }.into_any(),
        None => view! { <span class="muted">{t!(i18n, access.never)}</span> }.into_any(),
    };
    let name = token.name.clone();
    let acts = ring.is_keeper.then(|| {
        let href = format!("{HERE}?remove={}", token.id);
        view! {
            <td class="acts">
                <a class="button" href=href data-noscroll="">
                    {t!(i18n, access.take_back)}
                    <span class="visually-hidden">{name}</span>
                </a>
            </td>
        }
    });
    view! {
        <tr data-token=token.name.clone()>
            <td data-label=move || t_string!(i18n, access.name)>
                <span class="long">{token.name.clone()}</span>
            </td>
            <td data-label=move || t_string!(i18n, access.role)>
                {move || role_word(role, i18n.get_locale())}
            </td>
            <td data-label=move || t_string!(i18n, access.made)>
                <span class="long"><Time at=token.created_at/> " · " {by}</span>
            </td>
            <td data-label=move || t_string!(i18n, access.expires)>{expires}</td>
            <td data-label=move || t_string!(i18n, access.last_used)>{used}</td>
            {acts}
        </tr>
    }
}

#[component]
fn Expiry(at: chrono::DateTime<chrono::Utc>) -> impl IntoView {
    let i18n = use_i18n();
    let over = is_over(at);
    view! {
        <span class="long">
            <Day at/>
            <Show when=move || over.get()>
                " "
                <StateBadge tone=Tone::Idle word=move || t_string!(i18n, access.expired)/>
            </Show>
        </span>
    }
}
