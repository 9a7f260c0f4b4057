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

/// Milliseconds: a week. What was found dead and seems to have been so for longer is told as of now.
const LONGEST_GAP: i64 = 7 * 24 * 60 * 60 * 1000;

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

    /// Leaves what a look brought for the log, deaths and want of memory, in the transaction that accounts for
    /// them. `now` is in Unix milliseconds.
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
        if recorded.short_of_memory {
            let happening = Happening::ContainerOom {
                name: recorded.name.clone(),
                goes_on: true,
            };
            outbox::leave(tx, &about(happening), now).await?;
        }
        let crashes = || recorded.deaths.iter().filter(|death| death.is_crash());
        for (happening, at, times) in fold(&recorded.name, crashes(), now) {
            let report = about(happening).at(at).times(times);
            outbox::leave(tx, &report, now).await?;
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
        if !recorded.deaths.is_empty() || recorded.short_of_memory {
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
        for (happening, at, times) in fold(name, crashes, now) {
            let report = Report::from(happening).at(at).times(times);
            outbox::leave(tx, &report, now).await?;
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

/// What is told of these, of which time, and how often; what happened in a row is told together.
fn fold<'a>(
    name: &str,
    deaths: impl Iterator<Item = &'a Death>,
    now: i64,
) -> Vec<(Happening, i64, i64)> {
    let mut folded: Vec<(Happening, i64, i64)> = Vec::new();
    for death in deaths {
        let (happening, at) = (told(name.to_owned(), death), time_of(death, now));
        match folded.last_mut() {
            Some((last, when, times)) if *last == happening && *when == at => *times += 1,
            _ => folded.push((happening, at, 1)),
        }
    }
    folded
}

/// When the log says that it was. What is heard is told at once, by our clock; what is found after a gap was when
/// the engine says, unless its clock is too far from ours to be believed.
fn time_of(death: &Death, now: i64) -> i64 {
    let found = death.at.filter(|_| death.unheard);
    found
        .filter(|at| (now - LONGEST_GAP..now).contains(at))
        .unwrap_or(now)
}

fn told(name: String, death: &Death) -> Happening {
    if death.is_for_memory() {
        return Happening::ContainerOom {
            name,
            goes_on: false,
        };
    }
    Happening::ContainerDied {
        name,
        exit_code: death.exit_code,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::containers::deaths::Omens;

    fn death(unheard: bool, at: Option<i64>) -> Death {
        Death {
            exit_code: Some(3),
            omens: Omens::default(),
            unheard,
            at,
        }
    }

    #[test]
    fn a_death_that_is_found_was_when_the_engine_says_and_one_that_is_heard_is_now() {
        let now = 2 * LONGEST_GAP;
        for (unheard, at, expected) in [
            (true, Some(now - 20_000), now - 20_000),
            (false, Some(now - 20_000), now),
            (true, None, now),
            // Clocks that are wrong.
            (true, Some(now + 20_000), now),
            (true, Some(5), now),
        ] {
            assert_eq!(time_of(&death(unheard, at), now), expected, "{at:?}");
        }
    }

    #[test]
    fn deaths_in_a_row_are_told_together_and_those_of_another_time_by_themselves() {
        let now = 2 * LONGEST_GAP;
        let found = death(true, Some(now - 20_000));
        let deaths = [death(false, Some(now)), death(true, None), found];
        let folded = fold("web", deaths.iter(), now);
        let told: Vec<_> = folded.iter().map(|(_, at, times)| (*at, *times)).collect();
        assert_eq!(told, [(now, 2), (now - 20_000, 1)]);
    }
}
