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
        let crashes = || recorded.deaths.iter().filter(|death| death.is_crash());
        for (happening, times) in fold(&recorded.name, crashes()) {
            outbox::leave(tx, &about(happening).times(times), now).await?;
        }
        // When others died, nobody knows, and what is gone is in no loop.
        let known = crashes().filter_map(|death| death.at);
        let most = known.map(|at| self.count(&recorded.id, at)).max();
        if recorded.status != "gone" && most >= Some(LOOP_DEATHS) {
            let crash_loop = Happening::ContainerCrashLoop {
                name: recorded.name.clone(),
                deaths: LOOP_DEATHS as u32,
                minutes: LOOP_MINUTES,
            };
            outbox::leave(tx, &about(crash_loop), now).await?;
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
        let crashes = deaths.iter().filter(|death| death.is_crash());
        for (happening, times) in fold(name, crashes) {
            outbox::leave(tx, &Report::from(happening).times(times), now).await?;
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

/// What is told of these, and how often; what happened in a row is told together.
fn fold<'a>(name: &str, deaths: impl Iterator<Item = &'a Death>) -> Vec<(Happening, i64)> {
    let mut folded: Vec<(Happening, i64)> = Vec::new();
    for death in deaths {
        let happening = told(name.to_owned(), death);
        match folded.last_mut() {
            Some((last, times)) if *last == happening => *times += 1,
            _ => folded.push((happening, 1)),
        }
    }
    folded
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
