//! What is known of one container that does not run. Times are Unix milliseconds.

use chrono::DateTime;

/// Which run was its last, in the engine's own words: two that differ in anything are two.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Run {
    pub started: String,
    pub finished: String,
}

/// When it lived.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Times {
    pub created: Option<i64>,
    /// `None` if it never ran.
    pub started: Option<i64>,
    pub finished: Option<i64>,
    /// When we last saw it alive.
    pub seen_alive: Option<i64>,
}

/// What a look at the engine found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// When, by our clock.
    pub seen_at: i64,
    /// The engine's word for its state.
    pub status: String,
    pub run: Run,
    pub times: Times,
    /// Bytes that it wrote itself, where they were counted.
    pub size_bytes: Option<i64>,
    /// The engine could not tell.
    pub failed: bool,
}

impl Run {
    /// Its times. A time that makes no sense is none.
    pub fn times(&self, created: Option<i64>, seen_alive: Option<i64>) -> Times {
        Times {
            created,
            started: read(&self.started),
            finished: read(&self.finished),
            seen_alive,
        }
    }
}

/// Unix milliseconds; `None` for the year 1, which is how an engine says "never".
pub fn read(text: &str) -> Option<i64> {
    let time = DateTime::parse_from_rfc3339(text).ok()?.timestamp_millis();
    (time > 0).then_some(time)
}

/// Milliseconds: an engine notes the start of what ends at once after its end.
const SLIP: i64 = 60_000;

impl Times {
    /// The last sign of life; `None` where the times contradict each other or `now`, or there are none.
    pub fn last_alive(&self, now: i64) -> Option<i64> {
        let all = [self.created, self.started, self.finished, self.seen_alive];
        let from_the_future = all.into_iter().flatten().any(|time| time > now);
        // The list tells the creation in whole seconds, the inspection the others exactly.
        let born = self.created.unwrap_or_default() / 1000 * 1000;
        let before_birth = [self.started, self.finished].into_iter().flatten();
        let before_birth = before_birth.into_iter().any(|time| time < born);
        // One that ran and did not end is no container that stands still.
        let endless = self.started.is_some() && self.finished.is_none();
        let ran = self.started.zip(self.finished);
        let turned = ran.is_some_and(|(started, finished)| finished + SLIP < started);
        if from_the_future || before_birth || endless || turned {
            return None;
        }
        let never_ran = self.started.is_none();
        let birth = self.created.filter(|_| never_ran);
        self.finished
            .max(self.started)
            .max(self.seen_alive)
            .max(birth)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(created: i64, started: Option<i64>, finished: Option<i64>) -> Times {
        Times {
            created: Some(created),
            started,
            finished,
            seen_alive: None,
        }
    }

    #[test]
    fn the_newest_sign_of_life_counts() {
        let ran = times(1000, Some(2000), Some(3000));
        assert_eq!(ran.last_alive(9000), Some(3000));
        let seen = Times {
            seen_alive: Some(4000),
            ..ran
        };
        assert_eq!(seen.last_alive(9000), Some(4000));
    }

    #[test]
    fn what_ends_at_once_may_seem_to_end_before_it_starts() {
        let quick = times(1000, Some(3000), Some(2995));
        assert_eq!(quick.last_alive(9000), Some(3000));
    }

    #[test]
    fn one_that_never_ran_counts_from_its_birth() {
        assert_eq!(times(1000, None, None).last_alive(9000), Some(1000));
        assert_eq!(Times::default().last_alive(9000), None);
    }

    #[test]
    fn times_that_contradict_each_other_say_nothing() {
        assert_eq!(times(5000, Some(2000), Some(3000)).last_alive(9000), None);
        assert_eq!(times(1000, Some(2000), Some(9001)).last_alive(9000), None);
        let turned = times(1000, Some(90_000), Some(2000));
        assert_eq!(turned.last_alive(99_000), None);
        assert_eq!(times(1000, Some(2000), None).last_alive(9000), None);
        assert_eq!(
            times(1999, Some(1200), Some(1300)).last_alive(9000),
            Some(1300)
        );
    }

    #[test]
    fn the_year_one_is_never() {
        let run = Run {
            started: "0001-01-01T00:00:00Z".into(),
            finished: "nonsense".into(),
        };
        let times = run.times(Some(1), None);
        assert_eq!((times.started, times.finished), (None, None));
    }
}
