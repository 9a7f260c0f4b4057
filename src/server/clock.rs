//! The one source of time, so that tests can turn the hands.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Utc};

/// A cheap handle on the time; every clone shows the same.
#[derive(Clone, Debug)]
pub struct Clock {
    /// `Some` is a clock that stands still at these Unix milliseconds until it is moved.
    held: Option<Arc<AtomicI64>>,
}

impl Clock {
    /// The time of this machine.
    pub fn system() -> Self {
        Self { held: None }
    }

    /// A clock that stands at `start` until [`Clock::advance`] moves it.
    pub fn held_at(start: DateTime<Utc>) -> Self {
        Self {
            held: Some(Arc::new(AtomicI64::new(start.timestamp_millis()))),
        }
    }

    /// Moves a held clock; the machine's own clock is left alone.
    pub fn advance(&self, by: chrono::Duration) {
        if let Some(held) = &self.held {
            held.fetch_add(by.num_milliseconds(), Ordering::SeqCst);
        }
    }

    pub fn now(&self) -> DateTime<Utc> {
        match &self.held {
            Some(held) => from_millis(held.load(Ordering::SeqCst)),
            #[expect(clippy::disallowed_methods, reason = "this is the clock")]
            None => Utc::now(),
        }
    }

    /// Unix milliseconds, as the database keeps time.
    pub fn millis(&self) -> i64 {
        self.now().timestamp_millis()
    }
}

/// A time from the database; one that no calendar has becomes the epoch.
pub fn from_millis(millis: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(millis).unwrap_or_default()
}
