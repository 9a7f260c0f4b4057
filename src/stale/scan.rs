//! Looks at every container that does not run, at its engine, and tells what is stale.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures::{StreamExt, stream};

use super::check::run_of;
use super::keeper::Stale;
use super::model::evidence::Evidence;
use super::model::judging::Judgement;
use super::model::{Round, Verdict};
use super::scene::Scene;
use super::store::candidates::{self, Candidate};
use super::store::{evidence, rounds};
use super::{departure, sizes, sweep, telling};
use crate::docker::connect::{Client, DockerError};
use crate::docker::id::DockerId;
use crate::error::AppError;
use crate::settings::store as settings;

/// How many containers of one engine are inspected at the same time.
const INSPECTIONS: usize = 16;

/// How many sizes are counted at the same time, over all engines.
const MEASURES: usize = 4;

/// How long a scan waits for sizes; the next one goes on.
const MEASURING: Duration = Duration::from_secs(10);

/// What a look brought.
enum Seen {
    There(Evidence),
    Gone,
    Failed,
}

/// Scans, unless somebody does: then their scan is waited for. Ends what time asks for, too.
///
/// # Errors
/// Where the database does not answer. Engines that do not are part of the result.
pub async fn scan(stale: &Stale) -> Result<(), AppError> {
    let scanned = stale.scan_alone(look_around(stale)).await?;
    if let Some(round) = scanned {
        tracing::info!(
            containers = round.containers,
            stale = round.stale,
            unknown = round.unknown,
            took_ms = round.took_ms,
            "looked for stale containers"
        );
    }
    sweep::sweep(stale).await
}

async fn look_around(stale: &Stale) -> Result<Round, AppError> {
    let parts = &stale.parts;
    stale.watch.beat(&parts.db, &parts.clock).await?;
    let set = settings::read(parts.db.read()).await?;
    let (started_at, start) = (parts.clock.now(), parts.clock.steady_millis());
    let all = candidates::all(&parts.db).await?;
    let engines = parts.engines.list();
    let mut looking = Vec::new();
    for engine in &engines {
        let own = all.iter().filter(|one| one.engine_id == engine.id);
        let (stale, own) = (stale.clone(), own.cloned().collect());
        looking.push(look_at_engine(stale, engine.id.clone(), own));
    }
    let looks = futures::future::join_all(looking).await;
    let silent = looks.iter().filter(|(_, answers)| !answers).count();
    let looks = looks.into_iter().flat_map(|(looks, _)| looks).collect();
    let gone = keep(stale, looks).await?;
    let judged = judge(stale).await?;
    let sized = measure(stale, &judged).await;
    keep(stale, sized).await?;
    let counted = |verdict: Verdict| {
        let judged = judged.iter().map(|(_, judgement)| judgement.verdict);
        count(judged.filter(|one| *one == verdict).count())
    };
    let round = Round {
        started_at,
        took_ms: parts.clock.steady_millis() - start,
        engines: count(engines.len()),
        engines_unreachable: count(silent),
        containers: count(judged.len()),
        stale: counted(Verdict::Stale),
        unknown: counted(Verdict::Unknown),
        exempt: counted(Verdict::Exempt),
        gone,
    };
    rounds::add(&parts.db, &round, set.stale_threshold_days).await?;
    Ok(round)
}

type Look = (Candidate, Seen);

/// Looks at the containers of one engine, and says whether it answered to the end.
async fn look_at_engine(
    stale: Stale,
    engine_id: String,
    candidates: Vec<Candidate>,
) -> (Vec<Look>, bool) {
    let Some(client) = stale.parts.engines.client(&engine_id) else {
        // What was seen before stands; that nobody answers now is known when it is judged.
        return (Vec::new(), false);
    };
    let is_silent = Arc::new(AtomicBool::new(false));
    let looks = candidates.into_iter().map(|candidate| {
        let (stale, client, is_silent) = (stale.clone(), client.clone(), is_silent.clone());
        look_unless(stale, client, candidate, is_silent)
    });
    let looks: Vec<_> = looks.collect();
    let looks = stream::iter(looks).buffer_unordered(INSPECTIONS);
    let looks = looks.collect::<Vec<Look>>();
    // Beside the looks, so that one that hangs is waited for once.
    let who = stale.identities.look(&engine_id, &client);
    let (looks, ()) = futures::future::join(looks, who).await;
    (looks, !is_silent.load(Ordering::Relaxed))
}

