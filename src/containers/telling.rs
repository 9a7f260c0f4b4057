//! Tells the event log what befell containers: deaths, crash loops, health.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use sqlx::{Sqlite, Transaction};

use super::deaths::Death;
use super::model::Health;
use super::store::record::Recorded;
use crate::events::log::EventLog;
use crate::events::model::Happening;
use crate::events::outbox;
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

    /// Leaves the deaths that a look brought for the log, in the transaction that accounts for them. `now` is in
    /// Unix milliseconds.
    ///
    /// # Errors
    /// Where the database does not take it.
    pub async fn leave(
        &self,
        tx: &mut Transaction<'_, Sqlite>,
        recorded: &Recorded,
        now: i64,
    ) -> Result<(), sqlx::Error> {
        let about = |happening: Happening| {
            Report::from(happening).about(&recorded.workload_id, &recorded.id)
        };
        for death in recorded.deaths.iter().filter(|death| death.is_crash()) {
            let name = recorded.name.clone();
            outbox::leave(tx, &about(told(name.clone(), death)), now).await?;
            // When others died, nobody knows, and what is gone is in no loop.
            let Some(at) = death.at.filter(|_| recorded.status != "gone") else {
                continue;
            };
            if self.count(&recorded.id, at) >= LOOP_DEATHS {
                let crash_loop = about(Happening::ContainerCrashLoop {
                    name,
                    deaths: LOOP_DEATHS as u32,
                    minutes: LOOP_MINUTES,
                });
                outbox::leave(tx, &crash_loop, now).await?;
            }
        }
        Ok(())
    }

    /// What was left is there to be seen.
    pub fn call_for(&self) {
        self.log.call_for();
    }

    /// Tells of what a look brought, after it is written down.
    pub fn tell(&self, recorded: &Recorded) {
        if !recorded.deaths.is_empty() {
            self.call_for();
        }
        let about = |happening: Happening| {
            Report::from(happening).about(&recorded.workload_id, &recorded.id)
        };
        let name = || recorded.name.clone();
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

    /// Leaves the deaths of a container that was gone before anybody could look at it.
    ///
    /// # Errors
    /// Where the database does not take it.
    pub async fn leave_of_unknown(
        &self,
        tx: &mut Transaction<'_, Sqlite>,
        name: &str,
        deaths: &[Death],
        now: i64,
    ) -> Result<(), sqlx::Error> {
        for death in deaths.iter().filter(|death| death.is_crash()) {
            outbox::leave(tx, &told(name.to_owned(), death).into(), now).await?;
        }
        Ok(())
    }

    /// These have run for [`LOOP_WINDOW`]: workload, container and name.
    pub fn tell_steady(&self, steady: Vec<(String, String, String)>) {
        for (workload_id, id, name) in steady {
            let report = Report::from(Happening::ContainerSteady { name });
            self.log.tell(report.about(&workload_id, &id));
        }
    }

    /// Counts a death, the same one once, and answers how many there were within the window. `at` is in Unix
    /// milliseconds.
    fn count(&self, id: &str, at: i64) -> usize {
        let mut all = self.deaths();
        if all.len() >= MOST_REMEMBERED {
            all.retain(|_, times| times.back().is_some_and(|last| at - last < LOOP_WINDOW));
        }
        let times = all.entry(id.to_owned()).or_default();
        if !times.contains(&at) {
            times.push_back(at);
        }
        while times.len() > LOOP_DEATHS || times.front().is_some_and(|old| at - old >= LOOP_WINDOW)
        {
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
