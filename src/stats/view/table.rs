//! The points of a chart in rows, for readers and for pages without JavaScript.

use chrono::DateTime;
use leptos::prelude::*;

use crate::i18n::*;
use crate::stats::model::{HistoryPoint, Window};
use crate::stats::series;
use crate::ui::browser;
use crate::ui::format::{memory, percent};
use crate::ui::unknown::Unknown;

/// One for each minute of the shortest window; the chart has the rest.
const MOST_ROWS: i64 = 30;

/// A fold with the table; it follows the points only while it is open.
#[component]
pub(super) fn PointsTable(
    points: RwSignal<Vec<HistoryPoint>>,
    window: Memo<Window>,
) -> impl IntoView {
    let i18n = use_i18n();
    let open = RwSignal::new(false);
    let rows = Memo::new(move |_| {
        let pick =
            |points: &Vec<HistoryPoint>| series::rows(points, window.get().seconds(), MOST_ROWS);
        if open.get() {
            points.with(pick)
        } else {
            points.with_untracked(pick)
        }
    });
    let minutes = move || (window.get().seconds() / 60 / MOST_ROWS).to_string();
    view! {
        <details class="metrics-table" on:toggle=move |_| open.update(|open| *open = !*open)>
            <summary>{t!(i18n, stats.as_table)}</summary>
            <table class="table table-plain">
                <caption>{t!(i18n, stats.table_caption, minutes = minutes)}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t!(i18n, stats.time)}</th>
                        <th scope="col" class="number">{t!(i18n, stats.cpu)}</th>
                        <th scope="col" class="number">{t!(i18n, stats.memory)}</th>
                    </tr>
                </thead>
                <tbody>
                    <For each=move || rows.get() key=|point| point.ts children=|point| view! { <Row point/> }/>
                </tbody>
            </table>
        </details>
    }
}

#[component]
fn Row(point: HistoryPoint) -> impl IntoView {
    let i18n = use_i18n();
    // The server does not know the reader's time zone: UTC at first, the reader's own after.
    let here = RwSignal::new(false);
    Effect::new(move |_| here.set(true));
    let at = DateTime::from_timestamp(point.ts, 0).unwrap_or_default();
    let face = move || match here.get() {
        true => browser::clock_face(point.ts),
        false => at.format("%H:%M UTC").to_string(),
    };
    let unknown = move || {
        let reason = move || t_string!(i18n, stats.not_measured);
        view! { <Unknown reason/> }.into_any()
    };
    let cpu = move || match point.cpu_percent {
        Some(cpu) => percent(cpu, i18n.get_locale()).into_any(),
        None => unknown(),
    };
    let used = move || match point.memory_usage {
        Some(used) => memory(used, i18n.get_locale()).into_any(),
        None => unknown(),
    };
    view! {
        <tr>
            <td><time datetime=at.to_rfc3339() title=at.to_rfc3339()>{face}</time></td>
            <td class="number">{cpu}</td>
            <td class="number">{used}</td>
        </tr>
    }
}
