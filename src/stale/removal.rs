//! Out of quarantine for good: looked at once more, removed by id without force, and looked for afterwards.

use super::check::{is_going, is_kept, is_same, refusal_by};
use super::departure;
use super::entering::{forget, vanish};
use super::identity;
use super::keeper::Stale;
use super::leaving;
use super::model::{Refusal, VolumeOutcome, VolumeResult};
use super::scene::Scene;
use super::store::candidates;
use super::store::quarantine::{self, Ending, Entry, Phase};
use super::volumes;
use super::wish::Wish;
use crate::docker::connect::{Client, DockerError};
use crate::docker::id::DockerId;
use crate::docker::whole::Whole;
use crate::error::AppError;
use crate::events::model::Happening;
use crate::events::outbox;
use crate::secrets::scrub::scrub;

/// Who is named where time removes something, and no person did.
const NOBODY: &str = "docker-watcher";

/// How a removal ended.
pub enum Removed {
    /// With what became of the volumes that were to go, too.
    Done(Vec<VolumeResult>),
    Gone,
    /// It stays, in quarantine or, where somebody needed it, out of it.
    Refused(Refusal),
    /// The engine is at it, or nobody knows; it is looked after within a minute.
    UnderWay(Option<DockerError>),
    /// The engine did not do it.
    Failed(DockerError),
}

/// Removes what is kept aside. `wish` is nobody's where its time is over, or where a removal is gone on with.
///
/// # Errors
/// Where the database does not take it; then it is gone on with later.
pub async fn remove(
    stale: &Stale,
    client: &Client,
    entry: &Entry,
    wish: Option<&Wish>,
) -> Result<Removed, AppError> {
    let Some(id) = DockerId::parse(&entry.docker_id) else {
        return Ok(Removed::Refused(Refusal::Changed));
    };
    if matches!(entry.phase, Phase::Entering | Phase::Leaving) && entry.vanished_at.is_none() {
        return Ok(Removed::Refused(Refusal::Busy));
    }
    let seen = match client.inspect_whole(&id, false).await {
        Ok(seen) => seen,
        Err(error) => return Ok(Removed::Failed(error)),
    };
    // Asked as late as can be: what another engine has, or does not have, says nothing of this one.
    let is_another = match identity::is_another(client, entry.engine_identity.as_deref()).await {
        Ok(is_another) => is_another,
        Err(error) => return Ok(Removed::Failed(error)),
    };
    let whole = match seen {
        Some(_) if is_another => {
            let mut asked = entry.clone();
            if let Some(wish) = wish {
                asked.asker = Some(wish.asker.name.clone());
            }
            give_up(stale, asked, &identity::another()).await?;
            return Ok(Removed::Failed(identity::another()));
        }
        Some(whole) => whole,
        // What we asked for is done, whoever was killed before that was noted.
        None if entry.phase == Phase::Removing && !is_another => {
            let is_same_engine = is_same_engine(client, entry).await;
            let done = finish(stale, client, entry, is_same_engine).await?;
            return Ok(Removed::Done(done));
        }
        None => {
            // A person who wants it gone waits for nothing; time does, in case that it comes back.
            match wish {
                Some(_) => forget(stale, entry).await?,
                None => vanish(stale, entry).await?,
            }
            return Ok(Removed::Gone);
        }
    };
    if is_going(&whole) {
        return Ok(Removed::UnderWay(None));
    }
    if matches!(entry.phase, Phase::Entering | Phase::Leaving) {
        // It is back, and what was begun with it comes first.
        return Ok(Removed::Refused(Refusal::Busy));
    }
    if has_left(stale, client, entry, &whole).await? {
        return Ok(Removed::Refused(Refusal::Changed));
    }
    let entry = match note(stale, client, entry, &whole, wish).await? {
        Ok(noted) => noted,
        Err(refusal) => return Ok(Removed::Refused(refusal)),
    };
    let error = client.remove_container(&id).await.err();
    match client.inspect_whole(&id, false).await {
        Ok(None) => match identity::is_another(client, entry.engine_identity.as_deref()).await {
            Ok(false) => Ok(Removed::Done(finish(stale, client, &entry, true).await?)),
            Ok(true) => wait_for(stale, entry, identity::another()).await,
            Err(error) => wait_for(stale, entry, error).await,
        },
        Ok(Some(after)) if is_going(&after) => Ok(Removed::UnderWay(error)),
        Ok(Some(after)) if !is_same(&after, &entry.run) => {
            release(stale, client, &entry).await?;
            Ok(Removed::Refused(Refusal::Changed))
        }
        Ok(Some(_)) => match error {
            // The engine may have the request still before it: nothing else is done to it until that is known.
            Some(error) if error.is_open() => wait_for(stale, entry, error).await,
            error => {
                let message = "it is still there".to_owned();
                let error = error.unwrap_or(DockerError::Garbage(message));
                give_up(stale, entry, &error).await?;
                Ok(Removed::Failed(error))
            }
        },
        // Nobody knows whether it is gone. The job looks again.
        Err(after) => wait_for(stale, entry, error.unwrap_or(after)).await,
    }
}

