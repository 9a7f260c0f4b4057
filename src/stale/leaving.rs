//! Out of quarantine: its name and its restart policy back, then a look whether they are.

use super::entering::{Asker, vanish};
use super::keeper::Stale;
use super::store::quarantine::{self, Ending, Entry, Phase};
use crate::docker::connect::{Client, DockerError};
use crate::docker::id::{ContainerName, DockerId};
use crate::error::AppError;
use crate::events::model::Happening;
use crate::events::outbox;
use crate::events::report::Report;

/// How leaving ended.
pub enum Left {
    Done,
    Gone,
    /// Its name is another's now: whose, by the engine's list.
    NameTaken(String),
    /// The engine did not do it; it is tried again.
    Failed(DockerError),
}

/// Notes that a container is to leave, and why; for whom, where somebody asks for it.
///
/// # Errors
/// Where the database does not take it.
pub async fn note(
    stale: &Stale,
    mut entry: Entry,
    ending: Ending,
    asker: Option<&Asker>,
) -> Result<Entry, AppError> {
    entry = entry.stay(None);
    (entry.phase, entry.ending) = (Phase::Leaving, Some(ending));
    if let Some(asker) = asker {
        entry.asker = Some(asker.name.clone());
        entry.asker_operation_id.clone_from(&asker.operation_id);
    }
    let mut tx = stale.parts.db.begin().await?;
    quarantine::save(&mut tx, &entry).await?;
    tx.commit().await?;
    Ok(entry)
}

/// What is told of it, of the container as it is now: its place may be a successor's, whose history this is
/// none of.
pub fn report(entry: &Entry, happening: Happening) -> Report {
    let report = Report::from(happening);
    match &entry.row_id {
        Some(id) => report.about(&entry.workload_id, id),
        None => Report {
            workload_id: Some(entry.workload_id.clone()),
            ..report
        },
    }
}

/// Does what was noted, as often as it takes.
///
/// # Errors
/// Where the database does not take it.
pub async fn leave(stale: &Stale, client: &Client, entry: &Entry) -> Result<Left, AppError> {
    let Some(id) = DockerId::parse(&entry.docker_id) else {
        return Ok(Left::Failed(DockerError::Garbage("its id is none".into())));
    };
    let whole = match client.inspect_whole(&id, false).await {
        Ok(Some(whole)) => whole,
        Ok(None) => return vanish(stale, entry).await.map(|()| Left::Gone),
        Err(error) => return Ok(Left::Failed(error)),
    };
    let mut is_nameless = false;
    if whole.name() == entry.kept_name {
        match give_back_name(client, &id, &entry.name).await {
            Ok(()) => {}
            Err(error) => match holder(client, entry).await {
                // Whoever wants it back has to decide; one that runs keeps the name that it has.
                Some(holder) if entry.ending == Some(Ending::Restored) => {
                    return Ok(Left::NameTaken(holder));
                }
                Some(_) => is_nameless = true,
                None => return Ok(Left::Failed(error)),
            },
        }
    }
    if whole.host_config.restart_policy.is_none()
        && !entry.policy.is_none()
        && let Err(error) = client.set_restart_policy(&id, &entry.policy).await
    {
        return Ok(Left::Failed(error));
    }
    let back = match client.inspect_whole(&id, false).await {
        Ok(Some(back)) => back,
        Ok(None) => return vanish(stale, entry).await.map(|()| Left::Gone),
        Err(error) => return Ok(Left::Failed(error)),
    };
    let has_name = is_nameless || back.name() != entry.kept_name;
    let has_policy = entry.policy.is_none() || !back.host_config.restart_policy.is_none();
    if !(has_name && has_policy) {
        let message = "the engine did not do what it was asked to".to_owned();
        return Ok(Left::Failed(DockerError::Garbage(message)));
    }
    end(stale, entry, back.name()).await.map(|()| Left::Done)
}

async fn give_back_name(client: &Client, id: &DockerId, name: &str) -> Result<(), DockerError> {
    let unfit = || DockerError::Garbage("its name is none".to_owned());
    let name = ContainerName::parse(name).ok_or_else(unfit)?;
    client.rename(id, &name).await
}

/// The Docker id of another container that has its name.
pub async fn holder(client: &Client, entry: &Entry) -> Option<String> {
    let listed = client.list_containers().await.ok()?;
    let mut others = listed.into_iter().filter(|one| one.id != entry.docker_id);
    let slashed = format!("/{}", entry.name);
    let holder = others.find(|one| one.names.contains(&slashed))?;
    Some(holder.id)
}

async fn end(stale: &Stale, entry: &Entry, called: &str) -> Result<(), AppError> {
    let name = entry.name.clone();
    let happening = match (entry.ending, &entry.asker) {
        // What was told to be there is told to be back, also where it was undone.
        (Some(Ending::Restored | Ending::Undone), Some(by)) => {
            let by = by.clone();
            Some(Happening::ContainerRestored { name, by })
        }
        (Some(Ending::Started), _) => Some(Happening::ContainerLeftQuarantine { name }),
        _ => None,
    };
    finish(stale, entry, happening, Some(called)).await
}

/// Somebody has put it back by hand: it is theirs again, and nothing more is done to it.
///
/// # Errors
/// Where the database does not take it.
pub async fn put_back(stale: &Stale, entry: &Entry) -> Result<(), AppError> {
    let name = entry.name.clone();
    let happening = Happening::ContainerLeftQuarantine { name };
    finish(stale, entry, Some(happening), None).await
}

async fn finish(
    stale: &Stale,
    entry: &Entry,
    happening: Option<Happening>,
    called: Option<&str>,
) -> Result<(), AppError> {
    let now = stale.parts.clock.millis();
    let mut tx = stale.parts.db.begin().await?;
    quarantine::end(&mut tx, entry, false).await?;
    // Who looks now is not to see it by the name that it had here, until its engine's word of that comes.
    if let Some(called) = called {
        quarantine::call(&mut tx, entry, called).await?;
    }
    if let Some(happening) = happening {
        let report = report(entry, happening).within(entry.asker_operation_id.clone());
        outbox::leave(&mut tx, &report, now).await?;
    }
    tx.commit().await?;
    stale.parts.log.call_for();
    Ok(())
}
