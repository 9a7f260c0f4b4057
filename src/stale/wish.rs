//! What a person asks to be done, and what they had seen when they did.

use std::collections::HashMap;

use super::entering::Asker;
use super::model::Shown;
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
    pub fn shown(mut self, shown: Vec<Shown>) -> Self {
        for one in shown {
            if let Some(docker_id) = one.docker_id {
                self.shown_as.insert(one.id.clone(), docker_id);
            }
            if let Some(finished) = one.finished {
                self.shown_ended.insert(one.id, finished);
            }
        }
        self
    }

    /// An id of which it says what was shown, and that is none of these: whoever misspelt it would have it done
    /// without.
    pub fn shown_besides(&self, ids: &[String]) -> Option<&str> {
        let mut shown = self.shown_as.keys().chain(self.shown_ended.keys());
        shown.find(|id| !ids.contains(id)).map(String::as_str)
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
