//! What a verdict depends on besides the container: the time, what is set, what is spared, who answers.

use std::collections::{HashMap, HashSet};

use super::keeper::Stale;
use super::model::Exemption;
use super::model::age::{Gap, threshold};
use super::model::evidence::Evidence;
use super::model::judging::{Judgement, Sight, judge};
use super::model::sparing::{Kept, keeping};
use super::store::candidates::{self, Candidate};
use super::store::exemptions;
use crate::settings::store as settings;

/// Everything as it is at one moment.
#[derive(Clone, Debug)]
pub struct Scene {
    /// Unix milliseconds.
    pub now: i64,
    threshold: i64,
    pub gaps: Vec<Gap>,
    exemptions: Vec<Exemption>,
    answering: HashSet<String>,
}

impl Scene {
    /// As it is now, in a number of queries that does not grow with the fleet.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn read(stale: &Stale) -> Result<Self, sqlx::Error> {
        let parts = &stale.parts;
        let now = parts.clock.millis();
        let set = settings::read(parts.db.read()).await?;
        let engines = parts.engines.list().into_iter();
        Ok(Self {
            now,
            threshold: threshold(set.stale_threshold_days),
            gaps: stale.watch.gaps(&parts.db, &parts.clock).await?,
            exemptions: exemptions::all(parts.db.read(), now).await?,
            answering: engines.filter(|one| one.up).map(|one| one.id).collect(),
        })
    }

    /// The verdict on a container by what the last scan saw.
    fn judge(&self, candidate: &Candidate) -> Judgement {
        self.judge_by(candidate, candidate.evidence.as_ref(), None)
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

    /// The verdict by this evidence. What the engine itself says of name and labels is spared, too.
    pub fn judge_by(
        &self,
        candidate: &Candidate,
        evidence: Option<&Evidence>,
        seen: Option<(&str, &HashMap<String, String>)>,
    ) -> Judgement {
        let sight = Sight {
            now: self.now,
            threshold: self.threshold,
            gaps: &self.gaps,
            engine_answers: self.answering.contains(&candidate.engine_id),
        };
        let known = Kept {
            id: &candidate.id,
            docker_id: &candidate.docker_id,
            name: &candidate.name,
            labels: &candidate.labels,
        };
        let seen = seen.map(|(name, labels)| Kept {
            name,
            labels,
            ..known
        });
        let kept = keeping(&self.exemptions, known);
        let kept = kept.or_else(|| keeping(&self.exemptions, seen?));
        judge(sight, evidence, kept)
    }
}
