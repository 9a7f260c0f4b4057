//! What a person asks to be done, and what they had seen when they did.

use std::collections::HashMap;

use super::entering::Asker;
use crate::docker::whole::Whole;

/// What is wished for.
#[derive(Clone, Debug)]
pub struct Wish {
    /// Only the plan.
    pub dry_run: bool,
    /// Without keeping it aside first.
    pub remove_now: bool,
    /// The exact names of volumes that are to go with their container.
    pub volumes: Vec<String>,
    pub asker: Asker,
    /// The Docker id that was shown for each id: what is another by now is not what was meant.
    pub shown_as: HashMap<String, String>,
    /// The end of the last run that was shown for each id, in the engine's words.
    shown_ended: HashMap<String, String>,
}

impl Wish {
    /// What a request asks for; what it leaves out is not done.
    pub fn of(
        username: String,
        dry_run: Option<bool>,
        remove_now: Option<bool>,
        volumes: Option<Vec<String>>,
    ) -> Self {
        Self {
            dry_run: dry_run.unwrap_or_default(),
            remove_now: remove_now.unwrap_or_default(),
            volumes: volumes.unwrap_or_default(),
            asker: Asker::here(username),
            shown_as: HashMap::new(),
            shown_ended: HashMap::new(),
        }
    }

    /// Only for what is still as it was shown: by its Docker id, and by the end of its last run.
    pub fn shown(
        mut self,
        docker_ids: Option<HashMap<String, String>>,
        finished: Option<HashMap<String, String>>,
    ) -> Self {
        self.shown_as = docker_ids.unwrap_or_default();
        self.shown_ended = finished.unwrap_or_default();
        self
    }

    /// Another container has this id than the one that was shown.
    pub fn is_another(&self, id: &str, docker_id: &str) -> bool {
        let shown = self.shown_as.get(id);
        shown.is_some_and(|shown| shown != docker_id)
    }

    /// It ran since it was shown.
    pub fn has_run(&self, id: &str, whole: &Whole) -> bool {
        let shown = self.shown_ended.get(id);
        shown.is_some_and(|shown| *shown != whole.state.finished_at)
    }
}
