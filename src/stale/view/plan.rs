//! The plan for what is ticked: read from the engines, shown one by one, and done only once it is confirmed.

use std::collections::HashMap;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::address::Tab;
use super::confirm::Confirm;
use super::lists::Lists;
use super::planned::{Planned, is_able};
use super::shelf::Shelf;
use super::volumes::Ticks;
use crate::error::AppError;
use crate::i18n::*;
use crate::stale::api::clean_up;
use crate::stale::model::Item;
use crate::ui::dialog::Dialog;
use crate::ui::error_state::ErrorState;
use crate::ui::skeleton::{Shape, Skeleton};

/// Containers that are asked about at a time: an engine walks through the files of each.
const AT_A_TIME: usize = 25;

/// Rows that stand in for a plan that is being read.
const FEW: usize = 3;

/// What would be done to those with these Docker ids; `tell` hears how many have been asked about.
///
/// # Errors
/// Whatever the server refuses.
pub(super) async fn read_plan(
    ids: Vec<String>,
    tell: impl Fn(usize),
) -> Result<Vec<Item>, AppError> {
    let mut all = Vec::new();
    for ids in ids.chunks(AT_A_TIME) {
        all.extend(clean_up(Some(ids.to_vec()), Some(true), None, None, None, None).await?);
        tell(all.len());
    }
    Ok(all)
}

/// The dialog; `read` is the plan where it was read with the page.
#[component]
pub(super) fn PlanDialog(
    shelf: Shelf,
    chosen: Chosen,
    back: String,
    read: Option<Result<Vec<Item>, AppError>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let missing = chosen.missing;
    let count = chosen.ids.len();
    let plan = RwSignal::new(match count {
        0 => Some(Ok(Vec::new())),
        _ => read,
    });
    let ids = StoredValue::new(chosen.ids);
    let asked = RwSignal::new(0);
    let ask = move || {
        spawn_local(async move {
            let tell = |count| {
                asked.try_set(count);
            };
            let read = read_plan(ids.get_value(), tell).await;
            plan.try_set(Some(read));
        });
    };
    Effect::new(move |_| {
        if plan.with_untracked(Option::is_none) {
            ask();
        }
    });
    let found = StoredValue::new(chosen.found);
    let body = move || match plan.get() {
        None => view! { <Asking asked count/> }.into_any(),
        Some(Ok(items)) => {
            let found = found.get_value();
            view! { <Items shelf items found missing/> }.into_any()
        }
        Some(Err(error)) => {
            let retry = Callback::new(move |()| {
                plan.set(None);
                ask();
            });
            view! { <ErrorState error retry/> }.into_any()
        }
    };
    let title = move || t_string!(i18n, stale.plan_for, count = count).to_string();
    view! {
        <Dialog title back class="plan">
            {body}
        </Dialog>
    }
}

/// What stands there while the engines are asked.
#[component]
fn Asking(asked: RwSignal<usize>, count: usize) -> impl IntoView {
    let i18n = use_i18n();
    let words =
        move || t_string!(i18n, stale.asked_about, asked = asked.get(), all = count).to_string();
    let words = (count > AT_A_TIME).then(|| view! { <p class="muted">{words}</p> });
    view! {
        {words}
        <Skeleton shape=Shape::Row count=count.min(FEW)/>
    }
}

/// Those that the address names and that are on the list as it is shown.
pub(super) struct Chosen {
    pub ids: Vec<String>,
    /// Whether each was only found here, and not made.
    found: HashMap<String, bool>,
    /// How many are named and not on the list.
    missing: usize,
}

impl Chosen {
    pub fn of(keys: &[String], lists: &Lists) -> Self {
        let rows = keys.iter().filter_map(|key| lists.find(key));
        let rows: Vec<_> = rows.collect();
        Self {
            ids: rows.iter().map(|one| one.docker_id.clone()).collect(),
            found: rows
                .iter()
                .map(|one| (one.docker_id.clone(), !one.managed))
                .collect(),
            missing: keys.len() - rows.len(),
        }
    }
}

#[component]
fn Items(
    shelf: Shelf,
    items: Vec<Item>,
    found: HashMap<String, bool>,
    missing: usize,
) -> impl IntoView {
    let i18n = use_i18n();
    let ticks: Ticks = RwSignal::default();
    let able: Vec<_> = items.iter().filter(|item| is_able(item)).cloned().collect();
    // Several are folded, so that all of them and the question below are seen at once.
    let open = items.len() == 1;
    let list = items.into_iter().map(|item| {
        let is_found = found.get(&item.id).copied().unwrap_or_default();
        view! { <Planned item is_found open ticks/> }
    });
    let list: Vec<_> = list.collect();
    let lost = (missing > 0).then(|| {
        let words = move || t_string!(i18n, stale.not_listed, count = missing).to_string();
        view! {
            <p class="muted">
                {words} " "
                <a href=Tab::Quarantine.href()>{t!(i18n, stale.see_quarantine)}</a>
            </p>
        }
    });
    let list = (!list.is_empty()).then(|| view! { <ol class="plan-items">{list}</ol> });
    if able.is_empty() {
        return view! {
            <p>{t!(i18n, stale.nothing_to_do)}</p>
            {lost}
            {list}
        }
        .into_any();
    }
    view! {
        {lost}
        <Confirm shelf able ticks>
            {list}
        </Confirm>
    }
    .into_any()
}
