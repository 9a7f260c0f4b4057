//! How often a sign-in may fail: ten times a minute for one name and for one address.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use super::rules::USERNAME_MOST;
use crate::error::{AppError, Code};

/// Failures within the last minute that are let pass.
const MOST: usize = 10;
/// Milliseconds that a failure counts.
const WINDOW: i64 = 60_000;

/// A cheap handle on the failures of the last minute. The lock is held for a few map operations, so a
/// std lock is right.
#[derive(Clone, Debug, Default)]
pub struct Attempts(Arc<Mutex<HashMap<Key, Vec<i64>>>>);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    Name(String),
    Peer(IpAddr),
}

impl Attempts {
    /// Counts an attempt as failed until [`Attempts::forgive`] says that it was not; so many at once
    /// are counted before the first of them is decided. `now` in Unix milliseconds.
    ///
    /// # Errors
    /// `too_many`, and then this one does not count.
    pub fn begin(&self, now: i64, name: &str, peer: Option<IpAddr>) -> Result<(), AppError> {
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        failures.retain(|_, times| {
            times.retain(|time| now - time < WINDOW);
            !times.is_empty()
        });
        let keys = keys(name, peer);
        if keys
            .iter()
            .any(|key| failures.get(key).is_some_and(|times| times.len() >= MOST))
        {
            return Err(AppError::new(
                Code::TooMany,
                "Too many failed sign-ins; wait a minute and try again.",
            ));
        }
        for key in keys {
            failures.entry(key).or_default().push(now);
        }
        Ok(())
    }

    /// Takes back what [`Attempts::begin`] counted: the sign-in was right.
    pub fn forgive(&self, now: i64, name: &str, peer: Option<IpAddr>) {
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for key in keys(name, peer) {
            if let Some(times) = failures.get_mut(&key)
                && let Some(at) = times.iter().position(|time| *time == now)
            {
                times.remove(at);
            }
        }
    }
}

/// A name that is too long for a user is cut, so that nobody fills the memory with them.
fn keys(name: &str, peer: Option<IpAddr>) -> Vec<Key> {
    let name = name
        .chars()
        .take(USERNAME_MOST + 1)
        .collect::<String>()
        .to_lowercase();
    std::iter::once(Key::Name(name))
        .chain(peer.map(Key::Peer))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_eleventh_failure_in_a_minute_is_refused_and_a_minute_later_it_is_not() {
        let attempts = Attempts::default();
        for _ in 0..10 {
            attempts.begin(0, "ann", None).unwrap();
        }
        let error = attempts.begin(59_999, "ANN", None).unwrap_err();
        assert_eq!(error.code.status(), 429);
        attempts.begin(59_999, "bob", None).unwrap();
        attempts.begin(60_000, "ann", None).unwrap();
    }

    #[test]
    fn one_address_cannot_try_many_names() {
        let attempts = Attempts::default();
        let peer = Some(IpAddr::from([192, 0, 2, 1]));
        for number in 0..10 {
            attempts.begin(0, &format!("user{number}"), peer).unwrap();
        }
        assert!(attempts.begin(0, "ann", peer).is_err());
        attempts
            .begin(0, "ann", Some(IpAddr::from([192, 0, 2, 2])))
            .unwrap();
    }

    #[test]
    fn a_sign_in_that_was_right_does_not_count() {
        let attempts = Attempts::default();
        for _ in 0..100 {
            attempts.begin(0, "ann", None).unwrap();
            attempts.forgive(0, "ann", None);
        }
    }

    #[test]
    fn old_failures_leave_the_memory() {
        let attempts = Attempts::default();
        for number in 0..100 {
            attempts.begin(0, &format!("user{number}"), None).unwrap();
        }
        attempts.begin(60_000, "ann", None).unwrap();
        assert_eq!(attempts.0.lock().unwrap().len(), 1);
    }
}
