//! The quarantine: what is kept aside, since when, until when and by whom, and the ways out of it.

use leptos::prelude::*;

use super::address::{Tab, Wish};
use super::failure::Failure;
use super::row::{Name, Size};
use super::shelf::Shelf;
use crate::i18n::*;
use crate::stale::api::RestoreQuarantined;
use crate::stale::model::{Outcome, Quarantined};
use crate::ui::badge::{StateBadge, Tone};
use crate::ui::card::Card;
use crate::ui::empty::EmptyState;
use crate::ui::outcome::outcome;
use crate::ui::table::{Table, Word};
use crate::ui::time::{Day, Time};

const HEADS: &[Word] = &[
    |it| td_string!(it, stale.container),
    |it| td_string!(it, stale.state),
    |it| td_string!(it, stale.put_there),
    |it| td_string!(it, stale.removed_on),
    |it| td_string!(it, stale.size),
];

#[component]
pub(super) fn Kept(shelf: Shelf) -> impl IntoView {
    let i18n = use_i18n();
    let restore = ServerAction::<RestoreQuarantined>::new();
    let failure = outcome(restore, move |item| {
        let name = item.name.unwrap_or_default();
        shelf.say(match item.outcome {
            Outcome::Gone => t_string!(i18n, stale.was_gone_already, name = name).to_string(),
            _ => t_string!(i18n, stale.is_back, name = name).to_string(),
        });
    });
    let kept = Memo::new(move |_| shelf.lists.with(|lists| lists.quarantine.clone()));
    let is_empty = Memo::new(move |_| kept.with(Vec::is_empty));
    let acts: Option<Word> = match shelf.may_act {
        true => Some(|it| td_string!(it, stale.acts)),
        false => None,
    };
    let list = move || {
        if is_empty.get() {
            return view! { <NothingKept shelf/> }.into_any();
        }
        view! {
            <Card class="flush stale-table size-fifth">
                <Table heads=HEADS acts>
                    <For
                        each=move || kept.get()
                        key=Quarantined::clone
                        children=move |one| view! { <Row shelf restore one/> }
                    />
                </Table>
            </Card>
        }
        .into_any()
    };
    view! {
        <p class="muted">{t!(i18n, stale.quarantine_what)}</p>
        <Failure error=failure/>
        {list}
    }
}

#[component]
fn NothingKept(shelf: Shelf) -> impl IntoView {
    let i18n = use_i18n();
    let days = Memo::new(move |_| shelf.lists.with(|lists| lists.quarantine_days));
    let words = move || t_string!(i18n, stale.none_kept_do, count = days.get()).to_string();
    view! {
        <Card>
            <EmptyState icon="clock" title=move || t_string!(i18n, stale.none_kept)>
                <p>{words}</p>
            </EmptyState>
        </Card>
    }
}

#[component]
fn Row(shelf: Shelf, restore: ServerAction<RestoreQuarantined>, one: Quarantined) -> impl IntoView {
    let i18n = use_i18n();
    let author = one.author.clone();
    let acts = shelf.may_act.then(|| {
        let acts = (!one.in_transit).then(|| view! { <Acts restore one=one.clone()/> });
        view! { <td class="acts">{acts}</td> }
    });
    view! {
        <tr data-kept=one.name.clone()>
            <td data-label=move || t_string!(i18n, stale.container)>
                <span title=one.kept_name.clone()>
                    <Name name=one.name.clone() image=one.image.clone()/>
                </span>
            </td>
            <td data-label=move || t_string!(i18n, stale.state)><State one=one.clone()/></td>
            <td data-label=move || t_string!(i18n, stale.put_there)>
                <span class="long"><Time at=one.since/> " · " {author}</span>
            </td>
            <td data-label=move || t_string!(i18n, stale.removed_on)><Day at=one.until/></td>
            <td data-label=move || t_string!(i18n, stale.size)><Size bytes=one.size_bytes/></td>
            {acts}
        </tr>
    }
}

/// Kept, on its way, or why it could not go.
#[component]
fn State(one: Quarantined) -> impl IntoView {
    let i18n = use_i18n();
    let (is_moving, trouble) = (one.in_transit, one.trouble);
    let tone = match (is_moving, &trouble) {
        (true, _) => Tone::Warn,
        (false, Some(_)) => Tone::Error,
        (false, None) => Tone::Idle,
    };
    let has_trouble = trouble.is_some();
    let word = move || match (is_moving, has_trouble) {
        (true, _) => t_string!(i18n, stale.in_transit),
        (false, true) => t_string!(i18n, stale.in_trouble),
        (false, false) => t_string!(i18n, stale.kept_aside),
    };
    let hint = is_moving.then(|| view! { <p class="muted">{t!(i18n, stale.in_transit_what)}</p> });
    view! {
        <div class="whys">
            <StateBadge tone word/>
            {hint}
            {trouble.map(|words| view! { <p class="detail" lang="en">{words}</p> })}
        </div>
    }
}

#[component]
fn Acts(restore: ServerAction<RestoreQuarantined>, one: Quarantined) -> impl IntoView {
    let i18n = use_i18n();
    let pending = restore.pending();
    let list = Wish {
        tab: Tab::Quarantine,
        ..Wish::default()
    };
    let remove = list.with(&format!("remove={}", one.id));
    let (name, again) = (one.name.clone(), one.name);
    view! {
        <div class="buttons">
            <ActionForm action=restore>
                <input type="hidden" name="id" value=one.id/>
                <button class="button" disabled=move || pending.get()>
                    {t!(i18n, stale.restore)}
                    <span class="visually-hidden">" " {name}</span>
                </button>
            </ActionForm>
            <a class="button" href=remove data-noscroll="">
                {t!(i18n, stale.remove_now)}
                <span class="visually-hidden">" " {again}</span>
            </a>
        </div>
    }
}
