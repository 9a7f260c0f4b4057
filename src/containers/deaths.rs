//! Which deaths are to be told: each once, whether its event was heard or only what it left was seen.
//!
//! While the events are heard, a death is an event. After a gap, looking shows what was missed; the event of
//! a death that was told by looking may still come, and is owed.

use super::observed::Detail;
use super::tidings::{Move, Tidings};

/// What is known of a container's runs before this look. A run is named by when it started, in Unix
/// milliseconds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    pub run: Option<i64>,
    pub restarts: i64,
    /// The last run whose end is accounted for.
    pub died_run: Option<i64>,
    /// Its end was told by looking, and its event may still come.
    pub owed: bool,
    /// It was inspected before, and not only listed.
    pub looked_at: bool,
    /// The list said that it was alive.
    pub was_alive: bool,
}

/// How somebody came to look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Look {
    /// Its events led here, and none of them are missing.
    #[default]
    Followed,
    /// Events may be missing since `contact` (Unix milliseconds); `None` is ever.
    AfterGap { contact: Option<i64> },
}

/// What was asked of a run before it ended, and what was done to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Omens {
    pub signalled: bool,
    pub out_of_memory: bool,
}

/// A run that ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Death {
    /// `None` where nobody saw it.
    pub exit_code: Option<i64>,
    pub omens: Omens,
    /// Nobody heard whether it was asked to stop.
    pub unheard: bool,
}

/// What a look comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    pub deaths: Vec<Death>,
    pub died_run: Option<i64>,
    pub owed: bool,
    /// What holds for the run that goes on.
    pub omens: Omens,
}

impl Death {
    /// It is worth a line: it did not end well, and not because it was told to.
    pub fn is_crash(&self) -> bool {
        // 128 + SIGINT, SIGKILL, SIGTERM; 255 is what an engine says that found it dead after its own end.
        let stopped = [130, 137, 143];
        match self.exit_code {
            _ if self.omens.out_of_memory => true,
            None => true,
            Some(0) => false,
            Some(code) if self.omens.signalled => !stopped.contains(&code),
            Some(code) if self.unheard => !stopped.contains(&code) && code != 255,
            Some(_) => true,
        }
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
    let mut account = heard(before.owed, tidings, omens);
    account.died_run = before.died_run;
    let ended_as_heard = last_turn(tidings).is_some_and(|last| last != Move::Started);
    let is_new_run = seen.started_at != before.run;
    if ended_as_heard && seen.ended {
        account.died_run = seen.started_at;
        if let Some(last) = account.deaths.last_mut() {
            last.omens.out_of_memory |= seen.oom_killed == Some(true);
            last.exit_code = last.exit_code.or(seen.last_exit_code);
        }
        return account;
    }
    let Look::AfterGap { contact } = look else {
        return account;
    };
    if !before.looked_at {
        // What had ended before anybody looked is history.
        let is_late = contact.is_some() && seen.finished_at >= contact;
        let is_news = before.was_alive || is_late;
        if seen.ended && seen.started_at.is_some() {
            account.died_run = seen.started_at;
            if is_news {
                account.deaths.push(looked(seen));
                account.owed = true;
            }
        }
        return account;
    }
    if is_new_run && before.run.is_some() {
        // Only a restart by the engine's policy says that a run failed; else somebody or the engine stopped it.
        // Each such restart follows a death, the first of them one that may have been told before.
        let restarts = seen.restarts - before.restarts;
        let told = i64::from(before.died_run == before.run);
        let heard = i64::try_from(account.deaths.len()).unwrap_or(i64::MAX);
        for _ in 0..(restarts - told - heard).min(MOST_UNSEEN) {
            account.deaths.push(UNSEEN);
        }
    }
    if seen.ended && seen.started_at.is_some() && account.died_run != seen.started_at {
        account.deaths.push(looked(seen));
        account.died_run = seen.started_at;
        account.owed = true;
    }
    account
}

/// A counter of restarts that says more than this is not believed.
const MOST_UNSEEN: i64 = 1000;

const UNSEEN: Death = Death {
    exit_code: None,
    omens: Omens {
        signalled: false,
        out_of_memory: false,
    },
    unheard: true,
};

/// The deaths that were heard of, but for one that is owed.
pub fn heard(owed: bool, tidings: &Tidings, omens: Omens) -> Account {
    let mut account = Account {
        owed,
        omens,
        ..Account::default()
    };
    for turn in &tidings.moves {
        match turn {
            Move::Started => (account.omens, account.owed) = (Omens::default(), false),
            Move::Signalled => account.omens.signalled = true,
            Move::OutOfMemory => account.omens.out_of_memory = true,
            Move::Died { .. } if std::mem::take(&mut account.owed) => {}
            Move::Died { exit_code } => account.deaths.push(Death {
                exit_code: *exit_code,
                omens: account.omens,
                unheard: false,
            }),
        }
    }
    account
}

fn last_turn(tidings: &Tidings) -> Option<Move> {
    let turns = tidings.moves.iter().rev();
    let mut turns = turns.filter(|turn| matches!(turn, Move::Started | Move::Died { .. }));
    turns.next().copied()
}

/// The death that an inspection shows.
fn looked(seen: &Detail) -> Death {
    Death {
        exit_code: seen.last_exit_code,
        omens: Omens {
            signalled: false,
            out_of_memory: seen.oom_killed == Some(true),
        },
        unheard: true,
    }
}

#[cfg(test)]
#[path = "deaths_tests.rs"]
mod tests;
