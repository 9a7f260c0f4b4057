//! What the parts of the page share: the lists as they are, and what the person has chosen and done.

use std::collections::BTreeSet;
use std::time::Duration;

use leptos::prelude::*;

use super::lists::Lists;
use super::run::Run;
use crate::containers::model::ContainerChange;
use crate::error::AppError;
use crate::events::live::{reread, use_live};
use crate::events::model::Event;
use crate::events::model::event::Source;

/// What grows stale does so without an event.
const OFTEN: Duration = Duration::from_secs(60);

/// A handle on all of it.
#[derive(Clone, Copy)]
pub(super) struct Shelf {
    pub lists: RwSignal<Lists>,
    /// Why they could not be read again; the old ones stay.
    pub trouble: RwSignal<Option<AppError>>,
    /// What came of the last act.
    pub said: RwSignal<Option<String>>,
    /// The Docker ids of those that are ticked.
    pub chosen: RwSignal<BTreeSet<String>>,
    /// What was confirmed last.
    pub run: RwSignal<Option<Run>>,
    /// Whether whoever looks may do anything.
    pub may_act: bool,
    again: Callback<()>,
}

impl Shelf {
    /// Begins with `first` and keeps in step with the server.
    pub fn follow(first: Lists, may_act: bool) -> Self {
        let (lists, trouble) = (RwSignal::new(first), RwSignal::new(None));
        let again = reread(move || async move {
            // Whoever left the page meanwhile has no more use for it.
            match Lists::read().await {
                Ok(new) => {
                    if lists.try_with_untracked(|old| *old != new) == Some(true) {
                        lists.try_set(new);
                    }
                    trouble.try_set(None);
                }
                Err(error) => {
                    trouble.try_set(Some(error));
                }
            }
        });
        let live = use_live();
        live.on_container(move |change| {
            if lists.with_untracked(|lists| concerns(change, lists)) {
                again.run(());
            }
        });
        live.on_event(move |event| {
            if is_told_here(event) {
                again.run(());
            }
        });
        live.on_summary(move |_| again.run(()));
        live.on_resync(move || again.run(()));
        Effect::new(move |_| {
            if let Ok(tick) = set_interval_with_handle(move || again.run(()), OFTEN) {
                on_cleanup(move || tick.clear());
            }
        });
        Self {
            lists,
            trouble,
            said: RwSignal::new(None),
            chosen: RwSignal::default(),
            run: RwSignal::new(None),
            may_act,
            again,
        }
    }

    /// Reads everything again, soon.
    pub fn read_again(self) {
        // What goes on may outlast the page.
        self.again.try_run(());
    }

    /// Says what came of an act, and shows what it changed.
    pub fn say(self, words: String) {
        self.said.set(Some(words));
        self.read_again();
    }
}

/// One that begins or ends to be on a list; what goes on running is on none.
fn concerns(change: &ContainerChange, lists: &Lists) -> bool {
    let is_listed = || lists.idle.iter().any(|one| one.id == change.container_id);
    !change.status.is_alive() || is_listed()
}

fn is_told_here(event: &Event) -> bool {
    matches!(
        event.source,
        Source::Container | Source::Engine | Source::Settings
    )
}
