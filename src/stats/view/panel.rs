//! The metrics panel: history first, live points after, for one workload or for all together.

use leptos::prelude::*;

use super::picture::Picture;
use super::table::PointsTable;
use super::window::{WindowChoice, use_window};
use crate::error::AppError;
use crate::events::live::{reread, use_live};
use crate::i18n::*;
use crate::stats::api::{read_fleet_history, read_workload_history};
use crate::stats::model::{HistoryPoint, Window};
use crate::stats::series;
use crate::ui::card::Card;
use crate::ui::error_state::ErrorState;
use crate::ui::skeleton::{Shape, Skeleton};

/// Whose metrics they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    Fleet,
    /// By its id.
    Workload(String),
}

impl Subject {
    fn workload(&self) -> Option<&str> {
        match self {
            Self::Fleet => None,
            Self::Workload(id) => Some(id),
        }
    }

    async fn history(self, window: Window) -> Result<Vec<HistoryPoint>, AppError> {
        match self {
            Self::Fleet => read_fleet_history(window.name().into()).await,
            Self::Workload(id) => read_workload_history(id, window.name().into()).await,
        }
    }
}

/// The card with the window's choice, the chart, its sentence and its table.
#[component]
pub fn MetricsPanel(subject: Subject) -> impl IntoView {
    let i18n = use_i18n();
    let window = use_window();
    let title = match subject {
        Subject::Fleet => Signal::derive(move || t_string!(i18n, stats.all_containers)),
        Subject::Workload(_) => Signal::derive(move || t_string!(i18n, stats.metrics)),
    };
    let asked = subject.clone();
    // Only the first history: what comes after replaces the points without taking the chart away.
    let first = Resource::new(
        || (),
        move |()| asked.clone().history(window.get_untracked()),
    );
    let chart = move || {
        let subject = subject.clone();
        Suspend::new(async move {
            let first = first.await;
            view! { <Metrics subject window first/> }
        })
    };
    view! {
        <Card
            title=move || title.get()
            class="metrics"
            aside=move || view! { <WindowChoice window/> }
        >
            <Suspense fallback=|| view! { <Skeleton shape=Shape::Chart/> }>{chart}</Suspense>
        </Card>
    }
}

/// What the panel shows, and how it changes.
#[derive(Clone, Copy)]
struct Shown {
    window: Memo<Window>,
    points: RwSignal<Vec<HistoryPoint>>,
    /// Why the last read failed; the points of the one before stay.
    trouble: RwSignal<Option<AppError>>,
}

impl Shown {
    fn take(self, asked: Window, history: Result<Vec<HistoryPoint>, AppError>) {
        // A late answer for a window that was left meanwhile.
        if self.window.try_get_untracked() != Some(asked) {
            return;
        }
        match history {
            Ok(history) => {
                self.trouble.set(None);
                self.points.update(|points| {
                    *points = series::merge(history, points, asked.seconds());
                });
            }
            Err(error) => self.trouble.set(Some(error)),
        }
    }

    /// Appends live points, and reads again for another window or when something was missed.
    fn follow(self, subject: Subject) -> Callback<()> {
        let live = use_live();
        let listening = subject.clone();
        live.on_stats(move |round| {
            if let Some(point) = series::sum(round, listening.workload()) {
                let secs = self.window.get_untracked().seconds();
                self.points
                    .maybe_update(|points| series::append(points, point, secs));
            }
        });
        let again = reread(move || {
            let subject = subject.clone();
            async move {
                if let Some(asked) = self.window.try_get_untracked() {
                    self.take(asked, subject.history(asked).await);
                }
            }
        });
        live.on_resync(move || again.run(()));
        Effect::watch(
            move || self.window.get(),
            move |_, _, _| again.run(()),
            false,
        );
        again
    }
}

#[component]
fn Metrics(
    subject: Subject,
    window: Memo<Window>,
    first: Result<Vec<HistoryPoint>, AppError>,
) -> impl IntoView {
    let i18n = use_i18n();
    let (points, trouble) = match first {
        Ok(points) => (points, None),
        Err(error) => (Vec::new(), Some(error)),
    };
    let shown = Shown {
        window,
        points: RwSignal::new(points),
        trouble: RwSignal::new(trouble),
    };
    let again = shown.follow(subject);
    let has_points = Memo::new(move |_| shown.points.with(|points| !points.is_empty()));
    let is_empty = move || !has_points.get() && shown.trouble.with(Option::is_none);
    view! {
        {move || shown.trouble.get().map(|error| view! { <ErrorState error retry=again/> })}
        <Show when=move || has_points.get()>
            <Picture points=shown.points window/>
            <PointsTable points=shown.points window/>
        </Show>
        <Show when=is_empty>
            <p class="metrics-empty">{t!(i18n, stats.no_samples)}</p>
        </Show>
    }
}
