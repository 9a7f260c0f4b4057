//! The figures at the top; those that are always nothing, or not known, take no place.

use leptos::prelude::*;

use super::dashboard::Glance;
use crate::health::model::Summary;
use crate::i18n::*;
use crate::stale;
use crate::ui::badge::Tone;
use crate::ui::stat_tile::StatTile;

// Where each figure leads: to what it counts, on a page that there is.
const CONTAINERS: &str = "/apps";
const ERRORS: &str = "/events?severity=error&since=24h";
/// Engines have no page of their own; what they did, and why one is away, stands in the log.
const ENGINES: &str = "/events?source=engine";

/// The row of tiles.
#[component]
pub(super) fn Tiles(glance: RwSignal<Glance>) -> impl IntoView {
    let i18n = use_i18n();
    let summary = Signal::derive(move || glance.with(|glance| glance.summary.clone()));
    let containers = move || {
        summary.with(|all| match all.containers.total {
            // Where nobody could look, nothing is known: that is not zero.
            0 if !all.engines_answer() => "–".to_owned(),
            total => format!("{} / {total}", all.containers.running),
        })
    };
    let up = move || {
        let (up, all) = summary.with(|summary| (summary.engines_up(), summary.engines.len()));
        t_string!(i18n, dashboard.engines_up, up = up, all = all).to_string()
    };
    let engine_tone = Signal::derive(move || match summary.with(Summary::engines_answer) {
        true => Tone::Ok,
        false => Tone::Error,
    });
    let versions = move || {
        let versions = summary.with(|summary| {
            let versions = summary
                .engines
                .iter()
                .filter_map(|engine| engine.version.clone());
            versions
                .map(|version| format!("Docker {version}"))
                .collect::<Vec<_>>()
        });
        versions.join(", ")
    };
    view! {
        <div class="stats">
            <StatTile
                figure=containers
                label=move || t_string!(i18n, dashboard.containers)
                note=move || t_string!(i18n, dashboard.containers_note)
                href=CONTAINERS
            />
            <Errors summary/>
            <Stale summary/>
            <StatTile
                figure=up
                label=move || t_string!(i18n, dashboard.engines)
                note=versions
                tone=engine_tone
                href=ENGINES
            />
        </div>
    }
}

#[component]
fn Errors(summary: Signal<Summary>) -> impl IntoView {
    let i18n = use_i18n();
    let errors = move || summary.with(|summary| summary.errors_24h);
    view! {
        <Show when=move || errors().is_some()>
            <StatTile
                figure=move || errors().unwrap_or_default().to_string()
                label=move || t_string!(i18n, dashboard.errors)
                href=ERRORS
            />
        </Show>
    }
}

#[component]
fn Stale(summary: Signal<Summary>) -> impl IntoView {
    let i18n = use_i18n();
    let stale = move || summary.with(|summary| summary.stale);
    let some = move || stale() > 0;
    view! {
        <Show when=some>
            <StatTile
                figure=move || stale().to_string()
                label=move || t_string!(i18n, dashboard.stale)
                note=move || t_string!(i18n, dashboard.stale_note)
                href=stale::view::HERE
            />
        </Show>
    }
}
