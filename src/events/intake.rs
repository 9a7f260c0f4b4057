//! What waits to be written: bounded, and folded on its way in.

use std::collections::{BTreeSet, HashMap};

use tokio::sync::oneshot;

use super::model::Happening;
use super::model::event::Severity;
use super::model::happening::Spell;
use super::networks::Networks;
use super::report::Report;
use super::store::write::Spells;

/// Different lines that wait at most. What comes beyond is counted by its kind alone.
pub const MOST_WAITING: usize = 10_000;

/// What makes two reports the same line.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Sameness {
    pub kind: String,
    pub details: String,
    pub severity: Severity,
    pub workload_id: Option<String>,
    pub container_id: Option<String>,
    pub proxy_id: Option<String>,
    pub operation_id: Option<String>,
}

/// A line that waits.
#[derive(Clone, Debug)]
pub struct Waiting {
    pub same: Sameness,
    pub happening: Happening,
    pub count: i64,
    /// Unix milliseconds.
    pub first_at: i64,
    /// Unix milliseconds.
    pub last_at: i64,
    /// The places in the outbox of those that it counts.
    pub left_as: Vec<i64>,
}

/// Everything that waits.
#[derive(Debug, Default)]
pub struct Load {
    /// In the order in which they were first told.
    pub lines: Vec<Waiting>,
    pub spells: Spells,
    /// Places in the outbox of what was no news.
    pub old_news: Vec<i64>,
    /// Those who want to know when it is written.
    pub askers: Vec<oneshot::Sender<()>>,
}

impl Load {
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
            && self.spells.is_empty()
            && self.old_news.is_empty()
            && self.askers.is_empty()
    }
}

/// The place where reports come in. Whoever tells never waits.
#[derive(Debug, Default)]
pub struct Intake {
    load: Load,
    places: HashMap<Sameness, usize>,
    /// What has begun and is not over.
    begun: BTreeSet<(String, String)>,
    networks: Networks,
}

impl Intake {
    /// One that knows what has begun before.
    pub fn with_begun(begun: impl IntoIterator<Item = (String, String)>) -> Self {
        Self {
            begun: begun.into_iter().collect(),
            ..Self::default()
        }
    }

    /// Takes a report in, unless it begins what has begun, or ends what had not. `now` is in Unix milliseconds.
    pub fn take_in(&mut self, mut report: Report, now: i64) {
        let at = report.at.unwrap_or(now);
        if !self.is_news(&report, at) {
            self.load.old_news.extend(report.left_as);
            return;
        }
        self.networks.fold(&mut report.happening, now);
        let severity = report.severity();
        let (kind, details) = report.happening.take_apart();
        let same = Sameness {
            kind,
            details: details.to_string(),
            severity,
            workload_id: report.workload_id,
            container_id: report.container_id,
            proxy_id: report.proxy_id,
            operation_id: report.operation_id,
        };
        let has_room = self.load.lines.len() < MOST_WAITING;
        let (same, happening) = if has_room || self.places.contains_key(&same) {
            (same, report.happening)
        } else {
            crowded(same)
        };
        self.add(Waiting {
            same,
            happening,
            count: report.times,
            first_at: at,
            last_at: at,
            left_as: report.left_as.into_iter().collect(),
        });
    }

    /// Somebody wants to know when all that was taken in so far is written.
    pub fn ask(&mut self, asker: oneshot::Sender<()>) {
        self.load.askers.push(asker);
    }

    /// What is about `subject` is over without a word: it does not exist any more.
    pub fn forget(&mut self, subject: &str) {
        let over: Vec<_> = self
            .begun
            .iter()
            .filter(|(_, known)| known == subject)
            .cloned()
            .collect();
        for spell in over {
            self.begun.remove(&spell);
            self.load.spells.insert(spell, None);
        }
    }

    /// Whether half of the room is taken, so that what lies safely elsewhere is better left there.
    pub fn is_half_full(&self) -> bool {
        self.load.lines.len() >= MOST_WAITING / 2
    }

    /// Hands over all that waits.
    pub fn take_out(&mut self) -> Load {
        self.places.clear();
        std::mem::take(&mut self.load)
    }

    /// Takes back what was taken out and not written; it comes before what was told since. What is the same in
    /// both is one line again: whoever writes looks each line up once, as it was before the batch.
    pub fn put_back(&mut self, load: Load) {
        let since = self.take_out();
        self.load = load;
        let lines = self.load.lines.iter().enumerate();
        self.places = lines.map(|(at, line)| (line.same.clone(), at)).collect();
        for line in since.lines {
            self.add(line);
        }
        self.load.spells.extend(since.spells);
        self.load.old_news.extend(since.old_news);
        self.load.askers.extend(since.askers);
    }

    fn is_news(&mut self, report: &Report, at: i64) -> bool {
        let subject = report.subject();
        match report.happening.spell() {
            None => true,
            Some(Spell::Begins(kind)) => {
                let spell = (kind.to_owned(), subject.to_owned());
                let is_new = self.begun.insert(spell.clone());
                if is_new {
                    self.load.spells.insert(spell, Some(at));
                }
                is_new
            }
            Some(Spell::Ends(kind)) => {
                let spell = (kind.to_owned(), subject.to_owned());
                let had_begun = self.begun.remove(&spell);
                if had_begun {
                    self.load.spells.insert(spell, None);
                }
                had_begun
            }
        }
    }

    /// Adds to the line that says the same, or makes it another one.
    fn add(&mut self, line: Waiting) {
        if let Some(known) = self
            .places
            .get(&line.same)
            .and_then(|place| self.load.lines.get_mut(*place))
        {
            known.count += line.count;
            known.last_at = known.last_at.max(line.last_at);
            known.left_as.extend(line.left_as);
            return;
        }
        self.places.insert(line.same.clone(), self.load.lines.len());
        self.load.lines.push(line);
    }
}

/// The line that stands for all of this kind that found no room.
fn crowded(same: Sameness) -> (Sameness, Happening) {
    let happening = Happening::Crowded { kind: same.kind };
    let (kind, details) = happening.take_apart();
    let same = Sameness {
        kind,
        details: details.to_string(),
        severity: same.severity,
        workload_id: None,
        container_id: None,
        proxy_id: None,
        operation_id: None,
    };
    (same, happening)
}

#[cfg(test)]
#[path = "intake_tests.rs"]
mod tests;
