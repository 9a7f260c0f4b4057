//! `/`: is all well, what does it cost, and what runs.

use leptos::prelude::*;

use super::cards::Cards;
use super::stale::StaleLine;
use super::tiles::Tiles;
use super::trouble::{Matter, Troubles, matters};
use super::verdict::Verdict;
use crate::engines::api::list_engines;
use crate::engines::model::Engine;
use crate::error::AppError;
use crate::events::live::{reread, use_live};
use crate::events::view::feed::Feed;
use crate::events::view::names::Names;
use crate::health::api::read_summary;
use crate::health::model::Summary;
use crate::i18n::*;
use crate::projects::model::{Lineup, Workload};
use crate::projects::view::roll::{Roll, read_all};
use crate::stats::api::read_latest;
use crate::stats::model::Round;
use crate::stats::view::figures::Figures;
use crate::stats::view::panel::{MetricsPanel, Subject};
use crate::ui::error_state::ErrorState;
use crate::ui::page_title::PageTitle;
use crate::ui::skeleton::{Shape, Skeleton};

/// What the page shows at first; all of it was read together.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
struct First {
    glance: Glance,
    lineups: Vec<Lineup>,
    latest: Option<Round>,
}

/// What the first line and the tiles are made of.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub(super) struct Glance {
    pub summary: Summary,
    pub engines: Vec<Engine>,
}

impl Glance {
    async fn read() -> Result<Self, AppError> {
        Ok(Self {
            summary: read_summary().await?,
            engines: list_engines().await?,
        })
    }

    /// Begins with what was read at first, and follows the summary.
    fn follow(self) -> RwSignal<Self> {
        let shown = RwSignal::new(self);
        let live = use_live();
        let again = reread(move || async move {
            // The old figures stay; the live mark tells that they are old.
            if let Ok(glance) = Self::read().await {
                shown.try_set(glance);
            }
        });
        live.on_summary(move |summary| {
            shown.update(|shown| shown.summary = summary.clone());
            // Why an engine is away is not in the summary.
            again.run(());
        });
        live.on_resync(move || again.run(()));
        shown
    }
}

impl First {
    async fn read() -> Result<Self, AppError> {
        Ok(Self {
            glance: Glance::read().await?,
            lineups: read_all().await?,
            latest: read_latest().await?,
        })
    }
}

/// The page.
#[component]
pub fn DashboardPage() -> impl IntoView {
    let i18n = use_i18n();
    let first = Resource::new(|| (), |()| First::read());
    let board = move || {
        Suspend::new(async move {
            match first.await {
                Ok(first) => view! { <Board first/> }.into_any(),
                Err(error) => {
                    let retry = Callback::new(move |()| first.refetch());
                    view! { <ErrorState error retry/> }.into_any()
                }
            }
        })
    };
    view! {
        <PageTitle name=move || t_string!(i18n, dashboard.title)/>
        <div class="dashboard">
            <Suspense fallback=|| view! { <Skeleton shape=Shape::Tile count=4/> }>{board}</Suspense>
        </div>
    }
}

#[component]
fn Board(first: First) -> impl IntoView {
    let glance = first.glance.follow();
    let roll = Roll::follow(first.lineups, |_| true, read_all);
    let figures = Figures::follow(first.latest.as_ref());
    let troubles: Memo<Vec<Matter>> = matters(&roll);
    let failed = roll.trouble();
    let naming = roll.clone();
    let names = Names::new(move |id| {
        // One that is found later has a name then.
        naming.ids().track();
        Some(naming.workload(id)?.with(Workload::title))
    });
    view! {
        <Verdict glance troubles/>
        <Tiles glance/>
        {move || failed.get().map(|error| view! { <ErrorState error/> })}
        <Troubles troubles/>
        <StaleLine glance/>
        <MetricsPanel subject=Subject::Fleet/>
        <Cards roll figures/>
        <Feed names/>
    }
}
