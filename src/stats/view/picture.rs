//! The chart of CPU and memory, and the sentence that says the same.

use leptos::prelude::*;

use crate::i18n::*;
use crate::stats::model::{HistoryPoint, Window};
use crate::stats::series::{self, curve, range};
use crate::ui::chart::{Chart, Line, Plot};
use crate::ui::format::{memory, percent};

const MIB: f64 = 1024.0 * 1024.0;

/// Bytes as a chart and a sentence count them.
#[expect(clippy::cast_precision_loss, reason = "a chart shows three figures")]
fn bytes(point: &HistoryPoint) -> Option<f64> {
    point.memory_usage.map(|bytes| bytes as f64)
}

/// The chart with its caption.
#[component]
pub(super) fn Picture(points: RwSignal<Vec<HistoryPoint>>, window: Memo<Window>) -> impl IntoView {
    let i18n = use_i18n();
    let plot = Memo::new(move |_| {
        let names = (
            t_string!(i18n, stats.cpu_line),
            t_string!(i18n, stats.memory_line),
        );
        points.with(|points| plot(points, window.get(), names))
    });
    let sentence = Memo::new(move |_| points.with(|points| sentence(points, i18n.get_locale())));
    view! {
        <figure class="metrics-picture">
            <Chart plot label=sentence/>
            <figcaption>{sentence}</figcaption>
        </figure>
    }
}

fn plot(points: &[HistoryPoint], window: Window, names: (&str, &str)) -> Plot {
    let (from, until) = series::span(points, window.seconds());
    Plot {
        from,
        until,
        left: Line {
            name: names.0.into(),
            points: curve(points, |point| point.cpu_percent),
        },
        right: Line {
            name: names.1.into(),
            points: curve(points, |point| bytes(point).map(|bytes| bytes / MIB)),
        },
    }
}

/// "CPU between 2 % and 61 %, now 40 %. Memory between …"
fn sentence(points: &[HistoryPoint], locale: Locale) -> String {
    let cpu = match range(points, |point| point.cpu_percent) {
        Some(range) => td_string!(
            locale,
            stats.cpu_range,
            low = percent(range.low, locale),
            high = percent(range.high, locale),
            latest = percent(range.latest, locale)
        )
        .to_string(),
        None => td_string!(locale, stats.cpu_unknown).to_string(),
    };
    #[expect(clippy::cast_sign_loss, reason = "they were unsigned bytes")]
    let size = |bytes: f64| memory(bytes as u64, locale);
    let used = match range(points, bytes) {
        Some(range) => td_string!(
            locale,
            stats.memory_range,
            low = size(range.low),
            high = size(range.high),
            latest = size(range.latest)
        )
        .to_string(),
        None => td_string!(locale, stats.memory_unknown).to_string(),
    };
    format!("{cpu} {used}")
}
