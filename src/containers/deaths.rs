//! Which deaths are to be told: each once, whether its event was heard or only what it left was seen.
//!
//! While the events are heard, a death is an event. After a gap, looking shows what was missed; the event of
//! a death that was told by looking may still come, and is owed.

use super::observed::Detail;
use super::tidings::{Heard, Move, Tidings};

/// What is known of a container's runs before this look. A run is named by when it started, in Unix
/// milliseconds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    pub run: Option<i64>,
    /// How often its policy had started it again.
    pub restarts: i64,
    /// The last run whose end is accounted for.
    pub died_run: Option<i64>,
    /// Its end was told by looking, and its event may still come.
    pub owed: bool,
    /// It was inspected before, and not only listed.
    pub looked_at: bool,
    /// The list said that it was alive.
    pub was_alive: bool,
    /// The engine's time (Unix nanoseconds) of the last event that is accounted for.
    pub heard_nano: Option<i64>,
    /// So many earlier ends were told by looking, and their events may still come, too.
    pub owed_before: i64,
    /// Unix milliseconds, by the engine's clock: what looking told was before.
    pub told_to: Option<i64>,
    /// Something in the run that goes on was killed for want of memory, and that is no news.
    pub short_of_memory: bool,
}

/// How somebody came to look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Look {
    /// Its events led here, and none of them are missing.
    #[default]
    Followed,
    /// The same, on a stream that begins with what came between these (Unix nanoseconds, the second one included),
    /// of which some was taken in before.
    Resumed { after: i64, to: i64 },
    /// Events may be missing since `contact` (Unix milliseconds); `None` is ever.
    AfterGap { contact: Option<i64> },
}

/// What was asked of a run before it ended, and what was done to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Omens {
    /// It was asked to end.
    pub signalled: bool,
    pub out_of_memory: bool,
    /// That something in it ran out of memory was told while it went on.
    pub memory_told: bool,
}

/// A run that ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Death {
    /// `None` where nobody saw it.
    pub exit_code: Option<i64>,
    pub omens: Omens,
    /// Nobody heard whether it was asked to stop.
    pub unheard: bool,
    /// Unix milliseconds, by the engine's clock; `None` where nobody knows.
    pub at: Option<i64>,
}

/// What a look comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    pub deaths: Vec<Death>,
    pub died_run: Option<i64>,
    pub owed: bool,
    pub heard_nano: Option<i64>,
    pub owed_before: i64,
    pub told_to: Option<i64>,
    /// What holds for the run that goes on.
    pub omens: Omens,
    /// Something in it was killed for want of memory, it did not end of that, and nobody was told yet.
    pub short_of_memory: bool,
}

impl Death {
    /// It is worth a line: it did not end well, and not because it was told to.
    pub fn is_crash(&self) -> bool {
        // 128 + SIGINT, SIGKILL, SIGTERM; 255 is what an engine says that found it dead after its own end.
        let stopped = [130, 137, 143];
        match self.exit_code {
            Some(0) => false,
            _ if self.is_for_memory() => true,
            None => true,
            Some(code) if self.omens.signalled => !stopped.contains(&code),
            Some(code) if self.unheard => !stopped.contains(&code) && code != 255,
            Some(_) => true,
        }
    }

    /// It ended for want of memory, and that was not told before. The kernel kills a process and not a container,
    /// so one that ends well or as it was asked to, however much later, did not end of that.
    pub fn is_for_memory(&self) -> bool {
        let was_asked = self.omens.signalled || self.unheard;
        let ended_otherwise = match self.exit_code {
            Some(0) => true,
            Some(130 | 143) => was_asked,
            _ => false,
        };
        self.omens.out_of_memory && !self.omens.memory_told && !ended_otherwise
    }
}

