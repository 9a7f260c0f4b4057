//! What is stale: why, since when and how big; ticked, and led to its plan.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::address::{HERE, Tab, Wish, key_of, verdict_name};
use super::row::{Acts, App, MoreRows, Name, Size, row_key, shown_of, sum_words};
use super::shelf::Shelf;
use crate::i18n::*;
use crate::stale::model::{Reason, StaleContainer, Verdict};
use crate::ui::card::Card;
use crate::ui::empty::EmptyState;
use crate::ui::table::{Table, Word};
use crate::ui::time::Time;

const HEADS: &[Word] = &[
    |it| td_string!(it, stale.container),
    |it| td_string!(it, stale.app),
    |it| td_string!(it, stale.why),
    |it| td_string!(it, stale.since),
    |it| td_string!(it, stale.size),
];

#[component]
pub(super) fn Found(shelf: Shelf, wish: Memo<Wish>) -> impl IntoView {
    let all = Memo::new(move |_| {
        shelf.lists.with(|lists| {
            let stale = lists
                .idle
                .iter()
                .filter(|one| one.verdict == Verdict::Stale);
            stale.cloned().collect::<Vec<_>>()
        })
    });
    let is_empty = Memo::new(move |_| all.with(Vec::is_empty));
    move || match is_empty.get() {
        true => view! { <NothingStale shelf/> }.into_any(),
        false => view! { <Picks shelf wish all/> }.into_any(),
    }
}

/// A form, so that ticks and a button lead to a plan without scripts, too.
#[component]
fn Picks(shelf: Shelf, wish: Memo<Wish>, all: Memo<Vec<StaleContainer>>) -> impl IntoView {
    let i18n = use_i18n();
    let shown = shown_of(all, wish);
    let navigate = use_navigate();
    let preview = move |event: SubmitEvent| {
        event.prevent_default();
        let chosen = shelf.chosen.get_untracked();
        let shown = shown.get_untracked();
        let chosen = shown.iter().filter(|one| chosen.contains(&one.docker_id));
        let keys: Vec<_> = chosen.map(|one| key_of(&one.docker_id)).collect();
        if keys.is_empty() {
            shelf
                .said
                .set(Some(t_string!(i18n, stale.tick_first).to_owned()));
            return;
        }
        let options = NavigateOptions {
            scroll: false,
            ..NavigateOptions::default()
        };
        let plan = format!("plan={}", keys.join(","));
        navigate(&wish.with_untracked(|wish| wish.with(&plan)), options);
    };
    let acts: Option<Word> = match shelf.may_act {
        true => Some(|it| td_string!(it, stale.acts)),
        false => None,
    };
    let list = view! {
        <PickBar shelf shown/>
        <Card class="flush stale-table size-fifth">
            <Table heads=HEADS acts>
                <For
                    each=move || shown.get()
                    key=row_key
                    children=move |one| view! { <Row shelf wish one/> }
                />
            </Table>
        </Card>
        <MoreRows all wish/>
    };
    match shelf.may_act {
        true => view! {
            <form class="picks" method="get" action=HERE on:submit=preview>
                {list}
            </form>
        }
        .into_any(),
        false => view! { <div class="picks">{list}</div> }.into_any(),
    }
}

/// How much is ticked, all of it at once, and the way to the plan.
#[component]
fn PickBar(shelf: Shelf, shown: Memo<Vec<StaleContainer>>) -> impl IntoView {
    let i18n = use_i18n();
    let chosen = Memo::new(move |_| {
        shelf.chosen.with(|chosen| {
            shown.with(|shown| {
                let mine = shown.iter().filter(|one| chosen.contains(&one.docker_id));
                mine.map(|one| one.size_bytes).collect::<Vec<_>>()
            })
        })
    });
    let words = move || {
        let (ticked, locale) = (chosen.get(), i18n.get_locale());
        if ticked.is_empty() {
            let sizes: Vec<_> = shown.with(|all| all.iter().map(|one| one.size_bytes).collect());
            let size = sum_words(&sizes, locale);
            return t_string!(i18n, stale.all_hold, count = sizes.len(), size = size).to_string();
        }
        let size = sum_words(&ticked, locale);
        t_string!(i18n, stale.ticked, count = ticked.len(), size = size).to_string()
    };
    let is_all = move || chosen.with(Vec::len) == shown.with(Vec::len);
    let is_some = move || chosen.with(|chosen| !chosen.is_empty());
    let tick_all = move |event| {
        let ids = shown.get_untracked().into_iter().map(|one| one.docker_id);
        shelf.chosen.set(match event_target_checked(&event) {
            true => ids.collect(),
            false => Default::default(),
        });
    };
    let tools = shelf.may_act.then(|| {
        let all = view! {
            <label class="check needs-script">
                <input
                    type="checkbox"
                    prop:checked=is_all
                    prop:indeterminate=move || is_some() && !is_all()
                    on:change=tick_all
                />
                {t!(i18n, stale.tick_all)}
            </label>
        };
        let go = view! {
            <button class="button button-main">{t!(i18n, stale.preview)}</button>
        };
        (all, go)
    });
    let (all, go) = tools.unzip();
    view! {
        <div class="pick-bar">
            {all}
            <p class="pick-sum" aria-live="polite">
                {words}
            </p>
            {go}
        </div>
    }
}

