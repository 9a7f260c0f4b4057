//! What is read of the log: the first part, again after a break, and the older ones.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::ledger::{Held, Ledger};
use super::seam::Seam;
use crate::error::AppError;
use crate::events::api::list_events;
use crate::events::model::lines::Lines;
use crate::events::model::{EventPage, Wish};
use crate::ui::browser;

/// A part of what is wanted.
///
/// # Errors
/// Those of the server function.
pub(super) async fn read(wish: &Wish, limit: i64) -> Result<EventPage, AppError> {
    let get = |key| wish.get(key).map(str::to_owned);
    list_events(
        get("severity"),
        get("source"),
        get("q"),
        get("workload"),
        get("container"),
        get("operation"),
        get("since"),
        get("until"),
        Some(limit),
        get("before"),
    )
    .await
}

impl Ledger {
    /// Shows this part, and of what was known only what came after it was read.
    pub(super) fn replace(self, page: EventPage) {
        let newest = page.items.first().map(|event| event.id.clone());
        let newer = newest.as_deref().map(|id| self.above(id));
        self.seam.set_value(Seam::below(newest));
        self.lines.set(Lines::default());
        self.held.set(Held::default());
        self.show(&page.items);
        self.show(&newer.unwrap_or_default());
        self.older.set(page.next);
        self.forget_the_rest();
    }

    /// The first part; `None` where it could not be read, or nobody is there any more.
    async fn read_first(self) -> Option<EventPage> {
        let wish = self.wish.try_get_value()?;
        let read = read(&wish, self.bounds.part).await;
        let (page, trouble) = match read {
            Ok(page) => (Some(page), None),
            Err(error) => (None, Some(error)),
        };
        // It comes back where there is nothing left to set.
        match self.trouble.try_set(trouble) {
            None => page,
            Some(_) => None,
        }
    }

    /// Reads the first part again: something may have been missed.
    pub(super) async fn read_again(self) {
        if let Some(page) = self.read_first().await {
            self.catch_up(page);
        }
    }

    /// Shows the first part as it is now, in place of all that is shown.
    pub(super) fn begin_again(self) {
        spawn_local(async move {
            if let Some(page) = self.read_first().await {
                self.replace(page);
            }
        });
    }

    fn catch_up(self, page: EventPage) {
        let joins = self.seam.with_value(|seam| seam.is_reached_by(&page));
        let moves_nothing = !self.bounds.waits || browser::is_at_top();
        let was_empty = self.lines.with_untracked(Lines::is_empty);
        match () {
            () if was_empty || (!joins && moves_nothing) => self.replace(page),
            // Between what is shown and what was read there is more, and nothing may move.
            () if !joins => return self.held.set(Held::too_many()),
            () => page.items.iter().rev().for_each(|event| self.take(event)),
        }
        self.seam.update_value(Seam::close);
    }

    /// Reads the next, older part and shows it below.
    pub async fn show_older(self) {
        let Some(before) = self.older.get_untracked() else {
            return;
        };
        let wish = self.wish.with_value(|wish| wish.before(before.clone()));
        let read = read(&wish, self.bounds.part).await;
        // Others may have been let go of in between, from where it is to go on then.
        if self.older.try_get_untracked().flatten() != Some(before) {
            return;
        }
        match read {
            Ok(page) => {
                self.show(&page.items);
                self.older.set(page.next);
                self.trouble.set(None);
            }
            Err(error) => self.trouble.set(Some(error)),
        }
    }
}
