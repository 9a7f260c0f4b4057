//! The last summary, in memory.

use std::sync::Arc;

use tokio::sync::watch;

use super::model::Summary;

/// A cheap handle on the last summary; empty until the first count.
#[derive(Clone, Debug)]
pub struct Summaries(Arc<watch::Sender<Option<Summary>>>);

impl Default for Summaries {
    fn default() -> Self {
        Self(Arc::new(watch::channel(None).0))
    }
}

impl Summaries {
    pub fn get(&self) -> Option<Summary> {
        self.0.borrow().clone()
    }

    /// Keeps a summary and says whether it differs from the one before.
    pub fn set(&self, summary: Summary) -> bool {
        self.0.send_if_modified(|last| {
            let differs = last.as_ref() != Some(&summary);
            *last = Some(summary);
            differs
        })
    }
}