/// Looks at one, unless its engine is found to hang: one deadline is enough to know that.
async fn look_unless(
    stale: Stale,
    client: Client,
    candidate: Candidate,
    is_silent: Arc<AtomicBool>,
) -> Look {
    if is_silent.load(Ordering::Relaxed) {
        return (candidate, Seen::Failed);
    }
    let seen = look_at(&stale, &client, &candidate, false).await;
    let seen = seen.unwrap_or_else(|error| {
        tracing::warn!(%error, docker_id = candidate.docker_id, "a container cannot be judged");
        let hangs = matches!(
            error,
            DockerError::Deadline(_) | DockerError::Unreachable(_)
        );
        is_silent.fetch_or(hangs, Ordering::Relaxed);
        Seen::Failed
    });
    (candidate, seen)
}

async fn look_at(
    stale: &Stale,
    client: &Client,
    candidate: &Candidate,
    size: bool,
) -> Result<Seen, DockerError> {
    let Some(id) = DockerId::parse(&candidate.docker_id) else {
        return Ok(Seen::Failed);
    };
    let whole = match size {
        true => sizes::inspect(stale, client, &candidate.engine_id, &id).await?,
        false => client.inspect_whole(&id, false).await?,
    };
    let Some(whole) = whole else {
        return Ok(Seen::Gone);
    };
    let run = run_of(&whole);
    // What stands still writes nothing: one count a run is enough.
    let before = candidate.evidence.as_ref().filter(|seen| seen.run == run);
    Ok(Seen::There(Evidence {
        seen_at: stale.parts.clock.millis(),
        status: whole.status().to_owned(),
        times: run.times(candidate.created_at, candidate.last_alive_at),
        size_bytes: whole.size_rw.or(before.and_then(|seen| seen.size_bytes)),
        run,
        failed: false,
    }))
}

/// Writes down what was seen, and answers how many were gone.
async fn keep(stale: &Stale, looks: Vec<Look>) -> Result<i64, AppError> {
    let now = stale.parts.clock.millis();
    let mut gone = Vec::new();
    let mut tx = stale.parts.db.begin().await?;
    for (candidate, seen) in looks {
        let (engine, id) = (&candidate.engine_id, &candidate.docker_id);
        match seen {
            Seen::There(seen) => evidence::keep(&mut tx, engine, id, &seen).await?,
            Seen::Failed => evidence::fail(&mut tx, engine, id, now).await?,
            Seen::Gone => gone.extend(departure::record(stale, &mut tx, engine, id).await?),
        }
    }
    evidence::forget_gone(&mut tx).await?;
    tx.commit().await?;
    let number = count(gone.len());
    gone.into_iter()
        .for_each(|one| departure::tell(stale, Some(one)));
    Ok(number)
}

/// Judges all of them, and tells of those that are stale.
async fn judge(stale: &Stale) -> Result<Vec<(Candidate, Judgement)>, AppError> {
    let scene = Scene::read(stale).await?;
    let judged = scene.judge_all(stale).await?;
    let found = judged.iter().filter(|(_, it)| it.verdict == Verdict::Stale);
    let found: Vec<_> = found.map(|(candidate, it)| (candidate, it)).collect();
    let mut tx = stale.parts.db.begin().await?;
    telling::tell(&mut tx, &found, scene.now).await?;
    tx.commit().await?;
    stale.parts.log.call_for();
    Ok(judged)
}

/// Has the sizes of those counted that somebody may want to remove; it is dear, so that nobody waits for more.
async fn measure(stale: &Stale, judged: &[(Candidate, Judgement)]) -> Vec<Look> {
    let mut looks = Vec::new();
    for (candidate, judgement) in judged {
        let size = candidate.evidence.as_ref().and_then(|seen| seen.size_bytes);
        if judgement.verdict == Verdict::Stale && size.is_none() {
            looks.push(measure_one(stale.clone(), candidate.clone()));
        }
    }
    let looks = stream::iter(looks).buffer_unordered(MEASURES);
    let in_time = looks.take_until(tokio::time::sleep(MEASURING));
    let looks: Vec<Option<Look>> = in_time.collect().await;
    looks.into_iter().flatten().collect()
}

async fn measure_one(stale: Stale, candidate: Candidate) -> Option<Look> {
    let client = stale.parts.engines.client(&candidate.engine_id)?;
    match look_at(&stale, &client, &candidate, true).await {
        Ok(seen @ Seen::There(_)) => Some((candidate, seen)),
        Ok(_) => None,
        Err(error) => {
            tracing::debug!(%error, docker_id = candidate.docker_id, "its size was not counted");
            None
        }
    }
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
