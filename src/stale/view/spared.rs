//! The exemptions: what is spared, why, by whom and until when, and what that keeps now.

use leptos::prelude::*;

use super::address::{Tab, Wish};
use super::shelf::Shelf;
use super::spare::AddExemption;
use super::words::kind_word;
use crate::i18n::*;
use crate::stale::model::{Exemption, Verdict};
use crate::ui::badge::{StateBadge, Tone};
use crate::ui::card::Card;
use crate::ui::empty::EmptyState;
use crate::ui::table::{Table, Word};
use crate::ui::time::{Day, Time};

const HEADS: &[Word] = &[
    |it| td_string!(it, stale.spares),
    |it| td_string!(it, stale.reason),
    |it| td_string!(it, stale.said_by),
    |it| td_string!(it, stale.ends),
    |it| td_string!(it, stale.keeps_now),
];

/// Names that a row says.
const MOST_NAMED: usize = 5;

#[component]
pub(super) fn Spared(shelf: Shelf) -> impl IntoView {
    let i18n = use_i18n();
    let all = Memo::new(move |_| shelf.lists.with(|lists| lists.exemptions.clone()));
    let is_empty = Memo::new(move |_| all.with(Vec::is_empty));
    let acts: Option<Word> = match shelf.may_act {
        true => Some(|it| td_string!(it, stale.acts)),
        false => None,
    };
    let list = move || {
        if is_empty.get() {
            return view! {
                <Card>
                    <EmptyState icon="lock" title=move || t_string!(i18n, stale.none_spared)>
                        <p>{t!(i18n, stale.none_spared_do)}</p>
                    </EmptyState>
                </Card>
            }
            .into_any();
        }
        view! {
            <Card class="flush stale-table">
                <Table heads=HEADS acts>
                    <For
                        each=move || all.get()
                        key=Exemption::clone
                        children=move |one| view! { <Row shelf one/> }
                    />
                </Table>
            </Card>
        }
        .into_any()
    };
    view! {
        <p class="muted">
            {t!(i18n, stale.exemptions_what)} " " <code>"docker-watcher.keep=true"</code> "."
        </p>
        {list}
        {shelf.may_act.then(|| view! { <AddExemption shelf/> })}
    }
}

#[component]
fn Row(shelf: Shelf, one: Exemption) -> impl IntoView {
    let i18n = use_i18n();
    let kind = one.kind;
    let until = match (one.until, one.expired) {
        (Some(at), true) => view! {
            <span class="long">
                <Day at/> " "
                <StateBadge tone=Tone::Idle word=move || t_string!(i18n, stale.is_over)/>
            </span>
        }
        .into_any(),
        (Some(at), false) => view! { <Day at/> }.into_any(),
        (None, _) => view! { <span class="muted">{t!(i18n, stale.without_end)}</span> }.into_any(),
    };
    let acts = shelf.may_act.then(|| {
        let list = Wish {
            tab: Tab::Exemptions,
            ..Wish::default()
        };
        let lift = list.with(&format!("lift={}", one.id));
        let value = one.value.clone();
        view! {
            <td class="acts">
                <a class="button" href=lift data-noscroll="">
                    {t!(i18n, stale.lift)}
                    <span class="visually-hidden">" " {value}</span>
                </a>
            </td>
        }
    });
    let author = one.author.clone();
    view! {
        <tr data-exemption=one.value.clone()>
            <td data-label=move || t_string!(i18n, stale.spares)>
                <span class="who">
                    <code class="who-name">{one.value.clone()}</code>
                    <span class="who-image">{move || kind_word(kind, i18n.get_locale())}</span>
                </span>
            </td>
            <td data-label=move || t_string!(i18n, stale.reason)>
                <span class="long">{one.reason.clone()}</span>
            </td>
            <td data-label=move || t_string!(i18n, stale.said_by)>
                <span class="long">{author} " · " <Time at=one.created_at/></span>
            </td>
            <td data-label=move || t_string!(i18n, stale.ends)>{until}</td>
            <td data-label=move || t_string!(i18n, stale.keeps_now)><KeepsNow shelf id=one.id/></td>
            {acts}
        </tr>
    }
}

/// The names of those that this exemption keeps.
pub(super) fn kept_by(shelf: Shelf, id: String) -> Memo<Vec<String>> {
    Memo::new(move |_| {
        shelf.lists.with(|lists| {
            let mine = lists.idle.iter().filter(|one| {
                let keeping = one.keeping.as_ref();
                let by = keeping.and_then(|keeping| keeping.exemption_id.as_ref());
                one.verdict == Verdict::Exempt && by == Some(&id)
            });
            mine.map(|one| one.name.clone()).collect()
        })
    })
}

#[component]
fn KeepsNow(shelf: Shelf, id: String) -> impl IntoView {
    let i18n = use_i18n();
    let names = kept_by(shelf, id);
    let href = Wish {
        tab: Tab::Idle,
        verdict: Some(Verdict::Exempt),
        ..Wish::default()
    };
    let href = href.list();
    move || {
        let names = names.get();
        if names.is_empty() {
            return view! { <span class="muted">{t!(i18n, stale.keeps_nothing)}</span> }.into_any();
        }
        let mut shown = names.iter().take(MOST_NAMED).cloned().collect::<Vec<_>>();
        if names.len() > MOST_NAMED {
            shown.push("…".to_owned());
        }
        let count = t_string!(i18n, stale.containers, count = names.len()).to_string();
        view! {
            <span class="who">
                <a href=href.clone()>{count}</a>
                <span class="who-image">{shown.join(", ")}</span>
            </span>
        }
        .into_any()
    }
}
