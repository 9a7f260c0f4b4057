//! Into quarantine: noted first, then done, then looked at, and undone where anything is not as it should be.

use super::check::{is_kept, is_same, lives, refusal_by, run_of};
use super::keeper::Stale;
use super::leaving::{self, Left};
use super::model::age::{days, threshold};
use super::scene::Scene;
use super::store::candidates::Candidate;
use super::store::quarantine::{self, Ending, Entry, Phase};
use super::{departure, identity, model::Refusal};
use crate::docker::connect::{Client, DockerError};
use crate::docker::id::{ContainerName, DockerId};
use crate::docker::whole::{RestartPolicy, Whole};
use crate::error::AppError;
use crate::events::act;
use crate::events::model::Happening;
use crate::events::outbox;
use crate::secrets::vault::Place;
use crate::server::db::new_id;
use crate::settings::store as settings;

/// What every name in quarantine begins with, so that a person at the engine knows whose it is.
const MARK: &str = "docker-watcher-quarantine";

/// Who asks.
#[derive(Clone, Debug)]
pub struct Asker {
    pub name: String,
    pub operation_id: Option<String>,
}

impl Asker {
    /// Whoever sent the request that is being answered.
    pub fn here(name: String) -> Self {
        Self {
            name,
            operation_id: act::operation(),
        }
    }
}

/// How going in ended.
pub enum Entered {
    Kept(Box<Entry>),
    Refused(Refusal),
    /// The engine no longer had it.
    Gone,
    /// It is undone, or will be finished or undone later; with what the engine said.
    Failed(DockerError),
}

/// Notes that a container is to be kept aside, unless something became known in the last moment that forbids it.
/// `engine_identity` is what its engine calls itself.
///
/// # Errors
/// Where the database does not take it.
pub async fn note(
    stale: &Stale,
    candidate: &Candidate,
    whole: &Whole,
    asker: &Asker,
    engine_identity: Option<String>,
) -> Result<Result<Entry, Refusal>, AppError> {
    let parts = &stale.parts;
    let id = new_id();
    let place = Place {
        table: "quarantine",
        row: &id,
        column: "inspect_sealed",
    };
    let sealed = parts.vault.seal(place, whole.raw.to_string().as_bytes())?;
    let mut tx = parts.db.begin().await?;
    let (engine_id, docker_id) = (&candidate.engine_id, &candidate.docker_id);
    if quarantine::is_held(&mut tx, engine_id, docker_id, whole.name()).await? {
        return Ok(Err(Refusal::InQuarantine));
    }
    // The lock to write is held: what was spared or set before now counts.
    let scene = Scene::read(stale).await?;
    if let Some(refusal) = refusal_by(&scene.judge_seen(candidate, whole)) {
        return Ok(Err(refusal));
    }
    let kept_for = settings::read(&mut *tx).await?.quarantine_days;
    let run = run_of(whole);
    // What stands still writes nothing: what a scan counted of this run still holds.
    let counted = candidate.evidence.as_ref().filter(|seen| seen.run == run);
    let counted = counted.and_then(|seen| seen.size_bytes);
    let entry = Entry {
        engine_id: engine_id.clone(),
        docker_id: docker_id.clone(),
        container_id: candidate.id.clone(),
        workload_id: candidate.workload_id.clone(),
        phase: Phase::Entering,
        name: whole.name().to_owned(),
        kept_name: kept_name(whole.name(), &id),
        policy: whole.host_config.restart_policy.clone(),
        run,
        image: whole.config.image.clone(),
        // A scan has counted it; the engine is not asked to do so again while somebody waits.
        size_bytes: whole.size_rw.or(counted),
        author: asker.name.clone(),
        operation_id: asker.operation_id.clone(),
        since: scene.now,
        until: scene.now.saturating_add(threshold(kept_for)),
        ending: None,
        asker: None,
        asker_operation_id: None,
        volumes: Vec::new(),
        engine_identity,
        trouble: None,
        vanished_at: None,
        row_id: Some(candidate.id.clone()),
        lives: false,
        strayed: false,
        id,
    };
    quarantine::begin(&mut tx, &entry, &sealed).await?;
    tx.commit().await?;
    Ok(Ok(entry))
}

/// Unique, and with its old name in it.
fn kept_name(name: &str, id: &str) -> String {
    let unique: String = id.chars().filter(char::is_ascii_alphanumeric).collect();
    let name: String = name.chars().take(128).collect();
    format!(
        "{MARK}-{}-{name}",
        &unique[unique.len().saturating_sub(12)..]
    )
}

