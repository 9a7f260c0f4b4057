//! The one source of time, so that tests can turn the hands.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Instant;

use chrono::{DateTime, Utc};

/// When this program first asked: what the steady time of the machine counts from.
static START: LazyLock<Instant> = LazyLock::new(Instant::now);

/// A cheap handle on the time; every clone shows the same.
#[derive(Clone, Debug)]
pub struct Clock {
    /// `Some` is a clock that stands still until it is moved.
    held: Option<Arc<Hands>>,
}

/// The hands of a held clock, in milliseconds.
#[derive(Debug)]
struct Hands {
    /// What it shows: Unix time.
    wall: AtomicI64,
    /// How long it went, whatever it shows.
    steady: AtomicI64,
    /// When its machine was started, by what it shows.
    booted: AtomicI64,
}

/// How long the machine of a held clock had been up when it was made, in milliseconds: a day.
const HELD_UPTIME: i64 = 24 * 3600 * 1000;

impl Clock {
    /// The time of this machine.
    pub fn system() -> Self {
        LazyLock::force(&START);
        Self { held: None }
    }

    /// A clock that stands at `start` until [`Clock::advance`] moves it.
    pub fn held_at(start: DateTime<Utc>) -> Self {
        let start = start.timestamp_millis();
        Self {
            held: Some(Arc::new(Hands {
                wall: AtomicI64::new(start),
                steady: AtomicI64::new(0),
                booted: AtomicI64::new(start - HELD_UPTIME),
            })),
        }
    }

    /// Lets time go by on a held clock; the machine's own clock is left alone.
    pub fn advance(&self, by: chrono::Duration) {
        if let Some(hands) = &self.held {
            hands
                .steady
                .fetch_add(by.num_milliseconds(), Ordering::SeqCst);
            hands
                .wall
                .fetch_add(by.num_milliseconds(), Ordering::SeqCst);
        }
    }

    /// Sets a held clock forward, or back, without any time going by: a host that slept looks the same.
    pub fn jump(&self, by: chrono::Duration) {
        if let Some(hands) = &self.held {
            hands
                .wall
                .fetch_add(by.num_milliseconds(), Ordering::SeqCst);
            hands
                .booted
                .fetch_add(by.num_milliseconds(), Ordering::SeqCst);
        }
    }

    /// The machine of a held clock was started just now.
    pub fn boot(&self) {
        if let Some(hands) = &self.held {
            let now = hands.wall.load(Ordering::SeqCst);
            hands.booted.store(now, Ordering::SeqCst);
        }
    }

    pub fn now(&self) -> DateTime<Utc> {
        match &self.held {
            Some(hands) => from_millis(hands.wall.load(Ordering::SeqCst)),
            #[expect(clippy::disallowed_methods, reason = "this is the clock")]
            None => Utc::now(),
        }
    }

    /// Unix milliseconds, as the database keeps time.
    pub fn millis(&self) -> i64 {
        self.now().timestamp_millis()
    }

    /// Milliseconds that went by since some moment of this program's life: nobody can set it, and it stands
    /// still while the machine sleeps.
    pub fn steady_millis(&self) -> i64 {
        match &self.held {
            Some(hands) => hands.steady.load(Ordering::SeqCst),
            None => i64::try_from(START.elapsed().as_millis()).unwrap_or(i64::MAX),
        }
    }

    /// When the machine was started, in Unix milliseconds by its clock of now; `None` where it does not say.
    pub fn booted_at(&self) -> Option<i64> {
        match &self.held {
            Some(hands) => Some(hands.booted.load(Ordering::SeqCst)),
            None => read_boot(&std::fs::read_to_string("/proc/stat").ok()?),
        }
    }
}

/// The line `btime` of `/proc/stat`, which is in seconds.
fn read_boot(stat: &str) -> Option<i64> {
    let line = stat.lines().find_map(|line| line.strip_prefix("btime "))?;
    line.trim().parse::<i64>().ok()?.checked_mul(1000)
}

/// A time from the database; one that no calendar has becomes the epoch.
pub fn from_millis(millis: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(millis).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernel_says_when_it_was_started() {
        assert_eq!(
            read_boot("cpu 1 2\nbtime 1700000000\nx 1"),
            Some(1_700_000_000_000)
        );
        assert_eq!(read_boot("cpu 1 2"), None);
        let clock = Clock::system();
        assert!(clock.booted_at().is_some_and(|at| at < clock.millis()));
    }

    #[test]
    fn a_jump_moves_the_hands_and_no_time_goes_by() {
        let clock = Clock::held_at(from_millis(1_000_000_000_000));
        let (wall, steady) = (clock.millis(), clock.steady_millis());
        clock.jump(chrono::Duration::hours(5));
        assert_eq!(clock.millis() - wall, 5 * 3_600_000);
        assert_eq!(clock.steady_millis(), steady);
        clock.advance(chrono::Duration::hours(1));
        assert_eq!(clock.steady_millis() - steady, 3_600_000);
    }
}
