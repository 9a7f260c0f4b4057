//! What one container uses now: a CPU bar and a memory figure.

use leptos::prelude::*;

use crate::i18n::*;
use crate::stats::model::Sample;
use crate::ui::format::{memory, percent};
use crate::ui::meter::Meter;
use crate::ui::unknown::Unknown;

/// One core is the whole bar; a container on several cores fills it, and the text tells how much more.
const WHOLE: f64 = 100.0;

/// The CPU bar of the container called `name`.
#[component]
pub fn CpuMeter(#[prop(into)] sample: Signal<Option<Sample>>, name: String) -> impl IntoView {
    let i18n = use_i18n();
    let cpu = Signal::derive(move || sample.with(|sample| sample.as_ref()?.cpu_percent));
    let text = move || {
        let locale = i18n.get_locale();
        cpu.get()
            .map(|cpu| percent(cpu, locale))
            .unwrap_or_default()
    };
    let label = move || t_string!(i18n, stats.cpu_of, name = name.as_str()).to_string();
    let reason = move || match sample.with(Option::is_some) {
        true => t_string!(i18n, stats.cpu_first_reading),
        false => t_string!(i18n, stats.not_read_yet),
    };
    view! {
        <span class="cpu" title=move || t_string!(i18n, stats.cpu_scale)>
            <Meter value=cpu max=WHOLE label text reason/>
        </span>
    }
}

/// The memory in use, and of how much where there is a limit.
#[component]
pub fn MemoryFigure(#[prop(into)] sample: Signal<Option<Sample>>) -> impl IntoView {
    let i18n = use_i18n();
    let usage = move || sample.with(|sample| sample.as_ref()?.memory_usage);
    let limit =
        move || sample.with(|sample| sample.as_ref()?.memory_limit.filter(|limit| *limit > 0));
    let title = move || match limit() {
        Some(_) => t_string!(i18n, stats.memory_limited),
        None => t_string!(i18n, stats.memory_unlimited),
    };
    let reason = move || match sample.with(Option::is_some) {
        true => t_string!(i18n, stats.memory_not_reported),
        false => t_string!(i18n, stats.not_read_yet),
    };
    let of_limit = move || {
        let locale = i18n.get_locale();
        let limit = limit().map(|limit| memory(limit, locale))?;
        let text = move || t_string!(i18n, stats.of_limit, limit = limit.as_str()).to_string();
        Some(view! { <span class="memory-limit">{text}</span> })
    };
    view! {
        <span class="memory" title=title>
            {move || match usage() {
                Some(usage) => {
                    view! {
                        <span class="memory-usage">{memory(usage, i18n.get_locale())}</span>
                        {of_limit}
                    }
                        .into_any()
                }
                None => view! { <Unknown reason/> }.into_any(),
            }}
        </span>
    }
}
