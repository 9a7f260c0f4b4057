//! What was confirmed, done container after container; one that fails stops no other.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::shelf::Shelf;
use crate::error::{AppError, Code};
use crate::stale::api::{clean_up, restore_quarantined};
use crate::stale::model::{Item, Outcome, Shown};

/// One that is to be done.
#[derive(Clone, Debug)]
pub(super) struct Target {
    docker_id: String,
    name: String,
    /// The end of its last run, as the plan showed it.
    finished: Option<String>,
}

impl Target {
    /// What was seen of it: what ran since is not what was confirmed.
    pub fn shown(&self) -> Shown {
        Shown {
            id: self.docker_id.clone(),
            docker_id: None,
            finished: self.finished.clone(),
        }
    }
}

impl From<Item> for Target {
    fn from(item: Item) -> Self {
        let docker_id = item.docker_id.unwrap_or(item.id);
        Self {
            name: item.name.unwrap_or_else(|| docker_id.clone()),
            finished: item.plan.map(|plan| plan.finished),
            docker_id,
        }
    }
}

/// How far one is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum State {
    Waits,
    Works,
    Done(Item),
    Failed(AppError),
    /// It was not begun, because somebody stopped it, or is not signed in any more.
    Skipped,
    /// It is being taken back.
    Returns,
    Returned,
    NotReturned(Item, AppError),
}

impl State {
    /// Its entry in the quarantine, where it can be taken back.
    pub fn way_back(&self) -> Option<String> {
        match self {
            Self::Done(item) | Self::NotReturned(item, _)
                if item.outcome == Outcome::Quarantined =>
            {
                item.quarantine_id.clone()
            }
            _ => None,
        }
    }

    pub fn is_over(&self) -> bool {
        !matches!(self, Self::Waits | Self::Works)
    }

    /// It was done as it was wished.
    pub fn is_well(&self) -> bool {
        let Self::Done(item) = self else {
            return matches!(self, Self::Returned | Self::Returns);
        };
        matches!(item.outcome, Outcome::Quarantined | Outcome::Removed)
    }
}

/// One container of a run.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub name: String,
    target: Target,
    pub state: ArcRwSignal<State>,
}

/// A handle on what goes on. It outlasts the page: what was confirmed is done.
#[derive(Clone, Debug)]
pub(super) struct Run {
    pub lines: Vec<Line>,
    /// Without keeping anything aside.
    pub removes: bool,
    /// Nothing more is to be begun.
    pub stops: ArcRwSignal<bool>,
    /// Why it ended before its end.
    pub trouble: ArcRwSignal<Option<AppError>>,
}

impl Run {
    /// Begins, and shows it on the page.
    pub fn begin(shelf: Shelf, targets: Vec<Target>, removes: bool, volumes: Vec<String>) {
        let lines = targets.into_iter().map(|target| Line {
            name: target.name.clone(),
            target,
            state: ArcRwSignal::new(State::Waits),
        });
        let run = Self {
            lines: lines.collect(),
            removes,
            stops: ArcRwSignal::new(false),
            trouble: ArcRwSignal::new(None),
        };
        shelf.said.set(None);
        shelf.chosen.update(|chosen| chosen.clear());
        shelf.run.set(Some(run.clone()));
        spawn_local(async move {
            for line in &run.lines {
                if run.stops.get_untracked() {
                    line.state.set(State::Skipped);
                    continue;
                }
                run.work(line, &volumes).await;
                shelf.read_again();
            }
        });
    }

    async fn work(&self, line: &Line, volumes: &[String]) {
        line.state.set(State::Works);
        let named = self.removes.then(|| volumes.to_vec());
        let named = named.filter(|volumes| !volumes.is_empty());
        let shown = line.target.shown();
        let ids = Some(vec![shown.id.clone()]);
        let done = clean_up(
            ids,
            None,
            None,
            Some(self.removes),
            named,
            Some(vec![shown]),
        )
        .await;
        match done.map(|items| items.into_iter().next()) {
            Ok(Some(item)) => line.state.set(State::Done(item)),
            Ok(None) => line.state.set(State::Failed(AppError::unexplained())),
            Err(error) => {
                // Whoever may not do this one may do none of the others.
                if matches!(error.code, Code::NotSignedIn | Code::Forbidden) {
                    self.trouble.set(Some(error.clone()));
                    self.stops.set(true);
                }
                line.state.set(State::Failed(error));
            }
        }
    }

    pub fn is_over(&self) -> bool {
        self.lines.iter().all(|line| line.state.read().is_over())
    }

    /// How many are over.
    pub fn over(&self) -> usize {
        let over = self.lines.iter().filter(|line| line.state.read().is_over());
        over.count()
    }

    /// How many were done as it was wished.
    pub fn well(&self) -> usize {
        let well = self.lines.iter().filter(|line| line.state.read().is_well());
        well.count()
    }
}

/// Takes these back out of quarantine, one after the other.
pub(super) fn undo(shelf: Shelf, lines: Vec<Line>) {
    spawn_local(async move {
        for line in lines {
            take_back(&line).await;
            shelf.read_again();
        }
    });
}

async fn take_back(line: &Line) {
    let (State::Done(item) | State::NotReturned(item, _)) = line.state.get_untracked() else {
        return;
    };
    let Some(id) = item.quarantine_id.clone() else {
        return;
    };
    line.state.set(State::Returns);
    let done = restore_quarantined(id).await;
    line.state.set(match done {
        Ok(back) if back.outcome == Outcome::Restored => State::Returned,
        Ok(back) => State::Done(back),
        Err(error) => State::NotReturned(item, error),
    });
}
