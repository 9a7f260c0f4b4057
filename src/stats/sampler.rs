//! Rounds over all running containers: asked together, stamped once, told to everybody.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use futures::future::BoxFuture;
use futures::stream::FuturesUnordered;
use tokio::sync::{Semaphore, watch};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use super::model::Round;
use super::recent::Recent;
use super::source::{Source, Unread};
use super::usage::{Entry, Figures};
use crate::containers::roster::{Member, Roster};
use crate::docker::connect::DockerError;
use crate::docker::id::DockerId;
use crate::docker::stats::Reading;
use crate::events::bus::Bus;
use crate::events::model::Message;
use crate::server::clock::Clock;

/// From round to round while somebody looks.
const WATCHED_PACE: Duration = Duration::from_secs(2);

/// How long a reading may take, and how long a round waits for its readings at the most.
const PATIENCE: Duration = Duration::from_secs(10);

/// How many readings are under way at once.
const AT_ONCE: usize = 512;

/// A clock that goes back by less than this many seconds was put right: rounds pause until it has
/// caught up. One that goes back further was wrong before, and is followed.
const CORRECTION_SECS: i64 = 300;

/// What a sampler works with.
pub struct Sampler<S> {
    pub clock: Clock,
    pub roster: Roster,
    pub source: S,
    pub bus: Bus,
    pub recent: Recent,
    /// From round to round while nobody looks, in seconds.
    pub interval_secs: watch::Receiver<i64>,
}

/// What is remembered of one container between rounds, by the engine's id: a recreated one starts anew.
struct Known {
    container_id: Arc<str>,
    workload_id: Arc<str>,
    before: Option<Reading>,
    /// Its reading is under way; it is not asked again meanwhile.
    asked: bool,
    failing: bool,
}

/// A round that waits for its readings.
struct Open {
    ts: i64,
    started: Instant,
    waiting: HashSet<DockerId>,
}

type Answer = (Member, Result<Reading, Unread>);

/// Everything that changes from round to round.
struct Progress {
    known: HashMap<DockerId, Known>,
    out: FuturesUnordered<BoxFuture<'static, Answer>>,
    limit: Arc<Semaphore>,
    open: Option<Open>,
    /// What was read for the round that is open, by slot. A reading that comes after its round was
    /// closed waits here for the next one.
    ready: BTreeMap<i64, Entry>,
    /// Containers whose readings began to fail since the last round, and why the first of them did.
    failed: usize,
    first_failure: Option<(DockerId, DockerError)>,
    last_started: Option<Instant>,
}

impl<S: Source> Sampler<S> {
    /// Makes rounds until the shutdown.
    pub async fn run(mut self, shutdown: CancellationToken) {
        let mut watchers = self.bus.stats_watchers();
        let mut progress = Progress {
            known: HashMap::new(),
            out: FuturesUnordered::new(),
            limit: Arc::new(Semaphore::new(AT_ONCE)),
            open: None,
            ready: BTreeMap::new(),
            failed: 0,
            first_failure: None,
            last_started: None,
        };
        loop {
            let mut pace = Duration::from_secs(self.interval_secs().unsigned_abs());
            if *watchers.borrow_and_update() > 0 {
                pace = pace.min(WATCHED_PACE);
            }
            let now = Instant::now();
            let wake = match (&progress.open, progress.last_started) {
                (Some(open), _) if open.waiting.is_empty() => now,
                (Some(open), _) => open.started + pace.min(PATIENCE),
                (None, Some(last)) => last + pace,
                (None, None) => now,
            };
            // A change of pace or a listener only makes the loop look at its next moment again.
            tokio::select! {
                biased;
                () = shutdown.cancelled() => return,
                Some(answer) = progress.out.next() => progress.take(answer),
                () = sleep_until(wake) => match progress.open.take() {
                    Some(open) => self.close(open.ts, &mut progress),
                    None => self.begin(&mut progress),
                },
                Ok(()) = watchers.changed() => {}
                Ok(()) = self.interval_secs.changed() => {}
            }
        }
    }

