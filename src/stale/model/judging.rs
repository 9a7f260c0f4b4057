//! What follows from the evidence. Where anything is in doubt, a container is not stale.

use super::age::{Gap, unwatched};
use super::evidence::Evidence;
use super::exemption::Keeping;
use super::verdict::{Reason, Verdict};

/// The verdict on one container. Times are Unix milliseconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    pub verdict: Verdict,
    pub reason: Reason,
    /// Its last sign of life, where one is known.
    pub last_alive: Option<i64>,
    /// How long ago that was, without what nobody watched.
    pub age: Option<i64>,
    /// When it became stale; only for one that is, or would be.
    pub stale_since: Option<i64>,
    pub keeping: Option<Keeping>,
}

/// What a verdict depends on besides the container.
#[derive(Clone, Copy, Debug)]
pub struct Sight<'a> {
    /// Unix milliseconds.
    pub now: i64,
    /// Milliseconds.
    pub threshold: i64,
    pub gaps: &'a [Gap],
    pub engine_answers: bool,
}

/// Judges one container. `evidence` is `None` where no look since its last run is there; `keeping` is what
/// spares it.
pub fn judge(sight: Sight<'_>, evidence: Option<&Evidence>, keeping: Option<Keeping>) -> Judgement {
    let unknown = |reason| Judgement {
        verdict: Verdict::Unknown,
        reason,
        last_alive: None,
        age: None,
        stale_since: None,
        keeping: keeping.clone(),
    };
    let Some(evidence) = evidence else {
        return unknown(Reason::NotLookedAt);
    };
    let last_alive = evidence.times.last_alive(sight.now);
    let told = |judgement: Judgement| Judgement {
        last_alive,
        ..judgement
    };
    match evidence.status.as_str() {
        "running" | "paused" | "restarting" | "removing" => {
            return told(Judgement {
                verdict: Verdict::Fresh,
                keeping: None,
                ..unknown(Reason::Alive)
            });
        }
        _ if !sight.engine_answers => return told(unknown(Reason::EngineDown)),
        _ if evidence.failed => return told(unknown(Reason::NotInspected)),
        "created" | "exited" | "dead" => {}
        _ => return told(unknown(Reason::StrangeState)),
    }
    let Some(last_alive) = last_alive else {
        return unknown(Reason::StrangeTimes);
    };
    let plain = sight.now - last_alive;
    let blind = unwatched(sight.gaps, last_alive, sight.now);
    let judged = |verdict, reason| Judgement {
        verdict,
        reason,
        last_alive: Some(last_alive),
        age: Some(plain - blind),
        stale_since: None,
        keeping: None,
    };
    let exceeds = |age: i64| sight.threshold == 0 || age > sight.threshold;
    if !exceeds(plain) {
        return judged(Verdict::Fresh, Reason::Recent);
    }
    let since = Some(
        last_alive
            .saturating_add(sight.threshold)
            .saturating_add(blind),
    );
    if keeping.is_some() {
        return Judgement {
            keeping,
            stale_since: since,
            ..judged(Verdict::Exempt, Reason::Kept)
        };
    }
    if !exceeds(plain - blind) {
        return judged(Verdict::Unknown, Reason::Unwatched);
    }
    let reason = match evidence.times.started {
        Some(_) => Reason::Ended,
        None => Reason::NeverRan,
    };
    Judgement {
        stale_since: since,
        ..judged(Verdict::Stale, reason)
    }
}

#[cfg(test)]
#[path = "judging_tests.rs"]
mod tests;
