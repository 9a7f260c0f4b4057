//! The time by which old lines go. A clock that is wrong must not empty the log, and nothing but time tells it
//! from the clock of a machine that was off: so what is believed goes after what the clock shows only while time
//! is really watched, and is kept in the database, because a start proves nothing.

/// How much faster than the time that is watched. Ten days that the machine was off are caught up with in 27
/// hours, and a clock that is years ahead for an hour makes nothing older than ten hours more.
const SPEED: i64 = 10;

/// 2026-01-01 in Unix milliseconds. A machine without a battery begins in 1970, and it would take years to
/// believe that it is not.
const EARLIEST: i64 = 1_767_225_600_000;

/// What time it is believed to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Believed {
    /// Unix milliseconds.
    time: i64,
    /// What the steady clock showed then, in milliseconds.
    steady: i64,
}

impl Believed {
    /// Goes on from what was kept, or from what the clock shows where nothing was. Times are Unix
    /// milliseconds; `steady` is the steady clock's.
    pub fn begin(kept: Option<i64>, shown: i64, steady: i64) -> Self {
        Self {
            time: kept.unwrap_or(shown).max(EARLIEST),
            steady,
        }
    }

    /// Goes after what the clock shows, forward or back, as far as the time that went by allows.
    pub fn follow(&mut self, shown: i64, steady: i64) {
        let most = (steady - self.steady).max(0).saturating_mul(SPEED);
        let (least, most) = (
            self.time.saturating_sub(most),
            self.time.saturating_add(most),
        );
        self.time = shown.clamp(least, most);
        self.steady = steady;
    }

    /// What is to be kept, in Unix milliseconds.
    pub fn kept(self) -> i64 {
        self.time
    }

    /// The time to prune by, in Unix milliseconds: never later than the clock shows, because an earlier one takes
    /// less.
    pub fn cautious(self, shown: i64) -> i64 {
        self.time.min(shown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000;
    const DAY: i64 = 24 * HOUR;
    const NOW: i64 = EARLIEST + 400 * DAY;

    #[test]
    fn a_right_clock_is_followed_at_once() {
        let mut believed = Believed::begin(None, NOW, 7);
        believed.follow(NOW + HOUR, 7 + HOUR);
        assert_eq!(believed.cautious(NOW + HOUR), NOW + HOUR);
    }

    #[test]
    fn a_jump_ahead_is_not_believed_however_often_the_program_starts() {
        let wrong = NOW + 1500 * DAY;
        let mut kept = NOW;
        for _ in 0..1000 {
            let mut believed = Believed::begin(Some(kept), wrong, 0);
            believed.follow(wrong, 0);
            kept = believed.kept();
        }
        assert_eq!(kept, NOW);
        let mut believed = Believed::begin(Some(kept), wrong, 0);
        believed.follow(wrong + HOUR, HOUR);
        assert_eq!(believed.kept(), NOW + 10 * HOUR);
        // The clock is set right again: what was believed too much counts for nothing.
        assert_eq!(believed.cautious(NOW + HOUR), NOW + HOUR);
    }

    #[test]
    fn a_machine_that_was_off_for_ten_days_is_believed_after_a_day_that_was_watched() {
        let on = NOW + 10 * DAY;
        let mut kept = NOW;
        // It is on for three hours at a time, and off for a minute in between.
        for time in 0..9 {
            let shown = on + time * (3 * HOUR + 60_000);
            let mut believed = Believed::begin(Some(kept), shown, 5);
            believed.follow(shown + 3 * HOUR, 5 + 3 * HOUR);
            kept = believed.kept();
            assert_eq!(kept == shown + 3 * HOUR, time == 8, "{time}");
        }
    }

    #[test]
    fn a_clock_that_begins_in_1970_ages_nothing_and_spoils_nothing() {
        let mut believed = Believed::begin(Some(NOW), 0, 0);
        believed.follow(60_000, 60_000);
        assert_eq!(believed.cautious(60_000), 60_000);
        // The network says what time it is.
        believed.follow(NOW + HOUR, HOUR);
        assert_eq!(believed.cautious(NOW + HOUR), NOW + HOUR);
        let first = Believed::begin(None, 0, 0);
        assert_eq!((first.kept(), first.cautious(0)), (EARLIEST, 0));
    }
}
