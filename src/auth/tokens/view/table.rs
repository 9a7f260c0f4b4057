//! Every token in a table, without its secret.

use leptos::prelude::*;

use super::{HERE, Ring};
use crate::auth::tokens::model::ApiToken;
use crate::auth::view::role::role_word;
use crate::i18n::*;
use crate::ui::badge::{StateBadge, Tone};
use crate::ui::card::Card;
use crate::ui::time::{Day, Time, is_over};

#[component]
pub fn Table(ring: Ring) -> impl IntoView {
    let i18n = use_i18n();
    let acts = ring.is_keeper.then(|| {
        view! { <th scope="col"><span class="visually-hidden">{t!(i18n, access.acts)}</span></th> }
    });
    view! {
        <Card>
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{t!(i18n, access.name)}</th>
                        <th scope="col">{t!(i18n, access.role)}</th>
                        <th scope="col">{t!(i18n, access.made)}</th>
                        <th scope="col">{t!(i18n, access.expires)}</th>
                        <th scope="col">{t!(i18n, access.last_used)}</th>
                        {acts}
                    </tr>
                </thead>
                <tbody>
                    <For
                        each=move || ring.listing.rows.get()
                        key=|token| (token.id.clone(), token.last_used_at)
                        children=move |token| view! { <Row ring token/> }
                    />
                </tbody>
            </table>
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
