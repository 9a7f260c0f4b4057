//! `/apps`: every workload in a table.

use leptos::prelude::*;

use super::roll::{Roll, read_all};
use super::state::{WorkloadBadge, source_word};
use crate::i18n::*;
use crate::projects::model::{Lineup, Workload, running_of_all};
use crate::ui::card::Card;
use crate::ui::empty::EmptyState;
use crate::ui::error_state::ErrorState;
use crate::ui::page_title::PageTitle;
use crate::ui::skeleton::{Shape, Skeleton};

/// The page.
#[component]
pub fn AppsPage() -> impl IntoView {
    let i18n = use_i18n();
    let first = Resource::new(|| (), |()| read_all());
    let list = move || {
        Suspend::new(async move {
            match first.await {
                Ok(lineups) => view! { <Apps lineups/> }.into_any(),
                Err(error) => {
                    let retry = Callback::new(move |()| first.refetch());
                    view! { <ErrorState error retry/> }.into_any()
                }
            }
        })
    };
    view! {
        <PageTitle name=move || t_string!(i18n, apps.apps)/>
        <div class="page">
        <header class="page-head"><h1>{t!(i18n, apps.apps)}</h1></header>
        <Suspense fallback=|| view! { <Skeleton shape=Shape::Row count=6/> }>{list}</Suspense>
        </div>
    }
}

#[component]
fn Apps(lineups: Vec<Lineup>) -> impl IntoView {
    let roll = Roll::follow(lineups, |_| true, read_all);
    let trouble = roll.trouble();
    let ids = roll.ids();
    let table = move || match ids.with(Vec::is_empty) {
        true => view! { <NoApps/> }.into_any(),
        false => view! { <Table ids roll=roll.clone()/> }.into_any(),
    };
    view! {
        {move || trouble.get().map(|error| view! { <ErrorState error/> })}
        {table}
    }
}

/// What stands where nothing was ever found.
#[component]
pub fn NoApps() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <EmptyState icon="boxes" title=move || t_string!(i18n, apps.nothing_runs)>
            <p>{t!(i18n, apps.nothing_runs_do)}</p>
        </EmptyState>
    }
}

#[component]
fn Table(ids: Signal<Vec<String>>, roll: Roll) -> impl IntoView {
    let i18n = use_i18n();
    let row = move |id: String| {
        let workload = roll.workload(&id)?;
        Some(view! { <Row workload roll=roll.clone()/> })
    };
    view! {
        <Card class="flush">
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{t!(i18n, apps.app)}</th>
                        <th scope="col">{t!(i18n, apps.state)}</th>
                        <th scope="col" class="number">{t!(i18n, apps.instances)}</th>
                        <th scope="col">{t!(i18n, apps.source)}</th>
                    </tr>
                </thead>
                <tbody>
                    <For each=move || ids.get() key=String::clone children=row/>
                </tbody>
            </table>
        </Card>
    }
}

#[component]
fn Row(workload: Signal<Workload>, roll: Roll) -> impl IntoView {
    let i18n = use_i18n();
    let id = workload.with_untracked(|workload| workload.id.clone());
    let status = Signal::derive(move || workload.with(|workload| workload.status));
    let source = move || source_word(workload.with(|workload| workload.source), i18n.get_locale());
    let members = roll.members(&id);
    let count = move || {
        let containers = members
            .get()
            .into_iter()
            .filter_map(|id| roll.container(&id));
        let statuses = containers.map(|container| container.with(|container| container.status));
        let (up, all) = running_of_all(statuses);
        if all == 0 {
            return t_string!(i18n, apps.no_containers).to_string();
        }
        t_string!(i18n, apps.up_of_all, up = up, all = all).to_string()
    };
    view! {
        <tr data-workload=move || workload.with(|one| format!("{}/{}", one.project, one.stage))>
            <td data-label=move || t_string!(i18n, apps.app)>
                <a href=format!("/apps/{id}")>{move || workload.with(Workload::title)}</a>
            </td>
            <td data-label=move || t_string!(i18n, apps.state)><WorkloadBadge status/></td>
            <td class="number" data-label=move || t_string!(i18n, apps.instances)>{count}</td>
            <td data-label=move || t_string!(i18n, apps.source)>{source}</td>
        </tr>
    }
}
