//! What a verdict depends on besides the container: the time, what is set, what is spared, who answers.

use std::collections::HashSet;

use super::check::run_of;
use super::keeper::Stale;
use super::model::Exemption;
use super::model::age::{Gaps, threshold};
use super::model::evidence::{Evidence, read};
use super::model::judging::{Judgement, Sight, judge};
use super::model::sparing::{Kept, keeping};
use super::store::candidates::{self, Candidate};
use super::store::exemptions;
use super::store::quarantine::Entry;
use crate::docker::whole::Whole;
use crate::settings::store as settings;

/// Everything as it is at one moment.
#[derive(Clone, Debug)]
pub struct Scene {
    /// Unix milliseconds.
    pub now: i64,
    threshold: i64,
    pub gaps: Gaps,
    exemptions: Vec<Exemption>,
    answering: HashSet<String>,
}

impl Scene {
    /// As it is now, in a number of queries that does not grow with the fleet. Whoever holds the lock to write
    /// meanwhile reads what nobody changes before they let it go.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn read(stale: &Stale) -> Result<Self, sqlx::Error> {
        let parts = &stale.parts;
        // Before the gaps, so that a clock that jumps in between is not taken for time that went by.
        let now = parts.clock.millis();
        let gaps = stale.watch.gaps(&parts.db, &parts.clock).await?;
        let set = settings::read(parts.db.read()).await?;
        let engines = parts.engines.list().into_iter();
        Ok(Self {
            now,
            threshold: threshold(set.stale_threshold_days),
            exemptions: exemptions::all(parts.db.read(), now, &gaps.everywhere).await?,
            answering: engines.filter(|one| one.up).map(|one| one.id).collect(),
            gaps,
        })
    }

    /// The verdict on a container by what the last scan saw.
    fn judge(&self, candidate: &Candidate) -> Judgement {
        let known = known(candidate);
        self.judge_by(candidate.evidence.as_ref(), &[known])
    }

    /// The verdicts on all that do not run.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn judge_all(
        &self,
        stale: &Stale,
    ) -> Result<Vec<(Candidate, Judgement)>, sqlx::Error> {
        let all = candidates::all(&stale.parts.db).await?.into_iter();
        let judged = all.map(|candidate| {
            let judgement = self.judge(&candidate);
            (candidate, judgement)
        });
        Ok(judged.collect())
    }

    /// The verdict by what the engine says right now. What it says of name and labels is spared, too.
    pub fn judge_seen(&self, candidate: &Candidate, whole: &Whole) -> Judgement {
        let known = known(candidate);
        let seen = Kept {
            name: whole.name(),
            labels: &whole.config.labels,
            ..known
        };
        let evidence = self.evidence(Some(candidate), whole);
        self.judge_by(Some(&evidence), &[known, seen])
    }

    /// The verdict on what is kept aside, by what the engine says right now. It is spared by the name that it
    /// had and by the one that it has meanwhile.
    pub fn judge_kept(
        &self,
        entry: &Entry,
        candidate: Option<&Candidate>,
        whole: &Whole,
    ) -> Judgement {
        let seen = Kept {
            engine_id: &entry.engine_id,
            docker_id: &entry.docker_id,
            name: whole.name(),
            labels: &whole.config.labels,
        };
        let before = Kept {
            name: &entry.name,
            ..seen
        };
        let mut kept = vec![before, seen];
        kept.extend(candidate.map(known));
        let evidence = self.evidence(candidate, whole);
        self.judge_by(Some(&evidence), &kept)
    }

    fn evidence(&self, candidate: Option<&Candidate>, whole: &Whole) -> Evidence {
        let run = run_of(whole);
        let created = candidate.and_then(|known| known.created_at);
        let created = read(&whole.created).or(created);
        let seen_alive = candidate.and_then(|known| known.last_alive_at);
        Evidence {
            seen_at: self.now,
            status: whole.status().to_owned(),
            times: run.times(created, seen_alive),
            run,
            size_bytes: whole.size_rw,
            failed: false,
        }
    }

    /// The verdict by this evidence on a container that may be known under several names; there is one at least.
    fn judge_by(&self, evidence: Option<&Evidence>, names: &[Kept<'_>]) -> Judgement {
        let engine_id = names.first().map_or("", |one| one.engine_id);
        let sight = Sight {
            now: self.now,
            threshold: self.threshold,
            gaps: self.gaps.of(engine_id),
            engine_answers: self.answering.contains(engine_id),
        };
        let mut kept = names.iter();
        let kept = kept.find_map(|one| keeping(&self.exemptions, *one));
        judge(sight, evidence, kept)
    }
}

fn known(candidate: &Candidate) -> Kept<'_> {
    Kept {
        engine_id: &candidate.engine_id,
        docker_id: &candidate.docker_id,
        name: &candidate.name,
        labels: &candidate.labels,
    }
}