#[component]
fn Row(shelf: Shelf, wish: Memo<Wish>, one: StaleContainer) -> impl IntoView {
    let i18n = use_i18n();
    let id = StoredValue::new(one.docker_id.clone());
    let is_chosen = move || {
        shelf
            .chosen
            .with(|chosen| id.with_value(|id| chosen.contains(id)))
    };
    let tick = move |event| {
        let is_ticked = event_target_checked(&event);
        shelf.chosen.update(|chosen| {
            let id = id.get_value();
            if is_ticked {
                chosen.insert(id);
            } else {
                chosen.remove(&id);
            }
        });
    };
    let who = view! { <Name name=one.name.clone() image=one.image.clone()/> };
    let who = match shelf.may_act {
        true => view! {
            <label class="pick">
                <input
                    type="checkbox"
                    name="plan"
                    value=key_of(&one.docker_id).to_owned()
                    prop:checked=is_chosen
                    on:change=tick
                />
                {who}
            </label>
        }
        .into_any(),
        false => who.into_any(),
    };
    let since = one.stale_since.map(|at| view! { <Time at/> });
    let acts = shelf
        .may_act
        .then(|| view! { <td class="acts"><Acts wish one=one.clone() is_stale=true/></td> });
    let name = one.name.clone();
    view! {
        <tr data-stale=name>
            <td data-label=move || t_string!(i18n, stale.container)>{who}</td>
            <td data-label=move || t_string!(i18n, stale.app)><App shelf one=one.clone()/></td>
            <td data-label=move || t_string!(i18n, stale.why)><Why one=one.clone()/></td>
            <td data-label=move || t_string!(i18n, stale.since)>{since}</td>
            <td data-label=move || t_string!(i18n, stale.size)><Size bytes=one.size_bytes/></td>
            {acts}
        </tr>
    }
}

/// "Last ran 12 d ago", "Never ran, made 40 d ago".
#[component]
fn Why(one: StaleContainer) -> impl IntoView {
    let i18n = use_i18n();
    let words = move || match one.reason {
        Reason::NeverRan => t_string!(i18n, stale.never_ran_made),
        _ => t_string!(i18n, stale.last_ran),
    };
    view! { <span>{words} " " {one.last_alive_at.map(|at| view! { <Time at/> })}</span> }
}

/// Says when the last scan looked and at how much, so that nothing found is not nothing done.
#[component]
fn NothingStale(shelf: Shelf) -> impl IntoView {
    let i18n = use_i18n();
    let scan = Memo::new(move |_| shelf.lists.with(|lists| lists.scan.clone()));
    let idle = Memo::new(move |_| shelf.lists.with(|lists| lists.count(None)));
    let unknown = Memo::new(move |_| {
        shelf
            .lists
            .with(|lists| lists.count(Some(Verdict::Unknown)))
    });
    let title = move || match (scan.with(Option::is_some), unknown.get()) {
        (false, _) => t_string!(i18n, stale.never_scanned),
        (true, 0) => t_string!(i18n, stale.nothing),
        (true, _) => t_string!(i18n, stale.nothing_known),
    };
    let looked = move || {
        let round = scan.get()?;
        let engines = t_string!(i18n, stale.on_engines, count = round.engines).to_string();
        let looked = t_string!(
            i18n,
            stale.looked_at,
            count = round.containers,
            engines = engines
        );
        let looked = looked.to_string();
        Some(view! {
            <p>
                {t!(i18n, stale.last_scan)} " " <Time at=round.started_at/> ": " {looked}
            </p>
        })
    };
    let href = format!("{HERE}?show={}", Tab::Idle.name());
    let doubt = format!("{href}&verdict={}", verdict_name(Verdict::Unknown));
    let others = move || t_string!(i18n, stale.see_idle, count = idle.get()).to_string();
    let doubts = move || t_string!(i18n, stale.some_unknown, count = unknown.get()).to_string();
    view! {
        <Card>
            <EmptyState icon="archive" title>
                {looked}
                <Show when=move || idle.get() != 0>
                    <p>
                        <a href=href.clone()>{others}</a>
                    </p>
                </Show>
                <Show when=move || unknown.get() != 0>
                    <p>
                        <a href=doubt.clone()>{doubts}</a>
                    </p>
                </Show>
            </EmptyState>
        </Card>
    }
}
