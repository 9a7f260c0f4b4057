//! The table of a workload's containers; on a phone each row is a card.

use leptos::prelude::*;

use super::roll::Roll;
use super::state::{ContainerBadge, health_word};
use crate::containers::model::{Container, Port};
use crate::i18n::*;
use crate::stats::view::figures::Figures;
use crate::stats::view::gauge::{CpuMeter, MemoryFigure};
use crate::ui::time::Time;
use crate::ui::unknown::Unknown;

/// Every container that the workload has, or had within a day.
#[component]
pub(super) fn Instances(ids: Signal<Vec<String>>, roll: Roll, figures: Figures) -> impl IntoView {
    let i18n = use_i18n();
    let row = move |id: String| {
        let container = roll.container(&id)?;
        Some(view! { <Row container figures=figures.clone()/> })
    };
    view! {
        <table class="table instances-table">
            <thead>
                <tr>
                    <th scope="col">{t!(i18n, apps.name)}</th>
                    <th scope="col">{t!(i18n, apps.state)}</th>
                    <th scope="col">{t!(i18n, apps.health)}</th>
                    <th scope="col">{t!(i18n, stats.cpu)}</th>
                    <th scope="col" class="number">{t!(i18n, stats.memory)}</th>
                    <th scope="col" class="number">{t!(i18n, apps.restarts)}</th>
                    <th scope="col">{t!(i18n, apps.ports)}</th>
                    <th scope="col">{t!(i18n, apps.up_since)}</th>
                </tr>
            </thead>
            <tbody>
                <For each=move || ids.get() key=String::clone children=row/>
            </tbody>
        </table>
    }
}

#[component]
fn Row(container: Signal<Container>, figures: Figures) -> impl IntoView {
    let i18n = use_i18n();
    let first = container.get_untracked();
    let sample = figures.of(&first.id);
    let status = Memo::new(move |_| container.with(|container| container.status));
    let alive = move || status.get().is_alive();
    let name = first.name;
    let gauges = move || match alive() {
        true => view! { <CpuMeter sample name=name.clone()/> }.into_any(),
        false => view! { <NotRunning/> }.into_any(),
    };
    let used = move || match alive() {
        true => view! { <MemoryFigure sample/> }.into_any(),
        false => view! { <NotRunning/> }.into_any(),
    };
    view! {
        <tr
            data-container=move || container.with(|container| container.name.clone())
            data-status=move || status.get().name()
        >
            <td data-label=move || t_string!(i18n, apps.name)>
                <div class="instance-who">
                    <span class="instance-name">
                        {move || container.with(|container| container.name.clone())}
                    </span>
                    <span class="instance-image">
                        {move || container.with(|container| container.image.clone())}
                    </span>
                </div>
            </td>
            <td data-label=move || t_string!(i18n, apps.state)><ContainerBadge container/></td>
            <td data-label=move || t_string!(i18n, apps.health)><HealthWord container/></td>
            <td data-label=move || t_string!(i18n, stats.cpu)>{gauges}</td>
            <td class="number" data-label=move || t_string!(i18n, stats.memory)>{used}</td>
            <td class="number" data-label=move || t_string!(i18n, apps.restarts)>
                {move || container.with(|container| container.restarts)}
            </td>
            <td data-label=move || t_string!(i18n, apps.ports)><Ports container/></td>
            <td data-label=move || t_string!(i18n, apps.up_since)><Since container/></td>
        </tr>
    }
}

#[component]
fn NotRunning() -> impl IntoView {
    let i18n = use_i18n();
    view! { <Unknown reason=move || t_string!(i18n, apps.does_not_run)/> }
}

#[component]
fn HealthWord(container: Signal<Container>) -> impl IntoView {
    let i18n = use_i18n();
    move || match container.with(|container| container.health) {
        Some(health) => health_word(health, i18n.get_locale()).into_any(),
        None => view! { <Unknown reason=move || t_string!(i18n, apps.no_check)/> }.into_any(),
    }
}

#[component]
fn Ports(container: Signal<Container>) -> impl IntoView {
    let i18n = use_i18n();
    move || {
        let ports = container.with(|container| written(&container.ports));
        match ports.is_empty() {
            true => view! { <span class="muted">{t!(i18n, apps.no_ports)}</span> }.into_any(),
            false => ports
                .into_iter()
                .map(|port| view! { <span class="port">{port}</span> })
                .collect_view()
                .into_any(),
        }
    }
}

/// As `docker ps` writes them, once each: an engine lists a port for IPv4 and for IPv6.
fn written(ports: &[Port]) -> Vec<String> {
    let mut written: Vec<String> = ports
        .iter()
        .map(|port| match port.public {
            Some(public) => format!("{public}→{}/{}", port.private, port.protocol),
            None => format!("{}/{}", port.private, port.protocol),
        })
        .collect();
    written.sort();
    written.dedup();
    written
}

/// When it started, or how it ended and when.
#[component]
fn Since(container: Signal<Container>) -> impl IntoView {
    let i18n = use_i18n();
    move || {
        let container = container.get();
        let never =
            move || view! { <span class="muted">{t!(i18n, apps.never_ran)}</span> }.into_any();
        if container.status.is_alive() {
            return match container.started_at {
                Some(at) => view! { <Time at/> }.into_any(),
                None => view! { <Unknown reason=move || t_string!(i18n, apps.start_unknown)/> }
                    .into_any(),
            };
        }
        match (container.exit_code, container.last_alive_at) {
            (Some(code), Some(at)) => {
                view! { {t!(i18n, apps.ended_with, code = code)} " " <Time at/> }.into_any()
            }
            (None, Some(at)) => view! { {t!(i18n, apps.ended)} " " <Time at/> }.into_any(),
            (_, None) => never(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_on_two_addresses_is_written_once() {
        let port = |address: &str| Port {
            private: 80,
            public: Some(8080),
            address: Some(address.into()),
            protocol: "tcp".into(),
        };
        let inner = Port {
            private: 53,
            public: None,
            address: None,
            protocol: "udp".into(),
        };
        assert_eq!(
            written(&[port("0.0.0.0"), port("::"), inner]),
            ["53/udp", "8080→80/tcp"]
        );
    }
}
