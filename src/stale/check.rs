//! The last look before anything is done to a container: whatever is in doubt, it is left alone.

use super::keeper::Stale;
use super::model::evidence::{Evidence, Run, read};
use super::model::judging::Judgement;
use super::model::{Reason, Refusal, Verdict};
use super::scene::Scene;
use super::store::candidates::Candidate;
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
    let run = run_of(whole);
    let created = read(&whole.created).or(candidate.created_at);
    let evidence = Evidence {
        seen_at: scene.now,
        status: whole.status().to_owned(),
        times: run.times(created, candidate.last_alive_at),
        run,
        size_bytes: whole.size_rw,
        failed: false,
    };
    let seen = Some((whole.name(), &whole.config.labels));
    Ok(scene.judge_by(candidate, Some(&evidence), seen))
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
    match judgement.verdict {
        Verdict::Stale => None,
        Verdict::Exempt => Some(Refusal::Exempt),
        Verdict::Unknown => Some(Refusal::Unknown),
        Verdict::Fresh => Some(Refusal::Recent),
    }
}
