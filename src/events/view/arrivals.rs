//! What comes over the stream: it counts in its place, comes in at the top, or waits.

use std::time::Duration;

use leptos::prelude::*;

use super::ledger::{Held, Ledger};
use super::words::told;
use crate::events::model::lines::Lines;
use crate::events::model::{Event, Wish};
use crate::ui::browser;

/// A burst of lines is drawn once.
const TOGETHER: Duration = Duration::from_millis(100);

impl Ledger {
    pub(super) fn hear(self, event: &Event) {
        let is_shown = self
            .cells
            .with_value(|cells| cells.find(&event.id).is_some());
        if is_shown || self.wish.with_value(|wish| wish.fits(event, &told(event))) {
            self.take(event);
        }
    }

    /// A line that is wanted: new, or known and counting once more.
    pub(super) fn take(self, event: &Event) {
        let cell = self.cells.with_value(|cells| cells.find(&event.id));
        if let Some(cell) = cell {
            if cell.with_untracked(|shown| shown.count <= event.count && shown != event) {
                cell.set(event.clone());
            }
            return;
        }
        let comes_later = self.older.with_untracked(Option::is_some)
            && self.lines.with_untracked(|lines| lines.is_below(&event.id));
        if comes_later || !self.wish.with_value(Wish::is_newest) {
            return;
        }
        let most = self.bounds.most;
        let is_first = self.arriving.with_value(Held::is_empty);
        self.arriving
            .update_value(|arriving| arriving.take(event, most));
        if is_first {
            set_timeout(move || self.let_in(), TOGETHER);
        }
    }

    fn let_in(self) {
        // Whoever left the page meanwhile has no more use for it.
        let Some(arrived) = self.arriving.try_update_value(std::mem::take) else {
            return;
        };
        let shows_none = self.lines.with_untracked(Lines::is_empty);
        let waits = self.bounds.waits && !shows_none && !browser::is_at_top();
        let most = self.bounds.most;
        let take = |held: &mut Held| match arrived.overflown {
            true => *held = Held::too_many(),
            false => arrived
                .events
                .iter()
                .for_each(|event| held.take(event, most)),
        };
        match waits {
            true => self.held.update(take),
            false => {
                self.held.update_untracked(take);
                self.show_held();
            }
        }
    }

    /// Shows what waited, on top.
    pub fn show_held(self) {
        let held = self.held.try_update(std::mem::take).unwrap_or_default();
        if held.overflown {
            return self.begin_again();
        }
        let ids = held.events.iter().map(|event| event.id.clone());
        self.fresh.update_value(|fresh| fresh.extend(ids));
        self.show(&held.events);
        let most = self.bounds.most;
        if self.lines.with_untracked(|lines| lines.len() > most) {
            self.lines.update(|lines| lines.keep(most));
            let oldest = self
                .lines
                .with_untracked(|lines| lines.oldest().map(str::to_owned));
            self.older.set(oldest);
            self.forget_the_rest();
        }
    }
}