    fn interval_secs(&self) -> i64 {
        (*self.interval_secs.borrow()).max(1)
    }

    /// Stamps a round and asks everybody who is alive and does not owe an answer.
    fn begin(&self, progress: &mut Progress) {
        let started = Instant::now();
        progress.last_started = Some(started);
        let Some(ts) = self.stamp() else { return };
        let members = self.roster.alive();
        let alive: HashSet<&DockerId> = members.iter().map(|member| &member.docker_id).collect();
        progress
            .known
            .retain(|id, known| known.asked || alive.contains(id));
        let mut waiting = HashSet::new();
        for member in members {
            let known = progress
                .known
                .entry(member.docker_id.clone())
                .or_insert_with(|| Known {
                    container_id: member.id.as_str().into(),
                    workload_id: member.workload_id.as_str().into(),
                    before: None,
                    asked: false,
                    failing: false,
                });
            if known.asked {
                continue;
            }
            known.asked = true;
            waiting.insert(member.docker_id.clone());
            let (source, limit) = (self.source.clone(), Arc::clone(&progress.limit));
            progress.out.push(Box::pin(async move {
                // The semaphore is never closed, so there is always a permit in the end.
                let _permit = limit.acquire_owned().await;
                let answer = source.read(&member, PATIENCE).await;
                (member, answer)
            }));
        }
        progress.open = Some(Open {
            ts,
            started,
            waiting,
        });
    }

    /// The round's second; `None` where the clock has not moved on, and the round is left out.
    fn stamp(&self) -> Option<i64> {
        let now = self.clock.now().timestamp();
        match self.recent.last_ts() {
            Some(last) if now <= last - CORRECTION_SECS => {
                tracing::warn!(
                    back_secs = last - now,
                    "the clock went back; its rounds are forgotten"
                );
                self.recent.forget_from(now);
                Some(now)
            }
            Some(last) if now <= last => {
                tracing::debug!(
                    back_secs = last - now,
                    "a round is left out until the clock moves on"
                );
                None
            }
            _ => Some(now),
        }
    }

    /// Hands a round on: first to memory, then to whoever listens. An empty one is a sign of life.
    fn close(&self, ts: i64, progress: &mut Progress) {
        let entries: Vec<Entry> = std::mem::take(&mut progress.ready).into_values().collect();
        // One line for all who began to fail: an engine that hangs takes every container with it.
        if let Some((docker_id, error)) = progress.first_failure.take() {
            let containers = std::mem::take(&mut progress.failed);
            tracing::warn!(containers, %docker_id, %error, "readings began to fail");
        }
        let samples = entries.iter().map(Entry::sample).collect();
        self.recent.push(ts, entries, self.interval_secs());
        self.bus
            .publish(Message::ContainerStats(Round { ts, samples }));
    }
}

impl Progress {
    /// Makes figures of an answer, or notes why there is none.
    fn take(&mut self, (member, answer): Answer) {
        if let Some(open) = &mut self.open {
            open.waiting.remove(&member.docker_id);
        }
        // It has left the roster while it was asked.
        let Some(known) = self.known.get_mut(&member.docker_id) else {
            return;
        };
        known.asked = false;
        match answer {
            Ok(reading) => {
                known.failing = false;
                let entry = Entry {
                    slot: member.slot,
                    container_id: Arc::clone(&known.container_id),
                    workload_id: Arc::clone(&known.workload_id),
                    figures: Figures::between(known.before.as_ref(), &reading),
                };
                known.before = Some(reading);
                self.ready.insert(member.slot, entry);
            }
            Err(Unread::Failed(error)) if !std::mem::replace(&mut known.failing, true) => {
                self.failed += 1;
                self.first_failure.get_or_insert((member.docker_id, error));
            }
            Err(error) => {
                tracing::debug!(docker_id = %member.docker_id, %error, "there is no reading");
            }
        }
    }
}

#[cfg(test)]
#[path = "sampler_tests.rs"]
mod tests;
