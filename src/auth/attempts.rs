//! How often a sign-in may fail: for one account, and for one network. Passwords and one-time codes
//! count alike.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use super::rules::USERNAME_MOST;
use super::visit::network_of;
use crate::error::{AppError, Code};

/// Failures that are let pass within so many milliseconds; whichever is reached first holds.
const LIMITS: [(usize, i64); 2] = [(10, 60_000), (60, 3_600_000)];

/// The longest of them: what is older is forgotten.
const MEMORY: i64 = 3_600_000;

/// Accounts and networks that are remembered; with more of them at once than this, the one that
/// failed longest ago is forgotten. It bounds what somebody with many addresses can take of our memory.
const REMEMBERED: usize = 20_000;

/// A cheap handle on the failures of the last hour. The lock is held for a few map operations, so a
/// std lock is right.
#[derive(Clone, Debug, Default)]
pub struct Attempts(Arc<Mutex<HashMap<Subject, Vec<i64>>>>);

/// Whose failures are counted together.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A name that somebody wants to sign in with, from a place where its owner was not yet signed in.
    Name(String),
    /// The same from a place where its owner is signed in: strangers cannot lock it.
    FamiliarName(String),
    /// A live session, by its id, whose owner is asked for the password again.
    Session(String),
    /// A user, by their id, who confirms a new second factor: a code is short enough to be guessed.
    Person(String),
    Network(IpAddr),
}

impl Subject {
    /// A name that is too long for a user is cut, so that nobody fills the memory with them.
    pub fn name(name: &str, is_familiar: bool) -> Self {
        let name = name.chars().take(USERNAME_MOST + 1);
        let name = name.collect::<String>().to_lowercase();
        if is_familiar {
            Self::FamiliarName(name)
        } else {
            Self::Name(name)
        }
    }

    pub fn network(address: IpAddr) -> Self {
        Self::Network(network_of(address))
    }
}

/// An attempt that counts as failed until it is forgiven.
#[derive(Debug)]
#[must_use]
pub struct Attempt {
    at: i64,
    subjects: Vec<Subject>,
}

impl Attempts {
    /// Counts an attempt as failed until [`Attempts::forgive`] says that it was not; so many at once
    /// are counted before the first of them is decided. `now` in Unix milliseconds.
    ///
    /// # Errors
    /// `too_many`, and then this one does not count.
    pub fn begin(&self, now: i64, subjects: Vec<Subject>) -> Result<Attempt, AppError> {
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let over = subjects.iter().any(|subject| {
            failures
                .get(subject)
                .is_some_and(|times| is_over(times, now))
        });
        if over {
            return Err(AppError::new(
                Code::TooMany,
                "Too many failed sign-ins; wait a minute and try again.",
            ));
        }
        if failures.len() + subjects.len() > REMEMBERED {
            make_room(&mut failures, now, subjects.len());
        }
        for subject in &subjects {
            let times = failures.entry(subject.clone()).or_default();
            times.retain(|time| now - time < MEMORY);
            times.push(now);
        }
        Ok(Attempt { at: now, subjects })
    }

    /// Takes back what [`Attempts::begin`] counted: it was right.
    pub fn forgive(&self, attempt: Attempt) {
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for subject in attempt.subjects {
            if let Some(times) = failures.get_mut(&subject) {
                if let Some(at) = times.iter().position(|time| *time == attempt.at) {
                    times.remove(at);
                }
                if times.is_empty() {
                    failures.remove(&subject);
                }
            }
        }
    }
}

fn is_over(times: &[i64], now: i64) -> bool {
    LIMITS.iter().any(|(most, window)| {
        let recent = times.iter().filter(|time| now - **time < *window);
        recent.count() >= *most
    })
}

