//! What has become of the stream that a leader holds: whether it lives, when to try it again, and when
//! to read every few seconds instead, because something on the way lets no stream through.

use super::pace;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// There is none, and the next is opened `wait` after `since`.
    Waits { since: u64, wait: u64 },
    /// Opened, or opening itself again; nothing was heard since.
    Tries { since: u64 },
    /// Something was heard.
    Lives { heard_at: u64 },
}

/// What to do about the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    Nothing,
    Open,
    /// What was opened brings nothing: give it up and find out why.
    GiveUp,
    /// What brought something went dead without a word: open it anew.
    Renew,
}

/// The stream of a leader.
#[derive(Clone, Debug)]
pub struct Line {
    phase: Phase,
    /// Tries in a row that came to nothing.
    failures: u32,
    /// Those of them in a row while the server answered everything else.
    in_vain: u32,
    /// What is shown is read every few seconds, the last time then.
    polled_at: Option<u64>,
}

impl Line {
    /// One that is to be opened at once. `polls` goes on with what the leader before had come to.
    pub fn new(now: u64, polls: bool) -> Self {
        Self {
            phase: Phase::Waits {
                since: now,
                wait: 0,
            },
            failures: 0,
            in_vain: 0,
            polled_at: polls.then_some(now),
        }
    }

    /// What is to be done about the stream now. Spans count in both directions of the clock.
    pub fn due(&self, now: u64) -> Due {
        match self.phase {
            Phase::Waits { since, wait } if now.abs_diff(since) >= wait => Due::Open,
            Phase::Tries { since } if now.abs_diff(since) >= pace::GREETING => Due::GiveUp,
            Phase::Lives { heard_at } if now.abs_diff(heard_at) > pace::SILENCE => Due::Renew,
            _ => Due::Nothing,
        }
    }

    /// Whether everything is to be read again now, in place of a stream.
    pub fn poll_is_due(&self, now: u64) -> bool {
        self.polled_at
            .is_some_and(|at| now.abs_diff(at) >= pace::POLL)
    }

    pub fn polls(&self) -> bool {
        self.polled_at.is_some()
    }

    pub fn lives(&self) -> bool {
        matches!(self.phase, Phase::Lives { .. })
    }

    pub fn opened(&mut self, now: u64) {
        self.phase = Phase::Tries { since: now };
    }

    /// Something came: all that went wrong before is over.
    pub fn heard(&mut self, now: u64) {
        *self = Self {
            phase: Phase::Lives { heard_at: now },
            failures: 0,
            in_vain: 0,
            polled_at: None,
        };
    }

    /// It broke, and the browser opens it again by itself.
    pub fn broke(&mut self, now: u64) {
        if self.lives() {
            self.opened(now);
        }
    }

    /// It was closed after a try that came to nothing; `chance` in 0..1 spreads the next one.
    pub fn closed(&mut self, now: u64, chance: f64) {
        let wait = if self.polls() {
            pace::STREAM_AGAIN
        } else {
            pace::delay(self.failures, chance)
        };
        self.failures += 1;
        self.phase = Phase::Waits { since: now, wait };
    }

    /// Something suggests that a try would succeed now.
    pub fn hurry(&mut self, now: u64) {
        if !self.lives() {
            self.phase = Phase::Waits {
                since: now,
                wait: 0,
            };
        }
    }

    /// After a try that came to nothing, whether the server `answers` everything else. A server that is
    /// away is waited for; one that answers, several times in a row, is asked from now on.
    pub fn learned(&mut self, answers: bool, now: u64) {
        if self.lives() || self.polls() {
            return;
        }
        self.in_vain = if answers { self.in_vain + 1 } else { 0 };
        if self.in_vain >= pace::TRIES_IN_VAIN {
            self.polled_at = Some(now.saturating_sub(pace::POLL));
            // A try that is under way meanwhile may still succeed.
            if let Phase::Waits { wait, .. } = &mut self.phase {
                *wait = pace::STREAM_AGAIN;
            }
        }
    }

    pub fn polled(&mut self, now: u64) {
        if self.polls() {
            self.polled_at = Some(now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_790_000_000_000;

    /// One more try that nothing is heard of; the time after it.
    fn in_vain(line: &mut Line, start: u64, answers: bool) -> u64 {
        line.opened(start);
        let end = start + pace::GREETING;
        assert_eq!(line.due(end - 1), Due::Nothing);
        assert_eq!(line.due(end), Due::GiveUp);
        line.closed(end, 1.0);
        line.learned(answers, end);
        end
    }

    #[test]
    fn what_is_heard_from_lives_until_it_is_silent() {
        let mut line = Line::new(NOW, false);
        assert_eq!(line.due(NOW), Due::Open);
        line.opened(NOW);
        line.heard(NOW + 50);
        assert_eq!(line.due(NOW + 50 + pace::SILENCE), Due::Nothing);
        assert_eq!(line.due(NOW + 51 + pace::SILENCE), Due::Renew);
        // Not even a clock that was set back keeps it for dead for long.
        assert_eq!(line.due(NOW - 3_600_000), Due::Renew);
    }

    #[test]
    fn where_streams_are_broken_and_the_server_answers_everything_is_polled() {
        let mut line = Line::new(NOW, false);
        let mut now = NOW;
        for _ in 0..pace::TRIES_IN_VAIN {
            assert!(!line.polls());
            now = in_vain(&mut line, now, true);
        }
        assert!(line.polls() && line.poll_is_due(now));
        line.polled(now);
        assert!(!line.poll_is_due(now + pace::POLL - 1));
        assert!(line.poll_is_due(now + pace::POLL));
        assert_eq!(line.due(now + pace::STREAM_AGAIN - 1), Due::Nothing);
        assert_eq!(line.due(now + pace::STREAM_AGAIN), Due::Open);
    }

    #[test]
    fn the_stream_is_tried_each_minute_while_polled_and_ends_the_polling_when_it_works() {
        let mut line = Line::new(NOW, true);
        let now = in_vain(&mut line, NOW, true);
        assert!(line.polls(), "one more failure changes nothing");
        assert_eq!(line.due(now + pace::STREAM_AGAIN - 1), Due::Nothing);
        line.opened(now + pace::STREAM_AGAIN);
        line.heard(now + pace::STREAM_AGAIN);
        assert!(line.lives() && !line.polls());
    }

    #[test]
    fn a_server_that_is_away_is_waited_for_and_never_polled() {
        let mut line = Line::new(NOW, false);
        let mut now = NOW;
        for answers in [true, true, false, true, true, false, false, false, false] {
            now = in_vain(&mut line, now, answers);
            assert!(!line.polls());
        }
        assert!(line.due(now) == Due::Nothing);
        line.hurry(now);
        assert_eq!(line.due(now), Due::Open);
    }

    #[test]
    fn a_stream_that_broke_may_come_back_by_itself() {
        let mut line = Line::new(NOW, false);
        line.opened(NOW);
        line.heard(NOW);
        line.broke(NOW + 5000);
        // The browser says so at each of its own tries.
        line.broke(NOW + 7000);
        assert_eq!(line.due(NOW + 5000 + pace::GREETING), Due::GiveUp);
        line.heard(NOW + 9000);
        assert_eq!(line.due(NOW + 5000 + pace::GREETING), Due::Nothing);
        // What lives needs no hurry.
        line.hurry(NOW + 9000);
        assert!(line.lives());
    }
}
