//! When a connection counts as silent, and how long to wait before the next try.

use std::time::Duration;

/// While somebody listens a round comes every two seconds, so that this much silence is a dead line.
pub const SILENCE: Duration = Duration::from_secs(20);

/// How often the silence is measured.
pub const CHECK: Duration = Duration::from_secs(5);

/// How long a connection without a listener stays: from one page to the next.
pub const LINGER: Duration = Duration::from_secs(5);

const SHORTEST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(30);

/// The wait after `failures` tries in a row that came to nothing. `chance` in 0..1 spreads it over half
/// of its length, so that a hundred tabs do not come back in the same moment.
pub fn delay(failures: u32, chance: f64) -> Duration {
    let doubled = SHORTEST.saturating_mul(2u32.saturating_pow(failures.min(16)));
    doubled
        .min(LONGEST)
        .mul_f64(0.5 + chance.clamp(0.0, 1.0) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_up_to_half_a_minute() {
        let waits: Vec<_> = [0, 1, 2, 3, 4, 5, 60]
            .iter()
            .map(|failures| delay(*failures, 1.0).as_secs())
            .collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 30, 30]);
    }

    #[test]
    fn chance_takes_at_most_half_of_the_wait_away() {
        assert_eq!(delay(5, 0.0).as_secs(), 15);
        assert_eq!(delay(5, 7.0).as_secs(), 30);
    }
}
