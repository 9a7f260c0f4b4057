//! The lines of the log on screen, with a signal for each.
//!
//! What comes over the stream is taken in by `arrivals`, what is read by `parts`.

use std::collections::HashSet;

use leptos::prelude::*;

use super::seam::Seam;
use crate::error::AppError;
use crate::events::live::{reread, use_live};
use crate::events::model::lines::{Group, Lines};
use crate::events::model::{Event, EventPage, Wish};
use crate::ui::cells::Cells;

/// A handle on what is shown.
#[derive(Clone, Copy)]
pub(super) struct Ledger {
    pub(super) wish: StoredValue<Wish>,
    pub(super) lines: RwSignal<Lines>,
    pub(super) cells: StoredValue<Cells<Event>>,
    /// Those that came a moment ago.
    pub(super) arriving: StoredValue<Held>,
    /// Those that came while somebody was reading further down.
    pub(super) held: RwSignal<Held>,
    /// Came over the stream and was not drawn yet.
    pub(super) fresh: StoredValue<HashSet<String>>,
    /// Down to where a new read has to reach.
    pub(super) seam: StoredValue<Seam>,
    /// Where the next, older part begins.
    pub(super) older: RwSignal<Option<String>>,
    /// Why the last read failed; what was read before stays.
    pub(super) trouble: RwSignal<Option<AppError>>,
    pub(super) bounds: Bounds,
}

/// How much a list shows.
#[derive(Clone, Copy)]
pub(super) struct Bounds {
    /// Lines of one read.
    pub part: i64,
    /// Lines that stay when others arrive.
    pub most: usize,
    /// Whether what arrives waits while the page is scrolled down.
    pub waits: bool,
}

/// Lines that are not shown yet.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Held {
    pub events: Vec<Event>,
    /// So many came that the first part is to be read again instead.
    pub overflown: bool,
}

impl Held {
    /// Nothing but the knowledge that there is something.
    pub fn too_many() -> Self {
        Self {
            events: Vec::new(),
            overflown: true,
        }
    }

    /// Takes a line in, once, and none beyond `most`.
    pub fn take(&mut self, event: &Event, most: usize) {
        self.events.retain(|other| other.id != event.id);
        match self.overflown || self.events.len() >= most {
            true => *self = Self::too_many(),
            false => self.events.push(event.clone()),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.events.is_empty() && !self.overflown
    }
}

impl Ledger {
    /// Shows `first`, which was read for `wish`, and follows the stream.
    pub fn follow(wish: Wish, first: EventPage, bounds: Bounds) -> Self {
        let ledger = Self {
            wish: StoredValue::new(wish),
            lines: RwSignal::default(),
            cells: StoredValue::new(Cells::default()),
            arriving: StoredValue::default(),
            held: RwSignal::default(),
            fresh: StoredValue::default(),
            seam: StoredValue::new(Seam::below(None)),
            older: RwSignal::new(None),
            trouble: RwSignal::new(None),
            bounds,
        };
        ledger.replace(first);
        let live = use_live();
        live.on_event(move |event| ledger.hear(event));
        let again = reread(move || ledger.read_again());
        live.on_resync(move || {
            let newest = ledger.newest();
            ledger.seam.update_value(|seam| seam.open(newest));
            again.run(());
        });
        ledger
    }

    /// What is shown, in order; what one operation caused is one group, unless it is what was asked for.
    pub fn groups(self) -> Memo<Vec<Group>> {
        let apart = self.wish.with_value(|wish| wish.get("operation").is_some());
        Memo::new(move |_| {
            self.lines.with(|lines| match apart {
                true => lines.singles(),
                false => lines.groups(),
            })
        })
    }

    /// One line; `None` for one that is not shown.
    pub fn event(self, id: &str) -> Option<Signal<Event>> {
        let cell = self.cells.with_value(|cells| cells.find(id));
        cell.map(Signal::from)
    }

    /// Whether it came over the stream and is drawn for the first time.
    pub fn is_fresh(self, id: &str) -> bool {
        let known = self.fresh.try_update_value(|fresh| fresh.remove(id));
        known.unwrap_or(false)
    }

    pub fn is_empty(self) -> Memo<bool> {
        Memo::new(move |_| self.lines.with(Lines::is_empty))
    }

    /// The address of the next, older part.
    pub fn older(self, path: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || {
            let before = self.older.get()?;
            Some(
                self.wish
                    .with_value(|wish| wish.before(before).address(path)),
            )
        })
    }

    /// The newest line that is known, shown or not.
    fn newest(self) -> Option<String> {
        let shown = self
            .lines
            .with_untracked(|lines| lines.newest().map(str::to_owned));
        let newest = |held: &Held| held.events.iter().map(|event| event.id.clone()).max();
        let waiting = self.held.with_untracked(newest);
        shown.max(waiting).max(self.arriving.with_value(newest))
    }

    /// The lines that are shown or wait and are newer than this one.
    pub(super) fn above(self, id: &str) -> Vec<Event> {
        let ids = self.lines.with_untracked(|lines| lines.above(id));
        let cells = self.cells.with_value(|cells| {
            ids.iter()
                .filter_map(|id| cells.find(id))
                .collect::<Vec<_>>()
        });
        let shown = cells.iter().map(|cell| cell.get_untracked());
        let waiting = self.held.with_untracked(|held| held.events.clone());
        shown
            .chain(waiting.into_iter().filter(|event| event.id.as_str() > id))
            .collect()
    }

    /// Shows more lines, each where it belongs.
    pub(super) fn show(self, events: &[Event]) {
        self.cells.with_value(|cells| {
            for event in events {
                cells.put(&event.id, event.clone());
            }
        });
        self.lines.update(|lines| {
            for event in events {
                lines.place(event);
            }
        });
    }

    /// Lets go of what is known of lines that are not shown any more.
    pub(super) fn forget_the_rest(self) {
        let stays = |id: &str| self.lines.with_untracked(|lines| lines.has(id));
        self.cells.with_value(|cells| cells.keep(stays));
        self.fresh
            .update_value(|fresh| fresh.retain(|id| stays(id)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::model::event::tests::line;

    #[test]
    fn what_waits_is_bounded_and_each_line_waits_once() {
        let mut held = Held::default();
        held.take(&line("1", ""), 2);
        held.take(&line("1", "again"), 2);
        assert_eq!(held.events.len(), 1);
        assert_eq!(held.events[0].message, "again");
        held.take(&line("2", ""), 2);
        assert!(!held.overflown);
        held.take(&line("3", ""), 2);
        assert_eq!(held, Held::too_many());
        held.take(&line("4", ""), 2);
        assert_eq!(held, Held::too_many());
    }
}
