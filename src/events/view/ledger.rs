//! The lines of the log on screen: read once, kept in step with the stream, read again when some were missed.

use std::collections::HashSet;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::words::told;
use crate::error::AppError;
use crate::events::api::list_events;
use crate::events::live::{reread, use_live};
use crate::events::model::lines::{Group, Lines};
use crate::events::model::{Event, EventPage, Wish};
use crate::ui::browser;
use crate::ui::cells::Cells;

/// A handle on what is shown, with a signal for every line.
#[derive(Clone, Copy)]
pub(super) struct Ledger {
    wish: StoredValue<Wish>,
    lines: RwSignal<Lines>,
    cells: StoredValue<Cells<Event>>,
    /// Those that came while somebody was reading further down.
    held: RwSignal<Held>,
    /// Came over the stream and was not drawn yet.
    fresh: StoredValue<HashSet<String>>,
    /// Where the next, older part begins.
    older: RwSignal<Option<String>>,
    /// Why the last read failed; what was read before stays.
    trouble: RwSignal<Option<AppError>>,
    bounds: Bounds,
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

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Held {
    events: Vec<Event>,
    /// So many came that the page is to be read again instead.
    pub overflown: bool,
}

impl Held {
    pub fn len(&self) -> usize {
        self.events.len()
    }

    pub fn is_empty(&self) -> bool {
        self.events.is_empty() && !self.overflown
    }
}

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
    /// Shows `first`, which was read for `wish`, and follows the stream.
    pub fn follow(wish: Wish, first: EventPage, bounds: Bounds) -> Self {
        let ledger = Self {
            wish: StoredValue::new(wish),
            lines: RwSignal::default(),
            cells: StoredValue::new(Cells::default()),
            held: RwSignal::default(),
            fresh: StoredValue::default(),
            older: RwSignal::new(None),
            trouble: RwSignal::new(None),
            bounds,
        };
        ledger.replace(first);
        let live = use_live();
        live.on_event(move |event| ledger.hear(event));
        let again = reread(move || ledger.read_again());
        live.on_resync(move || again.run(()));
        ledger
    }

    fn hear(self, event: &Event) {
        let is_shown = self
            .cells
            .with_value(|cells| cells.find(&event.id).is_some());
        if is_shown || self.wish.with_value(|wish| wish.fits(event, &told(event))) {
            self.take(event);
        }
    }

    /// A line that is wanted: new, or known and counting once more.
    fn take(self, event: &Event) {
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
        let shows_none = self.lines.with_untracked(Lines::is_empty);
        match self.bounds.waits && !shows_none && !browser::is_at_top() {
            true => self.hold(event),
            false => {
                let mut events = self
                    .held
                    .try_update(std::mem::take)
                    .unwrap_or_default()
                    .events;
                events.push(event.clone());
                self.show_live(&events);
            }
        }
    }

    fn hold(self, event: &Event) {
        self.held.update(|held| {
            held.events.retain(|other| other.id != event.id);
            held.events.push(event.clone());
            if held.overflown || held.events.len() > self.bounds.most {
                *held = Held {
                    overflown: true,
                    events: Vec::new(),
                };
            }
        });
    }

    fn show_live(self, events: &[Event]) {
        self.fresh
            .update_value(|fresh| fresh.extend(events.iter().map(|event| event.id.clone())));
        self.show(events);
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

    fn show(self, events: &[Event]) {
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

    fn replace(self, page: EventPage) {
        self.lines.set(Lines::default());
        self.held.set(Held::default());
        self.show(&page.items);
        self.older.set(page.next);
        self.forget_the_rest();
    }

    fn forget_the_rest(self) {
        let stays = |id: &str| self.lines.with_untracked(|lines| lines.has(id));
        self.cells.with_value(|cells| cells.keep(stays));
        self.fresh
            .update_value(|fresh| fresh.retain(|id| stays(id)));
    }

    /// Reads the first part again: something may have been missed.
    async fn read_again(self) {
        let Some(wish) = self.wish.try_get_value() else {
            return;
        };
        let read = read(&wish, self.bounds.part).await;
        // Whoever left the page meanwhile has no more use for it.
        if self.trouble.try_set(None).is_some() {
            return;
        }
        match read {
            Ok(page) => self.catch_up(page),
            Err(error) => self.trouble.set(Some(error)),
        }
    }

    fn catch_up(self, page: EventPage) {
        let joins = self.lines.with_untracked(|lines| {
            page.next.is_none() || page.items.iter().any(|event| lines.has(&event.id))
        });
        let was_empty = self.lines.with_untracked(Lines::is_empty);
        match () {
            () if was_empty || (!joins && browser::is_at_top()) => self.replace(page),
            // Between what is shown and what was read there is more, and nothing may move.
            () if !joins => self.held.set(Held {
                overflown: true,
                events: Vec::new(),
            }),
            () => page.items.iter().rev().for_each(|event| self.take(event)),
        }
    }

    /// Shows what waited, on top.
    pub fn show_held(self) {
        let held = self.held.try_update(std::mem::take).unwrap_or_default();
        match held.overflown {
            true => spawn_local(async move {
                let Some(wish) = self.wish.try_get_value() else {
                    return;
                };
                match read(&wish, self.bounds.part).await {
                    Ok(page) if self.trouble.try_set(None).is_none() => self.replace(page),
                    Ok(_) => {}
                    Err(error) => drop(self.trouble.try_set(Some(error))),
                }
            }),
            false => self.show_live(&held.events),
        }
    }

    /// Reads the next, older part and shows it below.
    pub async fn show_older(self) {
        let Some(before) = self.older.get_untracked() else {
            return;
        };
        let wish = self.wish.with_value(|wish| wish.before(before.clone()));
        let read = read(&wish, self.bounds.part).await;
        // A click that came in between has shown it already.
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

    /// What is shown, in order; what one operation caused is one group, unless it is what was asked for.
    pub fn groups(self) -> Memo<Vec<Group>> {
        let apart = self.wish.with_value(|wish| wish.get("operation").is_some());
        Memo::new(move |_| {
            self.lines.with(|lines| {
                if apart {
                    lines.singles()
                } else {
                    lines.groups()
                }
            })
        })
    }

    /// One line; `None` for one that is not shown.
    pub fn event(self, id: &str) -> Option<Signal<Event>> {
        self.cells
            .with_value(|cells| cells.find(id))
            .map(Signal::from)
    }

    /// Whether it came over the stream and is drawn for the first time.
    pub fn is_fresh(self, id: &str) -> bool {
        self.fresh
            .try_update_value(|fresh| fresh.remove(id))
            .unwrap_or(false)
    }

    pub fn is_empty(self) -> Memo<bool> {
        Memo::new(move |_| self.lines.with(Lines::is_empty))
    }

    pub fn held(self) -> Signal<Held> {
        self.held.into()
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

    pub fn trouble(self) -> Signal<Option<AppError>> {
        self.trouble.into()
    }
}