/// Forgets what is over, and if that is not enough, what failed longest ago.
fn make_room(failures: &mut HashMap<Subject, Vec<i64>>, now: i64, wanted: usize) {
    failures.retain(|_, times| times.last().is_some_and(|last| now - last < MEMORY));
    let excess = (failures.len() + wanted).saturating_sub(REMEMBERED);
    if excess == 0 {
        return;
    }
    // A tenth at once: one pass over all of them for each new one would itself be a way to stop us.
    let excess = excess.max(REMEMBERED / 10);
    let mut ages: Vec<_> = failures
        .iter()
        .map(|(subject, times)| (times.last().copied().unwrap_or(0), subject.clone()))
        .collect();
    ages.sort_unstable_by_key(|(last, _)| *last);
    for (_, subject) in ages.into_iter().take(excess) {
        failures.remove(&subject);
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv6Addr;

    use super::*;

    fn from(name: &str, address: &str) -> Vec<Subject> {
        vec![
            Subject::name(name, false),
            Subject::network(address.parse().unwrap()),
        ]
    }

    /// How many of `tries` are let pass, one a millisecond from `start`.
    fn passes(attempts: &Attempts, start: i64, tries: i64, name: &str, address: &str) -> usize {
        (0..tries)
            .filter(|at| attempts.begin(start + at, from(name, address)).is_ok())
            .count()
    }

    #[test]
    fn ten_a_minute_and_sixty_an_hour_may_fail() {
        let attempts = Attempts::default();
        let minutes: Vec<_> = (0..60)
            .map(|minute| passes(&attempts, minute * 60_000, 100, "ann", "1.2.3.4"))
            .collect();
        assert_eq!(minutes[..6], [10; 6]);
        assert_eq!(minutes[6..], [0; 54]);
        assert_eq!(passes(&attempts, 3_600_000, 100, "ann", "1.2.3.4"), 10);
    }

    #[test]
    fn a_name_counts_from_all_addresses_and_an_address_for_all_names() {
        let attempts = Attempts::default();
        for at in 0..10 {
            let begun = attempts.begin(at, from("ann", &format!("1.2.3.{at}")));
            drop(begun.unwrap());
        }
        assert!(attempts.begin(10, from("Ann", "9.9.9.9")).is_err());
        assert!(attempts.begin(10, from("bob", "9.9.9.9")).is_ok());
        for at in 10..20 {
            let begun = attempts.begin(at, from(&format!("user{at}"), "5.5.5.5"));
            drop(begun.unwrap());
        }
        assert!(attempts.begin(20, from("bob", "5.5.5.5")).is_err());
    }

    #[test]
    fn all_addresses_of_one_ipv6_network_are_one() {
        let attempts = Attempts::default();
        for at in 0..10 {
            let begun = attempts.begin(at, from(&format!("user{at}"), &format!("2001:db8::{at}")));
            drop(begun.unwrap());
        }
        assert!(attempts.begin(10, from("bob", "2001:db8::ffff:1")).is_err());
        assert!(attempts.begin(10, from("bob", "2001:db8:0:1::1")).is_ok());
        assert_eq!(
            Subject::network("::ffff:1.2.3.4".parse().unwrap()),
            Subject::network("1.2.3.4".parse().unwrap())
        );
    }

    #[test]
    fn strangers_do_not_lock_a_place_where_the_owner_is_known() {
        let attempts = Attempts::default();
        assert_eq!(passes(&attempts, 0, 100, "ann", "6.6.6.6"), 10);
        let known = vec![
            Subject::name("ann", true),
            Subject::network("1.2.3.4".parse().unwrap()),
        ];
        assert!(attempts.begin(100, known).is_ok());
    }

    #[test]
    fn what_was_right_does_not_count() {
        let attempts = Attempts::default();
        for at in 0..100 {
            let attempt = attempts.begin(at, from("ann", "1.2.3.4")).unwrap();
            attempts.forgive(attempt);
        }
        assert!(attempts.0.lock().unwrap().is_empty());
    }

    #[test]
    fn many_names_from_many_networks_do_not_take_the_memory() {
        let attempts = Attempts::default();
        for at in 0..100_000_i64 {
            let address = Ipv6Addr::from(u128::try_from(at).unwrap() << 64);
            let subjects = vec![
                Subject::name(&format!("user{at}"), false),
                Subject::network(address.into()),
            ];
            drop(attempts.begin(at / 1000, subjects).unwrap());
        }
        assert!(attempts.0.lock().unwrap().len() <= REMEMBERED);
    }
}
