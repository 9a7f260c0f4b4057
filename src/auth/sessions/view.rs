//! Where one is signed in, and the buttons that end it.

use leptos::prelude::*;

use super::agent::short_name;
use super::api::{EndOtherSessions, EndSession, list_sessions};
use super::model::Session;
use crate::auth::api::ChangePassword;
use crate::i18n::*;
use crate::ui::card::Card;
use crate::ui::error_state::ErrorState;
use crate::ui::listing::Listing;
use crate::ui::notice::Notice;
use crate::ui::outcome::{above, outcome};
use crate::ui::said::Said;
use crate::ui::table::{Table, Word};
use crate::ui::time::Time;
use crate::ui::unknown::Unknown;

const HEADS: &[Word] = &[
    |it| td_string!(it, access.browser),
    |it| td_string!(it, access.address),
    |it| td_string!(it, access.last_seen),
    |it| td_string!(it, access.opened),
];

/// The sessions; a new password ends all others, so that they are read again after it.
#[component]
pub fn SessionsCard(first: Vec<Session>, change: ServerAction<ChangePassword>) -> impl IntoView {
    let i18n = use_i18n();
    let listing = Listing::new(first, list_sessions);
    let ended = RwSignal::new(None::<u64>);
    let (end, end_others) = (
        ServerAction::<EndSession>::new(),
        ServerAction::<EndOtherSessions>::new(),
    );
    let one = outcome(end, move |()| {
        ended.set(Some(1));
        listing.read_again();
    });
    let many = outcome(end_others, move |count| {
        ended.set(Some(count));
        listing.read_again();
    });
    Effect::new(move |_| {
        if matches!(change.value().get(), Some(Ok(_))) {
            listing.read_again();
        }
    });
    let said = move || {
        let count = ended.get()?;
        Some(t_string!(i18n, access.sessions_ended, count = count).to_string())
    };
    let others = move || {
        let rows = listing.rows.read();
        rows.iter().filter(|session| !session.is_current).count()
    };
    let trouble = move || {
        let error = listing.trouble.get()?;
        Some(view! { <ErrorState error/> })
    };
    view! {
        <Card title=move || t_string!(i18n, access.sessions)>
            <Said text=Signal::derive(said)/>
            <Notice text=above(one, &[])/>
            <Notice text=above(many, &[])/>
            {trouble}
            <Table heads=HEADS acts=Some(|it| td_string!(it, access.acts))>
                <For
                    each=move || listing.rows.get()
                    key=|session| (session.id.clone(), session.last_seen_at)
                    children=move |session| view! { <Row session end/> }
                />
            </Table>
            <Show when=move || { others() > 0 }>
                <ActionForm action=end_others attr:class="form">
                    <div>
                        <button class="button" disabled=move || end_others.pending().get()>
                            {move || {
                                t_string!(i18n, access.end_others, count = others()).to_string()
                            }}
                        </button>
                    </div>
                </ActionForm>
            </Show>
        </Card>
    }
}

#[component]
fn Row(session: Session, end: ServerAction<EndSession>) -> impl IntoView {
    let i18n = use_i18n();
    let agent = session.agent.unwrap_or_default();
    let name = short_name(&agent);
    let browser = move || match name.clone() {
        Some(name) => name,
        None => t_string!(i18n, access.browser_unknown).to_owned(),
    };
    let address = match session.address {
        Some(address) => view! { <span class="address">{address}</span> }.into_any(),
        None => {
            let reason = move || t_string!(i18n, access.address_unknown);
            view! { <Unknown reason/> }.into_any()
        }
    };
    let id = session.id.clone();
    let act = if session.is_current {
        view! { <span class="mark">{t!(i18n, access.this_one)}</span> }.into_any()
    } else {
        let name = browser.clone();
        view! {
            <ActionForm action=end>
                <input type="hidden" name="id" value=id/>
                <button class="button" disabled=move || end.pending().get()>
                    {t!(i18n, access.end)}
                    <span class="visually-hidden">{name}</span>
                </button>
            </ActionForm>
        }
        .into_any()
    };
    view! {
        <tr data-session=session.id>
            <td data-label=move || t_string!(i18n, access.browser)>
                <span class="long" title=agent>{browser}</span>
            </td>
            <td data-label=move || t_string!(i18n, access.address)>{address}</td>
            <td data-label=move || t_string!(i18n, access.last_seen)>
                <Time at=session.last_seen_at/>
            </td>
            <td data-label=move || t_string!(i18n, access.opened)><Time at=session.created_at/></td>
            <td class="acts">{act}</td>
        </tr>
    }
}
