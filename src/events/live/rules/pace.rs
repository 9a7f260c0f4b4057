//! How long things take, in milliseconds.

/// While somebody listens a round comes every two seconds, so that this much silence is a dead line.
pub const SILENCE: u64 = 20_000;

/// The server greets at once, so that a stream without a greeting by then lets nothing through.
pub const GREETING: u64 = 10_000;

/// How often a leader renews its lease and every tab looks after what is due.
pub const LOOK: u64 = 2_000;

/// How long a tab takes part without a listener: from one page to the next.
pub const LINGER: u64 = 5_000;

/// Tries in a row that nothing came of, while the server answers, until everything is polled.
pub const TRIES_IN_VAIN: u32 = 3;

/// How often what is shown is read again where no stream comes through.
pub const POLL: u64 = 10_000;

/// How often the stream is tried there.
pub const STREAM_AGAIN: u64 = 60_000;

/// How long an ordinary answer may take.
pub const ANSWER: u64 = 8_000;

const SHORTEST: u64 = 1_000;
const LONGEST: u64 = 30_000;

/// The wait after `failures` tries in a row that came to nothing. `chance` in 0..1 spreads it over half
/// of its length, so that a hundred browsers do not come back in the same moment.
pub fn delay(failures: u32, chance: f64) -> u64 {
    let doubled = SHORTEST.saturating_mul(2u64.saturating_pow(failures.min(16)));
    spread(doubled.min(LONGEST), chance)
}

/// Between writing a lease and reading it again: longer than it takes until another tab's is seen.
pub fn second_look(chance: f64) -> u64 {
    spread(200, chance)
}

/// Until a tab follows a leader that said goodbye: those that are seen go first.
pub fn succession(is_hidden: bool) -> u64 {
    if is_hidden { 500 } else { 0 }
}

fn spread(longest: u64, chance: f64) -> u64 {
    (longest as f64 * (0.5 + chance.clamp(0.0, 1.0) / 2.0)) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_up_to_half_a_minute() {
        let waits = [0, 1, 2, 3, 4, 5, 60].map(|failures| delay(failures, 1.0));
        assert_eq!(waits, [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
    }

    #[test]
    fn chance_takes_at_most_half_of_the_wait_away() {
        assert_eq!(delay(5, 0.0), 15_000);
        assert_eq!(delay(5, 7.0), 30_000);
    }
}
