//! `/apps/<id>`: one workload, its containers and what they cost.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::instances::Instances;
use super::roll::Roll;
use super::state::{WorkloadBadge, source_word};
use crate::error::{AppError, Code};
use crate::events::view::feed::Feed;
use crate::events::view::names::Names;
use crate::i18n::*;
use crate::projects::api::{read_runtime_state, read_workload};
use crate::projects::model::{Lineup, Workload, running_of_all};
use crate::stats::api::read_latest;
use crate::stats::model::Round;
use crate::stats::view::figures::Figures;
use crate::stats::view::panel::{MetricsPanel, Subject};
use crate::ui::browser;
use crate::ui::card::Card;
use crate::ui::empty::EmptyState;
use crate::ui::error_state::ErrorState;
use crate::ui::page_title::PageTitle;
use crate::ui::skeleton::{Shape, Skeleton};

async fn read(id: String) -> Result<Lineup, AppError> {
    let workload = read_workload(id.clone()).await?;
    let containers = read_runtime_state(id).await?.containers;
    Ok(Lineup {
        workload,
        containers,
    })
}

/// The page; another id in the address is another page.
#[component]
pub fn AppPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    let first = Resource::new(
        move || id.get(),
        |id| async move {
            let lineup = read(id).await?;
            Ok::<_, AppError>((lineup, read_latest().await?))
        },
    );
    let page = move || {
        Suspend::new(async move {
            match first.await {
                Ok((lineup, latest)) => view! { <App lineup latest/> }.into_any(),
                Err(error) if error.code == Code::NotFound => view! { <NoSuchApp/> }.into_any(),
                Err(error) => {
                    let retry = Callback::new(move |()| first.refetch());
                    view! { <ErrorState error retry/> }.into_any()
                }
            }
        })
    };
    view! { <Suspense fallback=|| view! { <Skeleton shape=Shape::Card count=2/> }>{page}</Suspense> }
}

#[component]
fn App(lineup: Lineup, latest: Option<Round>) -> impl IntoView {
    let i18n = use_i18n();
    let first = lineup.workload.clone();
    let id = first.id.clone();
    let (mine, asked) = (id.clone(), id.clone());
    let roll = Roll::follow(
        vec![lineup],
        move |change| change.workload_id == mine,
        move || {
            let id = asked.clone();
            async move { Ok(vec![read(id).await?]) }
        },
    );
    let figures = Figures::follow(latest.as_ref());
    let workload = roll
        .workload(&id)
        .unwrap_or_else(|| Signal::stored(first.clone()));
    let trouble = roll.trouble();
    let members = roll.members(&id);
    let subject = Subject::Workload(id.clone());
    view! {
        <PageTitle name=first.title()/>
        <div class="page">
        <Head workload roll=roll.clone()/>
        {move || trouble.get().map(|error| view! { <ErrorState error/> })}
        <Card title=move || t_string!(i18n, apps.instances)>
            <Instances ids=members roll figures/>
        </Card>
        <MetricsPanel subject/>
        <Feed workload=id names=Names::none()/>
        </div>
    }
}

/// The name, and how it is in a sentence.
#[component]
fn Head(workload: Signal<Workload>, roll: Roll) -> impl IntoView {
    let i18n = use_i18n();
    let title = move || workload.with(Workload::title);
    let status = Signal::derive(move || workload.with(|workload| workload.status));
    let source = move || source_word(workload.with(|workload| workload.source), i18n.get_locale());
    let statuses = roll.gather(|_, container| Some(container.status));
    let sentence = move || {
        let (up, all) = running_of_all(statuses.get());
        t_string!(i18n, apps.some_run, up = up, count = all).to_string()
    };
    view! {
        <header class="page-head">
            <h1>{title}</h1>
            <p class="page-state" data-status=move || format!("{:?}", status.get()).to_lowercase()>
                <WorkloadBadge status/>
                <span>{sentence}</span>
                <span class="muted">{source}</span>
            </p>
        </header>
    }
}

#[component]
fn NoSuchApp() -> impl IntoView {
    let i18n = use_i18n();
    browser::answer_with(404);
    view! {
        <PageTitle name=move || t_string!(i18n, apps.no_such_app)/>
        <EmptyState icon="circle-help" all=true title=move || t_string!(i18n, apps.no_such_app)>
            <p>{t!(i18n, apps.no_such_app_do)}</p>
            <p><a class="button" href="/apps">{t!(i18n, apps.all_apps)}</a></p>
        </EmptyState>
    }
}
