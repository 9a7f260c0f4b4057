//! A card for each workload, and a fold for those that are gone.

use leptos::prelude::*;

use super::instance::Instance;
use crate::containers::model::ContainerStatus;
use crate::i18n::*;
use crate::projects::model::{Workload, WorkloadStatus};
use crate::projects::view::list::NoApps;
use crate::projects::view::roll::Roll;
use crate::projects::view::state::{WorkloadBadge, source_word};
use crate::stats::view::figures::Figures;
use crate::ui::card::Card;

/// Those that are there as cards, those that are gone as a list of names.
#[component]
pub(super) fn Cards(roll: Roll, figures: Figures) -> impl IntoView {
    let i18n = use_i18n();
    let ids = roll.ids();
    let sorting = roll.clone();
    let split = Memo::new(move |_| {
        ids.get().into_iter().partition::<Vec<_>, _>(|id| {
            let workload = sorting.workload(id);
            workload.is_none_or(|one| one.with(|one| one.status != WorkloadStatus::Gone))
        })
    });
    let listing = roll.clone();
    let card = move |id: String| {
        let workload = roll.workload(&id)?;
        Some(view! { <WorkloadCard workload roll=roll.clone() figures=figures.clone()/> })
    };
    let name = move |id: String| {
        let workload = listing.workload(&id)?;
        Some(
            view! { <li><a href=format!("/apps/{id}")>{move || workload.with(Workload::title)}</a></li> },
        )
    };
    let gone = move || split.with(|(_, gone)| gone.len());
    view! {
        <Show when=move || split.with(|(here, _)| here.is_empty())><NoApps/></Show>
        <div class="workloads">
            <For each=move || split.with(|(here, _)| here.clone()) key=String::clone children=card/>
        </div>
        <details class="gone" hidden=move || gone() == 0>
            <summary>{move || t_string!(i18n, dashboard.gone, count = gone()).to_string()}</summary>
            <ul>
                <For
                    each=move || split.with(|(_, gone)| gone.clone())
                    key=String::clone
                    children=name
                />
            </ul>
        </details>
    }
}

#[component]
fn WorkloadCard(workload: Signal<Workload>, roll: Roll, figures: Figures) -> impl IntoView {
    let i18n = use_i18n();
    let id = workload.with_untracked(|workload| workload.id.clone());
    let members = roll.members(&id);
    let named = workload.with_untracked(|one| format!("{}/{}", one.project, one.stage));
    let status = Signal::derive(move || workload.with(|workload| workload.status));
    let source = move || source_word(workload.with(|workload| workload.source), i18n.get_locale());
    let finding = roll.clone();
    // One that was removed leaves its card; the page of the workload still knows it.
    let here = move || {
        let mut ids = members.get();
        ids.retain(|id| {
            let container = finding.container(id);
            container.is_some_and(|one| one.with(|one| one.status != ContainerStatus::Gone))
        });
        ids
    };
    let row = move |id: String| {
        let container = roll.container(&id)?;
        let sample = figures.of(&id);
        Some(view! { <Instance container sample/> })
    };
    view! {
        <Card
            class="workload"
            title=move || workload.with(Workload::title)
            href=format!("/apps/{id}")
            aside=move || view! { <span>{source}</span> <WorkloadBadge status/> }
            attr:data-workload=named
        >
            <ul class="instances"><For each=here key=String::clone children=row/></ul>
        </Card>
    }
}