/// Accounts for the ends of runs. `standing` is `None` for a container that was never seen before.
pub fn account(
    standing: Option<&Standing>,
    seen: &Detail,
    tidings: &Tidings,
    omens: Omens,
    look: Look,
) -> Account {
    let before = standing.cloned().unwrap_or_default();
    let news = news(&before, tidings, look);
    let mut account = heard(&before, news.clone(), omens, Some(seen));
    // The engine goes on saying so until the next run.
    let is_same_run = seen.started_at == before.run;
    let is_known = is_same_run && (before.short_of_memory || omens.memory_told);
    let ran_out = seen.oom_killed == Some(true) && !is_known;
    let ended_as_heard = seen.ended && is_end_of(seen, news);
    if ended_as_heard {
        account.died_run = seen.started_at;
        if let Some(last) = account.deaths.last_mut() {
            last.omens.out_of_memory |= ran_out;
            last.exit_code = last.exit_code.or(seen.last_exit_code);
        }
    }
    if let Look::AfterGap { contact } = look {
        account.look_after_gap(&before, seen, contact, ended_as_heard, ran_out);
    }
    if !seen.ended {
        account.tell_memory();
    }
    account
}

impl Account {
    /// Accounts for what nobody heard of and can be seen.
    fn look_after_gap(
        &mut self,
        before: &Standing,
        seen: &Detail,
        contact: Option<i64>,
        ended_as_heard: bool,
        ran_out: bool,
    ) {
        let has_ended = seen.ended && seen.started_at.is_some();
        if before.looked_at {
            if seen.started_at != before.run {
                let unseen = count_unseen(before, seen, self, ended_as_heard);
                self.deaths.splice(0..0, (0..unseen).map(|_| UNSEEN));
                // What was owed already is an earlier end now.
                self.owed_before += unseen + i64::from(self.owed);
                self.owed = false;
                self.told_to = seen.started_at;
            }
            if has_ended && self.died_run != seen.started_at {
                self.tell_looked(seen, ran_out);
            }
            // Of an end, that is said with it.
            self.omens.out_of_memory |= ran_out && !seen.ended;
        } else if has_ended && !ended_as_heard {
            // What had ended before anybody looked is history.
            let is_late = contact.is_some() && seen.finished_at >= contact;
            if before.was_alive || is_late {
                self.tell_looked(seen, ran_out);
            }
        }
        if has_ended {
            self.died_run = seen.started_at;
        }
    }

    /// Tells the death that an inspection shows.
    fn tell_looked(&mut self, seen: &Detail, ran_out: bool) {
        self.deaths.push(looked(seen, ran_out));
        self.owed_before += i64::from(self.owed);
        self.owed = true;
        self.told_to = seen.finished_at;
    }

    /// Tells that the run that goes on ran out of memory, once.
    fn tell_memory(&mut self) {
        if self.omens.out_of_memory && !self.omens.memory_told {
            self.short_of_memory = true;
            self.omens.memory_told = true;
        }
    }
}

/// What the events say that they did not say before: after a gap the engine begins with what came since the last
/// event of all, and that may have been taken in of this container. While it is followed only what the engine may
/// repeat is held against what is known, so that a clock that is set back makes nothing old.
fn news<'a>(
    before: &'a Standing,
    tidings: &'a Tidings,
    look: Look,
) -> impl Iterator<Item = Heard> + Clone + 'a {
    let may_be_repeated = move |nano: i64| match look {
        Look::Followed => false,
        Look::Resumed { after, to } => after < nano && nano <= to,
        // 0 is of an engine that says no time.
        Look::AfterGap { .. } => nano > 0,
    };
    let is_known = move |one: &Heard| Some(one.nano) <= before.heard_nano;
    let moves = tidings.moves.iter().copied();
    moves.filter(move |one| !(may_be_repeated(one.nano) && is_known(one)))
}

/// Runs of which only the engine's counter of restarts knows. Only a restart by its policy says that a run
/// failed; else somebody or the engine stopped it. Each such restart follows a death, the first of them one
/// that may have been told before.
fn count_unseen(before: &Standing, seen: &Detail, account: &Account, ended_as_heard: bool) -> i64 {
    let restarts = seen.times_restarted() - before.restarts;
    let told = i64::from(before.run.is_some() && before.died_run == before.run);
    let heard = i64::try_from(account.deaths.len()).unwrap_or(i64::MAX);
    let unseen = restarts + i64::from(ended_as_heard) - told - heard;
    unseen.clamp(0, MOST_UNSEEN)
}

