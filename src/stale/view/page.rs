//! The page: what is stale, what does not run besides, what is kept aside, and what is spared.

use leptos::prelude::*;

use super::address::{Tab, Wish, use_wish};
use super::found::Found;
use super::judged::Judged;
use super::kept::Kept;
use super::lift::LiftDialog;
use super::lists::Lists;
use super::plan::{Chosen, PlanDialog, read_plan};
use super::progress::Progress;
use super::scanned::Scanned;
use super::shelf::Shelf;
use super::spare::KeepDialog;
use super::spared::Spared;
use super::tabs::Tabs;
use super::take::{TakeDialog, read_fate};
use crate::auth::policy::{Act, allows};
use crate::auth::view::session::use_session;
use crate::error::AppError;
use crate::i18n::*;
use crate::stale::model::Item;
use crate::ui::error_state::ErrorState;
use crate::ui::page_title::PageTitle;
use crate::ui::said::Said;
use crate::ui::skeleton::{Shape, Skeleton};

/// What the page shows at first; all of it was read together.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
struct First {
    lists: Lists,
    /// The plan that its address asks for.
    plan: Option<Result<Vec<Item>, AppError>>,
    /// What a removal that its address asks for would do.
    fate: Option<Result<Item, AppError>>,
}

impl First {
    async fn read(wish: Wish) -> Result<Self, AppError> {
        let lists = Lists::read().await?;
        let ids = Chosen::of(&wish.plan, &lists).ids;
        let plan = match ids.is_empty() {
            true => None,
            false => Some(read_plan(ids, |_| {}).await),
        };
        let fate = match wish.remove {
            Some(id) => Some(read_fate(id).await),
            None => None,
        };
        Ok(Self { lists, plan, fate })
    }
}

/// The page.
#[component]
pub fn StalePage() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let wish = use_wish();
    let first = Resource::new(|| (), move |()| First::read(wish.get_untracked()));
    let page = move || {
        Suspend::new(async move {
            let user = session.state.await.ok().and_then(|state| state.user);
            let may_act = user.is_some_and(|user| allows(user.role, Act::Write));
            match first.await {
                Ok(first) => view! { <Stale first wish may_act/> }.into_any(),
                Err(error) => {
                    let retry = Callback::new(move |()| first.refetch());
                    view! { <ErrorState error retry/> }.into_any()
                }
            }
        })
    };
    view! {
        <PageTitle name=move || t_string!(i18n, stale.title)/>
        <div class="page stale">
            <Suspense fallback=|| {
                view! { <Skeleton shape=Shape::Row count=6/> }
            }>{page}</Suspense>
        </div>
    }
}

#[component]
fn Stale(first: First, wish: Memo<Wish>, may_act: bool) -> impl IntoView {
    let shelf = Shelf::follow(first.lists, may_act);
    let tab = Memo::new(move |_| wish.with(|wish| wish.tab));
    let list = move || match tab.get() {
        Tab::Stale => view! { <Found shelf wish/> }.into_any(),
        Tab::Idle => view! { <Judged shelf wish/> }.into_any(),
        Tab::Quarantine => view! { <Kept shelf/> }.into_any(),
        Tab::Exemptions => view! { <Spared shelf/> }.into_any(),
    };
    let trouble = move || {
        let error = shelf.trouble.get()?;
        Some(view! { <ErrorState error/> })
    };
    view! {
        <Scanned shelf/>
        <Said text=shelf.said/>
        <Progress shelf/>
        {may_act.then(|| view! { <Dialogs shelf wish plan=first.plan fate=first.fate/> })}
        {trouble}
        <Tabs shelf tab/>
        {list}
    }
}

/// The question that the address asks, if it does.
#[component]
fn Dialogs(
    shelf: Shelf,
    wish: Memo<Wish>,
    plan: Option<Result<Vec<Item>, AppError>>,
    fate: Option<Result<Item, AppError>>,
) -> impl IntoView {
    // Only the dialog that the page was opened with has been read.
    let (plan, fate) = (StoredValue::new(plan), StoredValue::new(fate));
    let keys = Memo::new(move |_| wish.with(|wish| wish.plan.clone()));
    let keep = Memo::new(move |_| wish.with(|wish| wish.keep.clone()));
    let remove = Memo::new(move |_| wish.with(|wish| wish.remove.clone()));
    let lift = Memo::new(move |_| wish.with(|wish| wish.lift.clone()));
    let back = move || wish.with_untracked(Wish::list);
    let planned = move || {
        let keys = keys.get();
        let read = plan.try_update_value(Option::take).flatten();
        (!keys.is_empty()).then(|| {
            let chosen = shelf.lists.with_untracked(|lists| Chosen::of(&keys, lists));
            view! { <PlanDialog shelf chosen back=back() read/> }
        })
    };
    let kept = move || {
        let key = keep.get()?;
        let one = shelf
            .lists
            .with_untracked(|lists| lists.find(&key).cloned())?;
        Some(view! { <KeepDialog shelf name=one.name back=back()/> })
    };
    let removed = move || {
        let id = remove.get()?;
        let read = fate.try_update_value(Option::take).flatten();
        let find = |lists: &Lists| lists.quarantine.iter().find(|one| one.id == id).cloned();
        let one = shelf.lists.with_untracked(find)?;
        Some(view! { <TakeDialog shelf one back=back() read/> })
    };
    let lifted = move || {
        let id = lift.get()?;
        let find = |lists: &Lists| lists.exemptions.iter().find(|one| one.id == id).cloned();
        let one = shelf.lists.with_untracked(find)?;
        Some(view! { <LiftDialog shelf one back=back()/> })
    };
    view! { {planned} {kept} {removed} {lifted} }
}
