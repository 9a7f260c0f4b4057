//! The last look before anything is done to a container: whatever is in doubt, it is left alone.

use super::keeper::Stale;
use super::model::evidence::Run;
use super::model::judging::Judgement;
use super::model::{Reason, Refusal, Verdict};
use super::scene::Scene;
use super::store::candidates::Candidate;
use super::store::quarantine::Entry;
use crate::docker::id::ContainerName;
use crate::docker::whole::Whole;

/// What its engine says of its last run.
pub fn run_of(whole: &Whole) -> Run {
    Run {
        started: whole.state.started_at.clone(),
        finished: whole.state.finished_at.clone(),
    }
}

/// By any sign, it lives.
pub fn lives(whole: &Whole) -> bool {
    !matches!(whole.status(), "created" | "exited" | "dead")
}

/// Its engine is about to be rid of it, whoever asked for that.
pub fn is_going(whole: &Whole) -> bool {
    whole.status() == "removing"
}

/// It stands still, and has not run since it was kept aside.
pub fn is_same(whole: &Whole, run: &Run) -> bool {
    !lives(whole) && run_of(whole) == *run
}

/// It is called and held as it was left: nobody has put it back by hand.
pub fn is_kept(whole: &Whole, entry: &Entry) -> bool {
    whole.name() == entry.kept_name && whole.host_config.restart_policy.is_none()
}

/// Why a container cannot be kept aside, whatever the verdict: what is no name now could not be given back.
pub fn unfit(whole: &Whole) -> Option<&'static str> {
    let fits = ContainerName::parse(whole.name()).is_some();
    let message = "Its name is none that engines take, being too long or of other signs than letters, digits, _, \
                   . and -, and could not be given back; rename it first.";
    (!fits).then_some(message)
}

/// The verdict by what the engine says right now.
///
/// # Errors
/// Where the database does not answer.
pub async fn judge(
    stale: &Stale,
    candidate: &Candidate,
    whole: &Whole,
) -> Result<Judgement, sqlx::Error> {
    // What is set and spared is read after the engine was asked, so that it is the newest there is.
    let scene = Scene::read(stale).await?;
    Ok(scene.judge_seen(candidate, whole))
}

/// Why a container is not to be touched, if it is not: it must stand still, be stale, and be the one that was
/// looked at, in the same run.
pub fn refusal(candidate: &Candidate, whole: &Whole, judgement: &Judgement) -> Option<Refusal> {
    if candidate.set_aside {
        return Some(Refusal::InQuarantine);
    }
    if judgement.reason == Reason::StrangeState {
        return Some(Refusal::Unknown);
    }
    if lives(whole) || judgement.reason == Reason::Alive {
        return Some(Refusal::Alive);
    }
    match &candidate.evidence {
        None => return Some(Refusal::Changed),
        Some(seen) if seen.failed => return Some(Refusal::Unknown),
        Some(seen) if seen.run != run_of(whole) => return Some(Refusal::Changed),
        Some(_) => {}
    }
    refusal_by(judgement)
}

/// Why the verdict alone forbids it, if it does.
pub fn refusal_by(judgement: &Judgement) -> Option<Refusal> {
    match judgement.verdict {
        Verdict::Stale => None,
        Verdict::Exempt => Some(Refusal::Exempt),
        Verdict::Unknown => Some(Refusal::Unknown),
        Verdict::Fresh => Some(Refusal::Recent),
    }
}