/// Does what was noted: no restarts, another name; then looks whether that is how it is.
///
/// # Errors
/// Where the database does not take it; then it is finished or undone later.
pub async fn enter(stale: &Stale, client: &Client, entry: Entry) -> Result<Entered, AppError> {
    let done = change(client, &entry).await;
    let (Some(id), failure) = (DockerId::parse(&entry.docker_id), done.err()) else {
        return Ok(Entered::Refused(Refusal::Changed));
    };
    let whole = match client.inspect_whole(&id, false).await {
        Ok(Some(whole)) => whole,
        Ok(None) => return vanish(stale, &entry).await.map(|()| Entered::Gone),
        // Nobody knows how far it came. The job looks again.
        Err(error) => return Ok(Entered::Failed(failure.unwrap_or(error))),
    };
    if !is_same(&whole, &entry.run) {
        let refusal = if lives(&whole) {
            Refusal::Alive
        } else {
            Refusal::Changed
        };
        undo(stale, client, entry, None).await?;
        return Ok(Entered::Refused(refusal));
    }
    if !is_kept(&whole, &entry) {
        undo(stale, client, entry, None).await?;
        let message = "the engine did not do what it was asked to".to_owned();
        return Ok(Entered::Failed(
            failure.unwrap_or(DockerError::Garbage(message)),
        ));
    }
    let now = stale.parts.clock.millis();
    let happening = Happening::ContainerQuarantined {
        name: entry.name.clone(),
        days: days(entry.until - entry.since),
        by: entry.author.clone(),
    };
    let report = leaving::report(&entry, happening).within(entry.operation_id.clone());
    let entry = entry.stay(None);
    let mut tx = stale.parts.db.begin().await?;
    quarantine::save(&mut tx, &entry).await?;
    outbox::leave(&mut tx, &report, now).await?;
    tx.commit().await?;
    stale.parts.log.call_for();
    Ok(Entered::Kept(Box::new(entry)))
}

async fn change(client: &Client, entry: &Entry) -> Result<(), DockerError> {
    let unfit = || DockerError::Garbage("its id or name is none".to_owned());
    let id = DockerId::parse(&entry.docker_id).ok_or_else(unfit)?;
    let name = ContainerName::parse(&entry.kept_name).ok_or_else(unfit)?;
    if !entry.policy.is_none() {
        client
            .set_restart_policy(&id, &RestartPolicy::default())
            .await?;
    }
    client.rename(&id, &name).await
}

/// Puts back what was changed, for whoever wanted it changed where that was told already. Where the engine does
/// not let us now, the job goes on with it.
///
/// # Errors
/// Where the database does not take it.
pub async fn undo(
    stale: &Stale,
    client: &Client,
    entry: Entry,
    asker: Option<&Asker>,
) -> Result<(), AppError> {
    let entry = leaving::note(stale, entry, Ending::Undone, asker).await?;
    match leaving::leave(stale, client, &entry).await? {
        Left::Done | Left::Gone => {}
        Left::NameTaken(_) | Left::Failed(_) => {
            tracing::warn!(name = entry.name, "what was begun could not be undone yet");
        }
    }
    Ok(())
}

/// What is said of one whose engine does not have it.
const VANISHED: &str = "Its engine no longer has it; it is forgotten when its time is over, or when somebody \
                        removes it here.";

/// Its engine no longer has it. It is kept in mind until its time is over: an engine that was swapped for a
/// while, or whose files were, brings it back.
///
/// # Errors
/// Where the database does not take it.
pub async fn vanish(stale: &Stale, entry: &Entry) -> Result<(), AppError> {
    if entry.vanished_at.is_some() {
        return Ok(());
    }
    let is_wanted_back = entry.ending == Some(Ending::Restored);
    let mut noted = entry.clone();
    if matches!(entry.phase, Phase::Kept | Phase::Removing) || is_wanted_back {
        noted = noted.stay(Some(VANISHED.to_owned()));
    }
    noted.vanished_at = Some(stale.parts.clock.millis());
    let mut tx = stale.parts.db.begin().await?;
    let gone = departure::record(stale, &mut tx, &entry.engine_id, &entry.docker_id).await?;
    quarantine::save(&mut tx, &noted).await?;
    tx.commit().await?;
    departure::tell(stale, gone);
    Ok(())
}

/// It is there again.
///
/// # Errors
/// Where the database does not take it.
pub async fn take_up(stale: &Stale, mut entry: Entry) -> Result<(), AppError> {
    entry.vanished_at = None;
    if entry.trouble.as_deref() == Some(VANISHED) {
        entry.trouble = None;
    }
    let mut tx = stale.parts.db.begin().await?;
    quarantine::save(&mut tx, &entry).await?;
    tx.commit().await?;
    Ok(())
}

/// Nobody waits for it to come back any more.
///
/// # Errors
/// Where the database does not take it.
pub async fn forget(stale: &Stale, entry: &Entry) -> Result<(), AppError> {
    let mut tx = stale.parts.db.begin().await?;
    let gone = departure::record(stale, &mut tx, &entry.engine_id, &entry.docker_id).await?;
    quarantine::end(&mut tx, entry, false).await?;
    tx.commit().await?;
    departure::tell(stale, gone);
    Ok(())
}

/// Goes on with what was left half-way: finished where it got its new name, undone where not.
///
/// # Errors
/// Where the database does not take it.
pub async fn resume(stale: &Stale, client: &Client, entry: Entry) -> Result<(), AppError> {
    let Some(id) = DockerId::parse(&entry.docker_id) else {
        return Ok(());
    };
    match client.inspect_whole(&id, false).await {
        Err(_) => Ok(()),
        Ok(None) => vanish(stale, &entry).await,
        Ok(Some(whole)) => {
            let known = entry.engine_identity.as_deref();
            let Ok(is_another) = identity::is_another(client, known).await else {
                return Ok(());
            };
            let is_ours = whole.name() == entry.kept_name && is_same(&whole, &entry.run);
            match is_ours && !is_another {
                true => enter(stale, client, entry).await.map(|_| ()),
                false => undo(stale, client, entry, None).await,
            }
        }
    }
}
