//! States as badges: a shape, a colour and a word.

use leptos::prelude::*;

use crate::containers::model::{Container, ContainerStatus, Health};
use crate::i18n::*;
use crate::projects::model::{Source, WorkloadStatus};
use crate::ui::badge::{StateBadge, Tone};

/// The state of a container: of its health where it has a check and runs, else of its processes.
#[component]
pub fn ContainerBadge(#[prop(into)] container: Signal<Container>) -> impl IntoView {
    let i18n = use_i18n();
    let state =
        Memo::new(move |_| container.with(|container| (container.status, container.health)));
    let tone = Signal::derive(move || container_tone(state.get().0, state.get().1));
    let word = move || container_word(state.get().0, state.get().1, i18n.get_locale());
    view! { <StateBadge tone word/> }
}

/// The state of a workload.
#[component]
pub fn WorkloadBadge(#[prop(into)] status: Signal<WorkloadStatus>) -> impl IntoView {
    let i18n = use_i18n();
    let tone = Signal::derive(move || workload_tone(status.get()));
    let word = move || workload_word(status.get(), i18n.get_locale());
    view! { <StateBadge tone word/> }
}

fn container_tone(status: ContainerStatus, health: Option<Health>) -> Tone {
    match (status, health) {
        (ContainerStatus::Running, Some(Health::Unhealthy)) | (ContainerStatus::Dead, _) => {
            Tone::Error
        }
        (ContainerStatus::Running, Some(Health::Starting)) | (ContainerStatus::Restarting, _) => {
            Tone::Warn
        }
        (ContainerStatus::Running, _) => Tone::Ok,
        (ContainerStatus::Unknown, _) => Tone::Unknown,
        _ => Tone::Idle,
    }
}

fn container_word(status: ContainerStatus, health: Option<Health>, locale: Locale) -> &'static str {
    match (status, health) {
        (ContainerStatus::Running, Some(health)) if health != Health::Unknown => {
            health_word(health, locale)
        }
        (ContainerStatus::Running, _) => td_string!(locale, apps.running),
        (ContainerStatus::Created, _) => td_string!(locale, apps.created),
        (ContainerStatus::Paused, _) => td_string!(locale, apps.paused),
        (ContainerStatus::Restarting, _) => td_string!(locale, apps.restarting),
        (ContainerStatus::Removing, _) => td_string!(locale, apps.removing),
        (ContainerStatus::Exited, _) => td_string!(locale, apps.exited),
        (ContainerStatus::Dead, _) => td_string!(locale, apps.dead),
        (ContainerStatus::Gone, _) => td_string!(locale, apps.gone),
        (ContainerStatus::Unknown, _) => td_string!(locale, apps.unknown),
    }
}

/// What a container's own check says, in a word.
pub fn health_word(health: Health, locale: Locale) -> &'static str {
    match health {
        Health::Starting => td_string!(locale, apps.health_starting),
        Health::Healthy => td_string!(locale, apps.healthy),
        Health::Unhealthy => td_string!(locale, apps.unhealthy),
        Health::Unknown => td_string!(locale, apps.unknown),
    }
}

fn workload_tone(status: WorkloadStatus) -> Tone {
    match status {
        WorkloadStatus::Running => Tone::Ok,
        WorkloadStatus::Degraded => Tone::Warn,
        WorkloadStatus::Stopped | WorkloadStatus::Gone => Tone::Idle,
        WorkloadStatus::Unknown => Tone::Unknown,
    }
}

fn workload_word(status: WorkloadStatus, locale: Locale) -> &'static str {
    match status {
        WorkloadStatus::Running => td_string!(locale, apps.workload_running),
        WorkloadStatus::Degraded => td_string!(locale, apps.workload_degraded),
        WorkloadStatus::Stopped => td_string!(locale, apps.workload_stopped),
        WorkloadStatus::Gone => td_string!(locale, apps.workload_gone),
        WorkloadStatus::Unknown => td_string!(locale, apps.unknown),
    }
}

/// Where a workload comes from, in a word.
pub fn source_word(source: Source, locale: Locale) -> &'static str {
    match source {
        Source::Discovered => td_string!(locale, apps.discovered),
        Source::Image => td_string!(locale, apps.image),
        Source::Compose => td_string!(locale, apps.compose),
    }
}
