//! The last rounds, in memory: what history and stream both read, so that a reload shows what the
//! chart showed.
//!
//! Rounds that come faster than the set interval live here only. The others wait here until the
//! store has them.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::model::{HistoryPoint, Round};
use super::usage::Entry;

/// How long a round stays, in seconds, if there is room.
const STAY_SECS: i64 = 30 * 60;

/// How many samples are held in all.
const ROOM: usize = 200_000;

/// How many are held at the most while the store takes none: then even unsaved ones go.
const HARD_ROOM: usize = 2 * ROOM;

/// One round, as it is remembered.
#[derive(Debug, PartialEq)]
pub struct Remembered {
    /// Unix seconds.
    pub ts: i64,
    /// It belongs into the store; the others are extra ones, made while somebody looked.
    pub kept: bool,
    pub entries: Vec<Entry>,
    /// All containers together; `None` for a round in which nothing was read.
    pub total: Option<HistoryPoint>,
}

/// A cheap handle on the last rounds. The lock is never held across a wait, so a std lock is right.
#[derive(Clone, Debug, Default)]
pub struct Recent(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    /// Oldest first.
    rounds: VecDeque<Arc<Remembered>>,
    /// In all rounds together.
    samples: usize,
    last_kept: Option<i64>,
    /// Every kept round up to this one is in the store.
    flushed: Option<i64>,
    overflowing: bool,
}

impl Recent {
    /// Remembers a round, which has to be later than all before it. It is kept for the store if
    /// `interval_secs` have passed since the last kept one.
    pub fn push(&self, ts: i64, entries: Vec<Entry>, interval_secs: i64) {
        let total = HistoryPoint::sum(entries.iter().map(|entry| entry.point(ts)));
        let mut state = self.lock();
        // A second of tolerance: stamps are whole seconds, and the clock may be slewed.
        let kept = state
            .last_kept
            .is_none_or(|last| ts - last >= interval_secs - 1);
        if kept {
            state.last_kept = Some(ts);
        }
        state.samples += entries.len();
        state.rounds.push_back(Arc::new(Remembered {
            ts,
            kept,
            entries,
            total,
        }));
        state.make_room();
    }

    /// The stamp of the last round.
    pub fn last_ts(&self) -> Option<i64> {
        self.lock().rounds.back().map(|round| round.ts)
    }

    /// The last round, as the stream told it.
    pub fn latest(&self) -> Option<Round> {
        let last = self.lock().rounds.back().cloned()?;
        let samples = last.entries.iter().map(Entry::sample).collect();
        Some(Round {
            ts: last.ts,
            samples,
        })
    }

    /// Forgets the rounds from `ts` on: the clock that stamped them was wrong.
    pub fn forget_from(&self, ts: i64) {
        let mut state = self.lock();
        while let Some(last) = state.rounds.pop_back_if(|round| round.ts >= ts) {
            state.samples -= last.entries.len();
        }
        state.last_kept = None;
        state.flushed = state.flushed.min(Some(ts - 1));
    }

    /// The points of all containers together since `since`, oldest first.
    pub fn fleet(&self, since: i64) -> Vec<HistoryPoint> {
        self.since(since)
            .iter()
            .filter_map(|round| round.total)
            .collect()
    }

    /// The points of one workload since `since`, oldest first, summed over its containers.
    pub fn workload(&self, id: &str, since: i64) -> Vec<HistoryPoint> {
        // The sums are made outside the lock, from rounds that never change.
        self.since(since)
            .iter()
            .filter_map(|round| {
                let own = round
                    .entries
                    .iter()
                    .filter(|entry| &*entry.workload_id == id);
                HistoryPoint::sum(own.map(|entry| entry.point(round.ts)))
            })
            .collect()
    }

    /// The kept rounds that the store does not have yet, oldest first. They stay until
    /// [`Recent::mark_flushed`] says that they arrived.
    pub fn take_unflushed(&self) -> Vec<Arc<Remembered>> {
        let state = self.lock();
        state
            .rounds
            .iter()
            .filter(|round| state.is_owed(round))
            .cloned()
            .collect()
    }

    /// The store has every kept round up to `ts`.
    pub fn mark_flushed(&self, ts: i64) {
        let mut state = self.lock();
        state.flushed = state.flushed.max(Some(ts));
        state.overflowing = false;
        state.make_room();
    }

    fn since(&self, since: i64) -> Vec<Arc<Remembered>> {
        let state = self.lock();
        let from = state.rounds.partition_point(|round| round.ts < since);
        state.rounds.range(from..).cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// It has to reach the store and did not yet.
    fn is_owed(&self, round: &Remembered) -> bool {
        round.kept && Some(round.ts) > self.flushed
    }

    fn make_room(&mut self) {
        let Some(newest) = self.rounds.back().map(|round| round.ts) else {
            return;
        };
        let horizon = newest - STAY_SECS;
        // What is too old leaves from the front; an owed round stays, and those behind it wait.
        while let Some(oldest) = self.rounds.front()
            && oldest.ts < horizon
            && !self.is_owed(oldest)
        {
            self.drop_at(0);
        }
        while self.samples > ROOM {
            // The newest round stays whatever its size: the page that is open shows it.
            let old = || self.rounds.iter().take(self.rounds.len() - 1);
            let fast = old().position(|round| !round.kept);
            match fast.or_else(|| old().position(|round| !self.is_owed(round))) {
                Some(index) => self.drop_at(index),
                None if self.samples > HARD_ROOM && self.rounds.len() > 1 => {
                    if !self.overflowing {
                        self.overflowing = true;
                        tracing::error!(
                            samples = self.samples,
                            ts = self.rounds[0].ts,
                            "the store takes no samples; the oldest unsaved ones are dropped"
                        );
                    }
                    self.drop_at(0);
                }
                None => return,
            }
        }
    }

    fn drop_at(&mut self, index: usize) {
        if let Some(round) = self.rounds.remove(index) {
            self.samples -= round.entries.len();
        }
    }
}

#[cfg(test)]
#[path = "recent_tests.rs"]
mod tests;
