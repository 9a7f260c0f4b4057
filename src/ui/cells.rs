//! One signal for each id, so that a change touches only the row that it belongs to.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use leptos::prelude::*;

/// A cheap handle on the signals. The lock is held for a look at the map and never while a signal is
/// set, because whoever reads the signal may come back here.
#[derive(Clone, Debug)]
pub struct Cells<T>(Arc<Mutex<HashMap<String, ArcRwSignal<T>>>>);

impl<T> Default for Cells<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<T: Clone + PartialEq + Send + Sync + 'static> Cells<T> {
    /// The signal of this id; it begins with `value` where there was none.
    pub fn of(&self, id: &str, value: impl FnOnce() -> T) -> ArcRwSignal<T> {
        self.map()
            .entry(id.to_owned())
            .or_insert_with(|| ArcRwSignal::new(value()))
            .clone()
    }

    /// The signal of this id, if there is one.
    pub fn find(&self, id: &str) -> Option<ArcRwSignal<T>> {
        self.map().get(id).cloned()
    }

    /// Sets the value of this id; readers hear of it only where it is another one.
    pub fn put(&self, id: &str, value: T) {
        let cell = self.of(id, || value.clone());
        if cell.with_untracked(|before| *before != value) {
            cell.set(value);
        }
    }

    /// Lets go of every id that `stays` does not name.
    pub fn keep(&self, stays: impl Fn(&str) -> bool) {
        self.map().retain(|id, _| stays(id));
    }

    /// Every id, in no order.
    pub fn ids(&self) -> Vec<String> {
        self.map().keys().cloned().collect()
    }

    fn map(&self) -> MutexGuard<'_, HashMap<String, ArcRwSignal<T>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
