//! Time that counts: what went by while somebody could have watched. All times are Unix milliseconds.

use std::collections::HashMap;

const DAY: i64 = 24 * 3600 * 1000;

/// Time of the clock that nobody watched: the host slept, or the clock was set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    pub from: i64,
    pub until: i64,
}

/// Every gap, and whose it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gaps {
    /// Nobody watched anything.
    pub everywhere: Vec<Gap>,
    /// By engine: those, and the time that it did not answer.
    by_engine: HashMap<String, Vec<Gap>>,
}

impl Gaps {
    /// Puts them together; one without an engine is one of all.
    pub fn of_all(gaps: impl IntoIterator<Item = (Option<String>, Gap)>) -> Self {
        let mut all = Self::default();
        for (engine_id, gap) in gaps {
            match engine_id {
                None => all.everywhere.push(gap),
                Some(engine_id) => all.by_engine.entry(engine_id).or_default().push(gap),
            }
        }
        for own in all.by_engine.values_mut() {
            own.extend(&all.everywhere);
        }
        all
    }

    /// Those of one engine.
    pub fn of(&self, engine_id: &str) -> &[Gap] {
        self.by_engine.get(engine_id).unwrap_or(&self.everywhere)
    }
}

/// Milliseconds of `days`.
pub fn threshold(days: i64) -> i64 {
    days.saturating_mul(DAY)
}

/// Whole days.
pub fn days(millis: i64) -> i64 {
    millis.max(0) / DAY
}

/// How much of the time between `since` and `now` nobody watched. Gaps may overlap.
pub fn unwatched(gaps: &[Gap], since: i64, now: i64) -> i64 {
    let mut cut: Vec<_> = gaps
        .iter()
        .map(|gap| (gap.from.max(since), gap.until.min(now)))
        .filter(|(from, until)| from < until)
        .collect();
    cut.sort_unstable();
    let (mut sum, mut end) = (0, since);
    for (from, until) in cut {
        sum += (until - from.max(end)).max(0);
        end = end.max(until);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gap(from: i64, until: i64) -> Gap {
        Gap { from, until }
    }

    #[test]
    fn only_what_lies_after_the_last_life_and_before_now_is_taken_off() {
        let gaps = [gap(0, 10), gap(50, 60), gap(95, 200)];
        assert_eq!(unwatched(&gaps, 5, 100), 5 + 10 + 5);
        assert_eq!(unwatched(&gaps, 60, 90), 0);
    }

    #[test]
    fn gaps_that_overlap_count_once() {
        let gaps = [gap(10, 30), gap(20, 40), gap(15, 18), gap(10, 30)];
        assert_eq!(unwatched(&gaps, 0, 100), 30);
    }

    #[test]
    fn what_one_engine_missed_makes_nothing_younger_on_another() {
        let (all, own) = (gap(10, 20), gap(30, 40));
        let gaps = Gaps::of_all([(Some("a".to_owned()), own), (None, all)]);
        assert_eq!(unwatched(gaps.of("a"), 0, 100), 20);
        assert_eq!(unwatched(gaps.of("b"), 0, 100), 10);
        assert_eq!(gaps.everywhere, [all]);
    }

    #[test]
    fn a_day_is_whole() {
        assert_eq!((days(DAY - 1), days(DAY), days(-5)), (0, 1, 0));
        assert_eq!(threshold(i64::MAX), i64::MAX);
    }
}
