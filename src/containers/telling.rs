//! Tells the event log what befell containers: deaths, crash loops, health.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use super::deaths::Death;
use super::model::Health;
use super::store::record::Recorded;
use crate::events::log::EventLog;
use crate::events::model::Happening;
use crate::events::report::Report;

/// So many deaths within [`LOOP_WINDOW`] are a crash loop.
const LOOP_DEATHS: usize = 5;

/// Minutes.
const LOOP_MINUTES: u32 = 10;

/// Milliseconds. Whoever runs for as long is steady again.
pub const LOOP_WINDOW: i64 = LOOP_MINUTES as i64 * 60 * 1000;

/// Containers whose deaths are remembered.
const MOST_REMEMBERED: usize = 10_000;

/// Remembers the last deaths of each container.
#[derive(Clone, Debug)]
pub struct Telling {
    log: EventLog,
    /// By our id, Unix milliseconds. A std lock: it is held for a few lookups.
    deaths: Arc<Mutex<HashMap<String, VecDeque<i64>>>>,
}

impl Telling {
    pub fn new(log: EventLog) -> Self {
        Self {
            log,
            deaths: Arc::default(),
        }
    }

    /// Tells of what a look brought. `now` is in Unix milliseconds.
    pub fn tell(&self, recorded: &Recorded, now: i64) {
        let about = |happening: Happening| {
            Report::from(happening).about(&recorded.workload_id, &recorded.id)
        };
        let name = || recorded.name.clone();
        for death in recorded.deaths.iter().filter(|death| death.is_crash()) {
            self.log.tell(about(told(name(), death)));
            let deaths = self.count(&recorded.id, now);
            if deaths >= LOOP_DEATHS {
                self.log.tell(about(Happening::ContainerCrashLoop {
                    name: name(),
                    deaths: LOOP_DEATHS as u32,
                    minutes: LOOP_MINUTES,
                }));
            }
        }
        match recorded.health.as_deref().and_then(Health::parse) {
            Some(Health::Unhealthy) => {
                self.log
                    .tell(about(Happening::ContainerUnhealthy { name: name() }));
            }
            Some(Health::Healthy) => {
                self.log
                    .tell(about(Happening::ContainerHealthy { name: name() }));
            }
            _ => {}
        }
        if recorded.status == "gone" {
            self.log.forget(&recorded.id);
            self.deaths().remove(&recorded.id);
        }
    }

    /// Tells of the deaths of a container that was gone before anybody could look at it.
    pub fn tell_of_unknown(&self, name: &str, deaths: &[Death]) {
        for death in deaths.iter().filter(|death| death.is_crash()) {
            self.log.tell(told(name.to_owned(), death));
        }
    }

    /// These have run for [`LOOP_WINDOW`]: workload, container and name.
    pub fn tell_steady(&self, steady: Vec<(String, String, String)>) {
        for (workload_id, id, name) in steady {
            let report = Report::from(Happening::ContainerSteady { name });
            self.log.tell(report.about(&workload_id, &id));
        }
    }

    /// Counts a death, and answers how many there were within the window.
    fn count(&self, id: &str, now: i64) -> usize {
        let mut all = self.deaths();
        if all.len() >= MOST_REMEMBERED {
            all.retain(|_, times| times.back().is_some_and(|last| now - last < LOOP_WINDOW));
        }
        let times = all.entry(id.to_owned()).or_default();
        times.push_back(now);
        while times.len() > LOOP_DEATHS || times.front().is_some_and(|at| now - at >= LOOP_WINDOW) {
            times.pop_front();
        }
        times.len()
    }

    fn deaths(&self) -> std::sync::MutexGuard<'_, HashMap<String, VecDeque<i64>>> {
        self.deaths.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn told(name: String, death: &Death) -> Happening {
    if death.omens.out_of_memory {
        return Happening::ContainerOom { name };
    }
    Happening::ContainerDied {
        name,
        exit_code: death.exit_code,
    }
}
