//! What needs a person, one line each; nothing is shown while there is nothing.

use leptos::prelude::*;

use crate::containers::model::Trouble;
use crate::i18n::*;
use crate::projects::view::roll::Roll;
use crate::ui::badge::{StateBadge, Tone};
use crate::ui::card::Card;

/// A container that needs a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Matter {
    workload_id: String,
    workload: String,
    container: String,
    trouble: Trouble,
}

/// All of them, now and after each change.
pub(super) fn matters(roll: &Roll) -> Memo<Vec<Matter>> {
    roll.gather(|workload, container| {
        let trouble = container.trouble()?;
        Some(Matter {
            workload_id: workload.id.clone(),
            workload: workload.title(),
            container: container.name.clone(),
            trouble,
        })
    })
}

/// The card with the lines.
#[component]
pub(super) fn Troubles(troubles: Memo<Vec<Matter>>) -> impl IntoView {
    let i18n = use_i18n();
    let lines = move || {
        let lines = troubles.get().into_iter();
        lines.map(|matter| view! { <Line matter/> }).collect_view()
    };
    view! {
        <Show when=move || troubles.with(|troubles| !troubles.is_empty())>
            <Card title=move || t_string!(i18n, dashboard.needs_you_title)>
                <ul class="matters">{lines}</ul>
            </Card>
        </Show>
    }
}

#[component]
fn Line(matter: Matter) -> impl IntoView {
    let i18n = use_i18n();
    let tone = match matter.trouble {
        Trouble::Restarting => Tone::Warn,
        Trouble::Unhealthy | Trouble::Dead => Tone::Error,
    };
    let word = move || match matter.trouble {
        Trouble::Unhealthy => t_string!(i18n, dashboard.is_unhealthy),
        Trouble::Restarting => t_string!(i18n, dashboard.is_restarting),
        Trouble::Dead => t_string!(i18n, dashboard.is_dead),
    };
    view! {
        <li class="matter">
            <StateBadge tone word/>
            <a href=format!("/apps/{}", matter.workload_id)>{matter.container}</a>
            <span class="muted">{matter.workload}</span>
        </li>
    }
}