/// Looks at one that is not where it was left; true where it is still ours to keep.
///
/// # Errors
/// Where the database does not take it.
pub async fn look(stale: &Stale, client: &Client, entry: &Entry) -> Result<bool, AppError> {
    let Some(id) = DockerId::parse(&entry.docker_id) else {
        return Ok(false);
    };
    match client.inspect_whole(&id, false).await {
        Ok(Some(whole)) if is_going(&whole) => Ok(false),
        Ok(Some(whole)) => {
            match identity::is_another(client, entry.engine_identity.as_deref()).await {
                Ok(false) => Ok(!has_left(stale, client, entry, &whole).await?),
                Ok(true) | Err(_) => Ok(false),
            }
        }
        Ok(None) => vanish(stale, entry).await.map(|()| false),
        Err(_) => Ok(false),
    }
}

/// Lets go of what somebody needed: what ran gets back what was taken from it, and what was put back by hand is
/// left as they made it.
async fn has_left(
    stale: &Stale,
    client: &Client,
    entry: &Entry,
    whole: &Whole,
) -> Result<bool, AppError> {
    if !is_same(whole, &entry.run) {
        release(stale, client, entry).await?;
        return Ok(true);
    }
    if !is_kept(whole, entry) {
        leaving::put_back(stale, entry).await?;
        return Ok(true);
    }
    Ok(false)
}

/// Notes that it is being removed and for whom, unless it is to be kept by what is set and spared now. Both in one
/// transaction, so that what is spared before is spared.
async fn note(
    stale: &Stale,
    client: &Client,
    entry: &Entry,
    whole: &Whole,
    wish: Option<&Wish>,
) -> Result<Result<Entry, Refusal>, AppError> {
    let mut noted = entry.clone();
    (noted.phase, noted.ending) = (Phase::Removing, None);
    // Without a wish, whoever asked for what is gone on with stays who they are.
    if let Some(wish) = wish {
        noted.asker = Some(wish.asker.name.clone());
        noted
            .asker_operation_id
            .clone_from(&wish.asker.operation_id);
        noted.volumes = volumes::of(whole, &wish.volumes);
        if noted.engine_identity.is_none() && !noted.volumes.is_empty() {
            noted.engine_identity = client.identity().await.ok().flatten();
        }
    }
    let (engine_id, docker_id) = (&entry.engine_id, &entry.docker_id);
    let mut tx = stale.parts.db.begin().await?;
    // The lock to write is held: nothing is spared or set between this and what is noted.
    let scene = Scene::read(stale).await?;
    let known = candidates::find_on(&stale.parts.db, engine_id, docker_id).await?;
    let judgement = scene.judge_kept(entry, known.as_ref(), whole);
    let refusal = refusal_by(&judgement);
    if let Some(refusal) = refusal {
        let kept = judgement.keeping.map(|keeping| keeping.reason);
        let trouble = kept.unwrap_or_else(|| match refusal {
            Refusal::Recent => {
                "By the threshold as it is now it is not stale; it is kept on.".to_owned()
            }
            other => format!("{} It is kept on.", other.sentence()),
        });
        noted = entry.clone().stay(Some(trouble));
    }
    quarantine::save(&mut tx, &noted).await?;
    tx.commit().await?;
    Ok(refusal.map_or(Ok(noted), Err))
}

