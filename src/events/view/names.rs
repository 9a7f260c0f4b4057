//! What apps are called, for the links to them; the log itself knows only their ids.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;

use leptos::prelude::*;

/// The names of apps by their ids.
pub type KnownNames = BTreeMap<String, String>;

/// Reads the names of all apps.
pub type ReadNames = fn() -> Pin<Box<dyn Future<Output = KnownNames> + Send>>;

/// Finds the name of an app; found in the context of each list.
#[derive(Clone)]
pub struct Names(Arc<Find>);

type Find = dyn Fn(&str) -> Option<String> + Send + Sync;

impl Names {
    /// `find` is asked again when a signal that it reads has changed.
    pub fn new(find: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Self {
        Self(Arc::new(find))
    }

    /// Those of `known`.
    pub fn of(known: RwSignal<KnownNames>) -> Self {
        Self::new(move |id| known.with(|known| known.get(id).cloned()))
    }

    /// No app has a name: for lists that are about one app.
    pub fn none() -> Self {
        Self::new(|_| None)
    }

    /// The name of the app with this id; `None` where there is no page to lead to.
    pub fn find(&self, id: &str) -> Option<String> {
        (self.0)(id)
    }
}

/// Those that the list around provides.
pub(super) fn use_names() -> Names {
    use_context().unwrap_or_else(Names::none)
}
