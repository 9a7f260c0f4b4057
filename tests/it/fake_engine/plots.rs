//! What happens to a container right before a question about it is answered: the interleavings that a race
//! would bring now and then come every time.

use std::time::SystemTime;

use super::{Fault, State};

/// What happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Twist {
    /// Somebody starts it.
    Start,
    /// Somebody starts it, and it ends again.
    RunAndEnd,
    /// Somebody removes it.
    Remove,
    /// Somebody removes it and makes another of its name, which stands still.
    Recreate,
    /// Somebody gives it another name and lets the engine start it again.
    PutBack,
    /// The engine does not do what it is asked to.
    Refuse,
    /// The engine does it, or not, and answers nonsense.
    Babble,
}

/// A twist, and before which question about the container it comes.
#[derive(Clone, Copy, Debug)]
pub struct Plot {
    pub twist: Twist,
    /// 1 is the very next question.
    pub before: usize,
    /// How many questions there were when it came, the one that it came before included.
    pub came_at: Option<usize>,
}

impl Plot {
    pub fn before(before: usize, twist: Twist) -> Self {
        Self {
            twist,
            before,
            came_at: None,
        }
    }
}

/// Something happened to it, and whoever removes it has not looked at it since. Scans look on their own; they are
/// those that want sizes.
pub(super) fn came_unseen(state: &State, id: &str) -> bool {
    let Some(came_at) = state.plots.get(id).and_then(|plot| plot.came_at) else {
        return false;
    };
    let look = format!("/{id}/json");
    let mut since = state.asked.iter().skip(came_at - 1);
    !since.any(|path| path.contains(&look) && !path.contains("size=true"))
}

/// Lets happen what is due, and answers what becomes of the question. The state's lock is held.
pub(super) fn turn(state: &mut State, path: &str) -> Option<Fault> {
    let so_far = state.asked.len();
    let (id, plot) = state
        .plots
        .iter_mut()
        .find(|(id, plot)| plot.before > 0 && path.contains(id.as_str()))?;
    plot.before -= 1;
    if plot.before > 0 {
        return None;
    }
    plot.came_at = Some(so_far);
    let (id, twist) = (id.clone(), plot.twist);
    let now = SystemTime::now();
    match twist {
        Twist::Refuse => return Some(Fault::Refuse(500)),
        Twist::Babble => return Some(Fault::Garbage),
        Twist::Remove => {
            state.containers.remove(&id);
        }
        Twist::Recreate => {
            if let Some(mut other) = state.containers.remove(&id) {
                other.id = super::container::new_id(&other.name);
                other.made = now;
                other.state = "created".into();
                (other.never_ran, other.finished) = (true, None);
                state.containers.insert(other.id.clone(), other);
            }
        }
        Twist::PutBack => {
            if let Some(container) = state.containers.get_mut(&id) {
                container.name = format!("back-{}", &id[..40]);
                container.policy = "always".into();
            }
        }
        Twist::Start | Twist::RunAndEnd => {
            if let Some(container) = state.containers.get_mut(&id) {
                let ends = twist == Twist::RunAndEnd;
                container.state = if ends { "exited" } else { "running" }.into();
                container.never_ran = false;
                container.started = now;
                if ends {
                    container.finished = Some(now);
                }
            }
        }
    }
    None
}