/// It ran: somebody needs it.
///
/// # Errors
/// Where the database does not take it.
pub async fn release(stale: &Stale, client: &Client, entry: &Entry) -> Result<(), AppError> {
    let entry = leaving::note(stale, entry.clone(), Ending::Started, None).await?;
    leaving::leave(stale, client, &entry).await?;
    Ok(())
}

/// Whether the engine is the one on which volumes were named; another may have others of the same names.
async fn is_same_engine(client: &Client, entry: &Entry) -> bool {
    if entry.volumes.is_empty() {
        return true;
    }
    let identity = client.identity().await.ok().flatten();
    identity.is_some() && identity == entry.engine_identity
}

/// It is gone: so are the volumes that were to go with it, and its entry is the last that goes.
async fn finish(
    stale: &Stale,
    client: &Client,
    entry: &Entry,
    is_same_engine: bool,
) -> Result<Vec<VolumeResult>, AppError> {
    let by = who(entry);
    let results = if is_same_engine {
        volumes::clear(stale, client, entry, by).await
    } else {
        let left = entry.volumes.iter().map(|name| VolumeResult {
            name: name.clone(),
            outcome: VolumeOutcome::Refused,
            message: Some("The engine is another one now.".to_owned()),
        });
        left.collect()
    };
    let happening = Happening::ContainerRemoved {
        name: entry.name.clone(),
        by: by.to_owned(),
    };
    let report = leaving::report(entry, happening).within(entry.asker_operation_id.clone());
    let now = stale.parts.clock.millis();
    let mut tx = stale.parts.db.begin().await?;
    let gone = departure::record(stale, &mut tx, &entry.engine_id, &entry.docker_id).await?;
    quarantine::end(&mut tx, entry, true).await?;
    outbox::leave(&mut tx, &report, now).await?;
    tx.commit().await?;
    stale.parts.log.call_for();
    departure::tell(stale, gone);
    Ok(results)
}

/// It stays on its way out, and says why that takes so long.
async fn wait_for(stale: &Stale, entry: Entry, error: DockerError) -> Result<Removed, AppError> {
    let noted = Entry {
        trouble: Some(scrub(&error.to_string()).into_owned()),
        ..entry
    };
    let mut tx = stale.parts.db.begin().await?;
    quarantine::save(&mut tx, &noted).await?;
    tx.commit().await?;
    Ok(Removed::UnderWay(Some(error)))
}

/// It stays in quarantine, and says why. The same trouble is told once.
async fn give_up(stale: &Stale, entry: Entry, error: &DockerError) -> Result<(), AppError> {
    let reason = scrub(&error.to_string()).into_owned();
    let is_news = entry.trouble.as_deref() != Some(&reason);
    let happening = Happening::ContainerNotRemoved {
        name: entry.name.clone(),
        by: who(&entry).to_owned(),
        reason: reason.clone(),
    };
    // Without the operation: what somebody's own act causes counts as information.
    let report = leaving::report(&entry, happening);
    let now = stale.parts.clock.millis();
    let mut tx = stale.parts.db.begin().await?;
    quarantine::save(&mut tx, &entry.stay(Some(reason))).await?;
    if is_news {
        outbox::leave(&mut tx, &report, now).await?;
    }
    tx.commit().await?;
    stale.parts.log.call_for();
    Ok(())
}

/// Who wanted it gone; what time removes is nobody's act.
fn who(entry: &Entry) -> &str {
    entry.asker.as_deref().unwrap_or(NOBODY)
}
