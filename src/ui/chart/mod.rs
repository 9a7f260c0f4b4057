//! A chart of two lines over time: the only place that touches ECharts, and it knows no feature.
//!
//! `drawing` ECharts in the browser · `absent` its counterpart on the server · `option` what ECharts is
//! told · `figures` how it writes them · `script` brings it into the page

#[cfg_attr(feature = "hydrate", path = "drawing.rs")]
#[cfg_attr(not(feature = "hydrate"), path = "absent.rs")]
mod drawing;
#[cfg(feature = "hydrate")]
mod figures;
#[cfg(feature = "hydrate")]
mod option;
#[cfg(feature = "hydrate")]
mod script;

use leptos::html::Div;
use leptos::prelude::*;

/// One line: its name with the unit, and Unix seconds with a value each, `None` for a gap.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    pub name: String,
    pub points: Vec<(i64, Option<f64>)>,
}

/// What is drawn: two lines with an axis each over one span of time, in Unix seconds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plot {
    pub from: i64,
    pub until: i64,
    pub left: Line,
    pub right: Line,
}

impl Plot {
    /// How many points are known on the left, and when the newest was measured.
    fn extent(&self) -> (usize, Option<i64>) {
        let known = self.left.points.iter().filter(|(_, value)| value.is_some());
        (known.clone().count(), known.map(|(ts, _)| *ts).next_back())
    }
}

/// The chart. `label` says in a sentence what a reader would see. The empty spans carry the colours of
/// the theme, because a canvas knows no custom properties.
#[component]
pub fn Chart(
    #[prop(into)] plot: Signal<Plot>,
    #[prop(into)] label: Signal<String>,
) -> impl IntoView {
    let canvas = NodeRef::<Div>::new();
    let extent = Memo::new(move |_| plot.with(Plot::extent));
    drawing::draw(canvas, plot);
    view! {
        <div
            class="chart"
            role="img"
            aria-label=label
            data-points=move || extent.get().0.to_string()
            data-last-ts=move || extent.get().1.map(|ts| ts.to_string())
        >
            <div class="chart-canvas" node_ref=canvas></div>
            <span class="chart-ink" data-ink="left" hidden></span>
            <span class="chart-ink" data-ink="right" hidden></span>
            <span class="chart-ink" data-ink="text" hidden></span>
            <span class="chart-ink" data-ink="line" hidden></span>
            <span class="chart-ink" data-ink="surface" hidden></span>
        </div>
    }
}
