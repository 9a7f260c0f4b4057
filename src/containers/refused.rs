//! Containers that the engine refused to describe: what was heard of them is kept, and they are looked at again.
//!
//! While one is new here, the place in the engine's events stays before what was heard of it, so that it is told
//! again to whoever follows after us. One that can never be looked at does not keep it for ever.

use std::collections::{BTreeMap, HashMap};

use super::deaths::Look;
use super::tidings::{AllTidings, Tidings};
use crate::docker::id::DockerId;

/// So many audits long the place in the events waits for one of them.
const MOST_AUDITS: u32 = 10;

/// What is kept of one that goes on dying and cannot be looked at.
const MOST_MOVES: usize = 100_000;

/// Those that were refused.
#[derive(Debug, Default)]
pub struct Refused(HashMap<DockerId, One>);

#[derive(Debug)]
struct One {
    tidings: Tidings,
    /// Unix milliseconds: since when something of it may be missing; `None` is ever.
    contact: Option<i64>,
    audits: u32,
}

impl Refused {
    /// Keeps what was heard of one that could not be looked at. `now` is in Unix milliseconds. Answers whether
    /// it was not among them.
    pub fn keep(&mut self, id: DockerId, heard: Option<Tidings>, look: Look, now: i64) -> bool {
        let contact = match look {
            Look::AfterGap { contact } => contact,
            Look::Followed | Look::Resumed { .. } => Some(now),
        };
        let mut is_new = false;
        let one = self.0.entry(id).or_insert_with(|| {
            is_new = true;
            One {
                tidings: Tidings::default(),
                contact,
                audits: 0,
            }
        });
        let heard = heard.unwrap_or_default();
        if !heard.name.is_empty() {
            one.tidings.name = heard.name;
        }
        let room = MOST_MOVES.saturating_sub(one.tidings.moves.len());
        one.tidings.moves.extend(heard.moves.into_iter().take(room));
        is_new
    }

    /// Adds what was heard now to what is kept, and takes those out of `heard`. Answers which they are.
    pub fn join(&mut self, heard: &mut AllTidings) -> Vec<DockerId> {
        let known = heard.keys().filter(|id| self.0.contains_key(*id));
        let known: Vec<_> = known.cloned().collect();
        for id in &known {
            // How it was refused stands already.
            self.keep(id.clone(), heard.remove(id), Look::default(), 0);
        }
        known
    }

    /// Hands out what is kept of these, by how they are to be looked at. Who is refused again is kept again, and
    /// who is not is to be [forgotten](Self::forget).
    pub fn hand_out(&mut self, ids: impl IntoIterator<Item = DockerId>) -> Vec<(Look, AllTidings)> {
        let mut all: BTreeMap<Option<i64>, AllTidings> = BTreeMap::new();
        for id in ids {
            if let Some(one) = self.0.get_mut(&id) {
                let tidings = std::mem::take(&mut one.tidings);
                all.entry(one.contact).or_default().insert(id, tidings);
            }
        }
        let looks = all.into_iter();
        looks
            .map(|(contact, tidings)| (Look::AfterGap { contact }, tidings))
            .collect()
    }

    /// All of them, at an audit, which counts.
    pub fn at_audit(&mut self) -> Vec<DockerId> {
        for one in self.0.values_mut() {
            one.audits = one.audits.saturating_add(1);
        }
        self.0.keys().cloned().collect()
    }

    pub fn contains(&self, id: &DockerId) -> bool {
        self.0.contains_key(id)
    }

    /// It was looked at.
    pub fn forget(&mut self, id: &DockerId) {
        self.0.remove(id);
    }

    /// How far the place in the events may go (Unix nanoseconds); `None` is as far as they came.
    pub fn place_before(&self) -> Option<i64> {
        let held = self.0.values().filter(|one| one.audits < MOST_AUDITS);
        let moves = held.flat_map(|one| &one.tidings.moves);
        let first = moves.map(|heard| heard.nano).filter(|nano| *nano > 0).min();
        first.map(|nano| nano - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::containers::tidings::{Heard, Move};

    const AFTER_GAP: Look = Look::AfterGap { contact: Some(7) };

    fn id(digit: &str) -> DockerId {
        DockerId::parse(&digit.repeat(64)).unwrap()
    }

    fn started(nano: i64) -> Tidings {
        let turn = Move::Started;
        Tidings {
            name: "web".into(),
            moves: vec![Heard { nano, turn }],
        }
    }

    #[test]
    fn what_was_heard_of_one_is_kept_in_its_order_until_it_can_be_looked_at() {
        let mut refused = Refused::default();
        assert!(refused.keep(id("a"), Some(started(5)), AFTER_GAP, 9));
        let mut heard = AllTidings::from([(id("a"), started(6)), (id("b"), started(7))]);
        assert_eq!(refused.join(&mut heard), [id("a")]);
        assert_eq!(heard.len(), 1, "the others are looked at as ever");
        let (look, mut out) = refused.hand_out([id("a"), id("b")]).remove(0);
        let kept = out.remove(&id("a")).unwrap();
        assert_eq!((look, kept.name.as_str()), (AFTER_GAP, "web"));
        let nanos: Vec<_> = kept.moves.iter().map(|heard| heard.nano).collect();
        assert_eq!(nanos, [5, 6]);
        assert!(!refused.keep(id("a"), Some(kept), AFTER_GAP, 9), "again");
        assert_eq!(refused.place_before(), Some(4));
        refused.forget(&id("a"));
        assert_eq!(
            (refused.place_before(), refused.contains(&id("a"))),
            (None, false)
        );
    }

    #[test]
    fn one_that_can_never_be_looked_at_keeps_the_place_for_a_while_only() {
        let mut refused = Refused::default();
        refused.keep(id("a"), Some(started(5)), Look::Followed, 9);
        for _ in 0..MOST_AUDITS {
            assert_eq!(refused.place_before(), Some(4));
            assert_eq!(refused.at_audit(), [id("a")]);
        }
        assert_eq!(refused.place_before(), None);
        assert_eq!(
            refused.at_audit(),
            [id("a")],
            "it is looked at all the same"
        );
    }
}
