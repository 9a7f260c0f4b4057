//! What apps are called, for the links to them; the log itself knows only their ids.

use std::collections::{BTreeMap, BTreeSet};
use std::pin::Pin;
use std::sync::Arc;

use leptos::prelude::*;

/// The names of apps by their ids.
pub type KnownNames = BTreeMap<String, String>;

/// Reads the names of all apps.
pub type ReadNames = fn() -> Pin<Box<dyn Future<Output = KnownNames> + Send>>;

/// Finds the name of an app; found in the context of each list.
#[derive(Clone)]
pub struct Names {
    find: Arc<Find>,
    missing: Option<Missing>,
}

/// How a name that is not known is come by.
#[derive(Clone, Copy)]
struct Missing {
    read_again: Callback<()>,
    /// An app that is gone has no name however often that is asked.
    asked: StoredValue<BTreeSet<String>>,
}

type Find = dyn Fn(&str) -> Option<String> + Send + Sync;

impl Names {
    /// `find` is asked again when a signal that it reads has changed.
    pub fn new(find: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Self {
        Self {
            find: Arc::new(find),
            missing: None,
        }
    }

    /// Those of `known`, which `read_again` reads again for an app that is new.
    pub fn of(known: RwSignal<KnownNames>, read_again: Callback<()>) -> Self {
        let asked = StoredValue::default();
        Self {
            missing: Some(Missing { read_again, asked }),
            ..Self::new(move |id| known.with(|known| known.get(id).cloned()))
        }
    }

    /// No app has a name: for lists that are about one app.
    pub fn none() -> Self {
        Self::new(|_| None)
    }

    /// The name of the app with this id; `None` where there is no page to lead to.
    pub fn find(&self, id: &str) -> Option<String> {
        (self.find)(id)
    }

    /// Sees to it that the name of the app with this id becomes known, if there is one.
    pub fn want(&self, id: &str) {
        let Some(missing) = self.missing.filter(|_| self.find(id).is_none()) else {
            return;
        };
        let is_new = |asked: &mut BTreeSet<String>| asked.insert(id.to_owned());
        if missing.asked.try_update_value(is_new) == Some(true) {
            missing.read_again.run(());
        }
    }
}

/// Those that the list around provides.
pub(super) fn use_names() -> Names {
    use_context().unwrap_or_else(Names::none)
}
