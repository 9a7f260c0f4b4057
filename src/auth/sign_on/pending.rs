//! Sign-ins that are under way at the provider: a few minutes each, each finished once.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Duration, Utc};

use crate::auth::credential::TokenHash;

/// How long somebody may take at the provider.
pub const PATIENCE: Duration = Duration::minutes(10);

/// The most at once; beyond it the oldest is dropped.
const MOST: usize = 5_000;

/// What has to be known when the browser comes back.
#[derive(Clone, Debug)]
pub struct Begun {
    pub issuer: String,
    pub client_id: String,
    pub nonce: String,
    pub pkce_verifier: String,
    pub redirect_uri: String,
    /// Where the browser wants to go then, on our site.
    pub next: String,
    /// The browser that began it.
    pub browser: TokenHash,
}

/// A cheap handle on them. The lock is held for a few map operations, so a std lock is right.
#[derive(Clone, Debug, Default)]
pub struct Pending(Arc<Mutex<Waiting>>);

#[derive(Debug, Default)]
struct Waiting {
    by_state: HashMap<String, (DateTime<Utc>, Begun)>,
    /// In the order in which they began; some are finished already.
    order: VecDeque<(DateTime<Utc>, String)>,
}

impl Pending {
    pub fn add(&self, now: DateTime<Utc>, state: String, begun: Begun) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some((at, state)) = waiting.order.front().cloned() {
            if now - at < PATIENCE && waiting.order.len() < MOST {
                break;
            }
            waiting.order.pop_front();
            waiting.by_state.remove(&state);
        }
        waiting.order.push_back((now, state.clone()));
        waiting.by_state.insert(state, (now, begun));
    }

    /// Takes the one with this state, where this browser began it and not too long ago. Whoever else
    /// knows the state has used it up all the same.
    pub fn take(&self, now: DateTime<Utc>, state: &str, browser: TokenHash) -> Option<Begun> {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, begun) = waiting.by_state.remove(state)?;
        (now - at < PATIENCE && begun.browser == browser).then_some(begun)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begun(browser: &str) -> Begun {
        Begun {
            issuer: String::new(),
            client_id: String::new(),
            nonce: String::new(),
            pkce_verifier: String::new(),
            redirect_uri: String::new(),
            next: "/".into(),
            browser: TokenHash::of(browser),
        }
    }

    #[test]
    fn one_is_taken_once_by_the_browser_that_began_it_and_in_time() {
        let pending = Pending::default();
        let start = DateTime::UNIX_EPOCH;
        let take =
            |after, state, browser| pending.take(start + after, state, TokenHash::of(browser));
        for state in ["once", "foreign", "late"] {
            pending.add(start, state.into(), begun("a"));
        }
        assert!(take(Duration::zero(), "other", "a").is_none());
        assert!(take(Duration::minutes(9), "once", "a").is_some());
        assert!(take(Duration::minutes(9), "once", "a").is_none());
        assert!(take(Duration::zero(), "foreign", "b").is_none());
        assert!(take(Duration::zero(), "foreign", "a").is_none());
        assert!(take(PATIENCE, "late", "a").is_none());
    }

    #[test]
    fn the_oldest_goes_when_there_are_too_many_and_what_is_over_goes_anyway() {
        let pending = Pending::default();
        let start = DateTime::UNIX_EPOCH;
        for number in 0..=MOST {
            pending.add(start, number.to_string(), begun("a"));
        }
        let browser = TokenHash::of("a");
        assert!(pending.take(start, "0", browser).is_none());
        assert!(pending.take(start, "1", browser).is_some());
        pending.add(start + PATIENCE, "new".into(), begun("a"));
        let waiting = pending.0.lock().unwrap();
        assert_eq!((waiting.by_state.len(), waiting.order.len()), (1, 1));
    }
}
