//! The lists: what is stale now, and what is not and why.

use super::keeper::Stale;
use super::model::age::days;
use super::model::judging::Judgement;
use super::model::{Quarantined, Round, StaleContainer, Verdict};
use super::scene::Scene;
use super::store::candidates::Candidate;
use super::store::quarantine::{self, Entry, Phase};
use super::store::rounds;
use crate::containers::model::ContainerStatus;
use crate::server::clock::from_millis;

/// What is stale now; `all` has every container that does not run, with its verdict.
///
/// # Errors
/// Where the database does not answer, here and below.
pub async fn list(stale: &Stale, all: bool) -> Result<Vec<StaleContainer>, sqlx::Error> {
    let judged = Scene::read(stale).await?.judge_all(stale).await?;
    let wanted = judged
        .into_iter()
        .filter(|(_, it)| all || it.verdict == Verdict::Stale);
    Ok(wanted.map(|(candidate, it)| show(candidate, it)).collect())
}

/// How many are stale now.
pub async fn count(stale: &Stale) -> Result<i64, sqlx::Error> {
    let judged = Scene::read(stale).await?.judge_all(stale).await?;
    let stale = judged.iter().filter(|(_, it)| it.verdict == Verdict::Stale);
    Ok(i64::try_from(stale.count()).unwrap_or(i64::MAX))
}

/// The last scan.
pub async fn last_scan(stale: &Stale) -> Result<Option<Round>, sqlx::Error> {
    rounds::last(&stale.parts.db).await
}

/// What is kept aside, the newest first.
pub async fn quarantined(stale: &Stale) -> Result<Vec<Quarantined>, sqlx::Error> {
    let entries = quarantine::all(&stale.parts.db).await?;
    Ok(entries.into_iter().map(Quarantined::from).collect())
}

fn show(candidate: Candidate, judgement: Judgement) -> StaleContainer {
    let seen = candidate.evidence.as_ref();
    let status = seen.filter(|seen| !seen.failed).map(|seen| &seen.status);
    StaleContainer {
        status: ContainerStatus::parse(status.unwrap_or(&candidate.status)),
        size_bytes: seen.and_then(|seen| seen.size_bytes),
        looked_at: seen.map(|seen| from_millis(seen.seen_at)),
        image_tag: tag_of(&candidate.image).map(str::to_owned),
        id: candidate.id,
        docker_id: candidate.docker_id,
        name: candidate.name,
        engine_id: candidate.engine_id,
        workload_id: candidate.workload_id,
        project: candidate.project,
        stage: candidate.stage,
        image: candidate.image,
        managed: candidate.managed,
        last_alive_at: judgement.last_alive.map(from_millis),
        days_stale: judgement.age.map(days),
        stale_since: judgement
            .stale_since
            .filter(|_| judgement.verdict == Verdict::Stale)
            .map(from_millis),
        verdict: judgement.verdict,
        reason: judgement.reason,
        keeping: judgement.keeping,
    }
}

/// What stands after the last colon, unless that is a registry's port or a digest's.
fn tag_of(image: &str) -> Option<&str> {
    let (name, _) = image.split_once('@').unwrap_or((image, ""));
    let (_, tag) = name.rsplit_once(':')?;
    let is_id = name.starts_with("sha256:");
    (!tag.contains('/') && !is_id).then_some(tag)
}

impl From<Entry> for Quarantined {
    fn from(entry: Entry) -> Self {
        let policy = entry.policy;
        Self {
            restart_policy: if policy.is_none() {
                "no".to_owned()
            } else {
                policy.name
            },
            id: entry.id,
            container_id: entry.container_id,
            docker_id: entry.docker_id,
            engine_id: entry.engine_id,
            name: entry.name,
            kept_name: entry.kept_name,
            image: entry.image,
            size_bytes: entry.size_bytes,
            author: entry.author,
            since: from_millis(entry.since),
            until: from_millis(entry.until),
            in_transit: entry.phase != Phase::Kept && entry.vanished_at.is_none(),
            trouble: entry.trouble,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_what_follows_the_last_colon_of_the_name() {
        for (image, tag) in [
            ("shop:1.2", Some("1.2")),
            ("shop", None),
            ("registry:5000/shop", None),
            ("registry:5000/shop:2@sha256:abc", Some("2")),
            ("sha256:abc", None),
        ] {
            assert_eq!(tag_of(image), tag, "{image}");
        }
    }
}
