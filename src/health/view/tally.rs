//! How many containers are stale, for the navigation around every page.

use std::time::Duration;

use leptos::prelude::*;

use crate::auth::api::read_auth_state;
use crate::events::live::{reread, use_live};
use crate::health::api::read_summary;

/// A page without a stream of its own asks this often.
const OFTEN: Duration = Duration::from_secs(60);

/// What was read together with the frame; nothing for whoever is not signed in.
#[derive(Clone, Copy)]
pub struct StaleTally {
    pub first: Resource<Option<i64>>,
}

impl StaleTally {
    /// Reads it, and again whenever `arrivals` is another.
    pub fn read(arrivals: Memo<(bool, usize)>) -> Self {
        let read = |_| async {
            // A stranger who tried to come in is one still, and is not to ask.
            read_auth_state().await.ok()?.user?;
            read_count().await
        };
        Self {
            first: Resource::new_blocking(move || arrivals.get(), read),
        }
    }
}

async fn read_count() -> Option<i64> {
    Some(read_summary().await.ok()?.stale)
}

/// Begins with `first`, and stays true: by the stream where the page has one, else each time that `path`
/// changes and once a minute.
pub fn follow_tally(first: Option<i64>, path: Memo<String>) -> Signal<i64> {
    let count = RwSignal::new(first.unwrap_or_default());
    // How many figures the stream has brought.
    let brought = StoredValue::new(0_u64);
    let again = reread(move || async move {
        let before = brought.try_get_value();
        // The old figure stays where it cannot be read, and the stream's where that came meanwhile: the
        // answer may have been on its way for longer.
        if let Some(new) = read_count().await
            && brought.try_get_value() == before
        {
            count.try_set(new);
        }
    });
    use_live().on_summary_in_passing(move |summary| match summary {
        Some(summary) => {
            brought.try_update_value(|brought| *brought += 1);
            count.try_set(summary.stale);
        }
        None => again.run(()),
    });
    Effect::watch(move || path.get(), move |_, _, _| again.run(()), false);
    Effect::new(move |_| {
        if let Ok(tick) = set_interval_with_handle(move || again.run(()), OFTEN) {
            on_cleanup(move || tick.clear());
        }
    });
    count.into()
}