/// A counter of restarts that says more than this is not believed.
const MOST_UNSEEN: i64 = 1000;

const UNSEEN: Death = Death {
    exit_code: None,
    omens: Omens {
        signalled: false,
        out_of_memory: false,
        memory_told: false,
    },
    unheard: true,
    at: None,
};

/// The deaths that were heard of, but for those that looking told. `seen` is what there is to be seen now.
fn heard(
    before: &Standing,
    news: impl Iterator<Item = Heard>,
    omens: Omens,
    seen: Option<&Detail>,
) -> Account {
    let run = seen.and_then(|seen| seen.started_at);
    let stop_signal = seen.and_then(|seen| seen.stop_signal);
    let mut account = Account {
        deaths: Vec::new(),
        died_run: before.died_run,
        owed: before.owed,
        heard_nano: before.heard_nano,
        owed_before: before.owed_before,
        told_to: before.told_to,
        omens,
        short_of_memory: false,
    };
    for one in news {
        let is_of_told_run = is_start_of_told_run(before, account.heard_nano, one, run);
        account.heard_nano = account.heard_nano.max(Some(one.nano));
        let is_past = one.at().is_some_and(|at| Some(at) < before.told_to);
        match one.turn {
            Move::Started => {
                account.omens = Omens::default();
                account.owed &= is_past || is_of_told_run;
            }
            Move::Signalled => account.omens.signalled = true,
            Move::Nudged { signal } => account.omens.signalled |= Some(signal) == stop_signal,
            Move::OutOfMemory => account.omens.out_of_memory = true,
            Move::Died { .. } if is_past && account.owed_before > 0 => account.owed_before -= 1,
            Move::Died { .. } if !is_past && std::mem::take(&mut account.owed) => {}
            Move::Died { exit_code } => {
                let death = Death {
                    exit_code,
                    omens: account.omens,
                    unheard: false,
                    at: one.at(),
                };
                if !death.is_for_memory() {
                    account.tell_memory();
                }
                account.deaths.push(death);
            }
        }
        if matches!(one.turn, Move::Died { .. }) {
            account.omens = Omens::default();
        }
    }
    account
}

/// Accounts for the ends of a container that nobody can look at any more.
pub fn account_for_gone(
    standing: Option<&Standing>,
    tidings: &Tidings,
    omens: Omens,
    look: Look,
) -> Account {
    let before = standing.cloned().unwrap_or_default();
    heard(&before, news(&before, tidings, look), omens, None)
}

/// Whether a start begins the run whose end looking told, and not one after it. An engine may tell the start of
/// what ends at once after it has ended. Only the first start since that run began is its own, and none that
/// comes with the run that is seen, where that is another.
fn is_start_of_told_run(
    before: &Standing,
    heard_nano: Option<i64>,
    start: Heard,
    run: Option<i64>,
) -> bool {
    let Some(at) = start.at() else { return false };
    let is_first = heard_nano.map(|nano| nano / 1_000_000) < before.died_run;
    is_first && run.is_none_or(|run| Some(run) == before.died_run || at < run)
}

/// The last that is heard is the end of the run that is seen, and not of one before it.
fn is_end_of(seen: &Detail, news: impl Iterator<Item = Heard>) -> bool {
    let turns = news.filter(|one| matches!(one.turn, Move::Started | Move::Died { .. }));
    turns.last().is_some_and(|last| {
        let is_before = last.at().is_some_and(|at| Some(at) < seen.started_at);
        last.turn != Move::Started && !is_before
    })
}

/// The death that an inspection shows.
fn looked(seen: &Detail, ran_out: bool) -> Death {
    Death {
        exit_code: seen.last_exit_code,
        omens: Omens {
            out_of_memory: ran_out,
            ..Omens::default()
        },
        unheard: true,
        at: seen.finished_at,
    }
}

#[cfg(test)]
#[path = "deaths_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "deaths_gaps_tests.rs"]
mod gaps_tests;

#[cfg(test)]
#[path = "deaths_stories_tests.rs"]
mod stories_tests;
