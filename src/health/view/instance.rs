//! One container in a card: its state, its name, what it uses, or how it ended.

use leptos::prelude::*;

use crate::containers::model::Container;
use crate::i18n::*;
use crate::projects::view::state::ContainerBadge;
use crate::stats::model::Sample;
use crate::stats::view::gauge::{CpuMeter, MemoryFigure};
use crate::ui::time::Time;

/// The row; what it shows is on it as data too.
#[component]
pub(super) fn Instance(
    container: Signal<Container>,
    sample: Signal<Option<Sample>>,
) -> impl IntoView {
    let name = Memo::new(move |_| container.with(|container| container.name.clone()));
    let status = Memo::new(move |_| container.with(|container| container.status));
    let alive = Memo::new(move |_| status.get().is_alive());
    let cpu = move || sample.with(|sample| Some(sample.as_ref()?.cpu_percent?.to_string()));
    let used = move || sample.with(|sample| Some(sample.as_ref()?.memory_usage?.to_string()));
    view! {
        <li
            class="instance"
            data-container=move || name.get()
            data-status=move || status.get().name()
            data-cpu=move || alive.get().then(cpu).flatten()
            data-memory=move || alive.get().then(used).flatten()
        >
            <span class="instance-who">
                <ContainerBadge container/>
                <span class="instance-name" title=move || name.get()>{move || name.get()}</span>
            </span>
            <Show when=move || alive.get() fallback=move || view! { <Ended container/> }>
                <CpuMeter sample name=name.get_untracked()/>
                <MemoryFigure sample/>
            </Show>
        </li>
    }
}

/// "code 0 · 3 d ago"
#[component]
fn Ended(container: Signal<Container>) -> impl IntoView {
    let i18n = use_i18n();
    let code = move || container.with(|container| container.exit_code);
    let code =
        move || code().map(|code| t_string!(i18n, dashboard.exit_code, code = code).to_string());
    let when = move || match container.with(|container| container.last_alive_at) {
        Some(at) => view! { <Time at/> }.into_any(),
        None => t!(i18n, apps.never_ran).into_any(),
    };
    view! {
        <span class="instance-ended">
            {move || code().map(|code| view! { <span>{code}</span> })} {when}
        </span>
    }
}
