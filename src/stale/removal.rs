//! Out of quarantine for good: looked at once more, removed by id without force, and looked for afterwards.

use std::collections::HashMap;

use super::check::{lives, run_of};
use super::departure;
use super::entering::{Asker, vanish};
use super::keeper::Stale;
use super::leaving;
use super::model::Refusal;
use super::model::sparing::{Kept, keeping};
use super::store::exemptions;
use super::store::quarantine::{self, Ending, Entry, Phase};
use crate::docker::connect::{Client, DockerError};
use crate::docker::id::DockerId;
use crate::docker::whole::Whole;
use crate::error::AppError;
use crate::events::model::Happening;
use crate::events::outbox;
use crate::events::report::Report;
use crate::secrets::scrub::scrub;

/// How a removal ended.
pub enum Removed {
    /// With what the engine had said of it last.
    Done(Box<Whole>),
    Gone,
    /// It stays, in quarantine or, where it ran, out of it.
    Refused(Refusal),
    /// The engine did not do it.
    Failed(DockerError),
}

/// Removes what is kept aside. `asker` is nobody where its time is over.
///
/// # Errors
/// Where the database does not take it; then it is gone on with later.
pub async fn remove(
    stale: &Stale,
    client: &Client,
    entry: &Entry,
    asker: Option<&Asker>,
) -> Result<Removed, AppError> {
    let Some(id) = DockerId::parse(&entry.docker_id) else {
        return Ok(Removed::Refused(Refusal::Changed));
    };
    let whole = match client.inspect_whole(&id, false).await {
        Ok(Some(whole)) => whole,
        Ok(None) => return vanish(stale, entry).await.map(|()| Removed::Gone),
        Err(error) => return Ok(Removed::Failed(error)),
    };
    if lives(&whole) || run_of(&whole) != entry.run {
        release(stale, client, entry).await?;
        return Ok(Removed::Refused(Refusal::Changed));
    }
    if !note(stale, entry, &whole, asker).await? {
        return Ok(Removed::Refused(Refusal::Exempt));
    }
    let refusal = client.remove_container(&id).await.err();
    match client.inspect_whole(&id, false).await {
        Ok(None) => {
            finish(stale, entry, asker).await?;
            Ok(Removed::Done(Box::new(whole)))
        }
        Ok(Some(after)) if lives(&after) || run_of(&after) != entry.run => {
            release(stale, client, entry).await?;
            Ok(Removed::Refused(Refusal::Changed))
        }
        Ok(Some(_)) => {
            let message = "it is still there".to_owned();
            let error = refusal.unwrap_or(DockerError::Garbage(message));
            give_up(stale, entry, asker, &error).await?;
            Ok(Removed::Failed(error))
        }
        // Nobody knows whether it is gone. The job looks again.
        Err(error) => Ok(Removed::Failed(refusal.unwrap_or(error))),
    }
}

/// Notes that it is being removed; false where somebody spares it. Both in one transaction, so that what is
/// spared before is spared.
async fn note(
    stale: &Stale,
    entry: &Entry,
    whole: &Whole,
    asker: Option<&Asker>,
) -> Result<bool, AppError> {
    let labels: &HashMap<_, _> = &whole.config.labels;
    let container = Kept {
        id: &entry.container_id,
        docker_id: &entry.docker_id,
        name: &entry.name,
        labels,
    };
    let now = stale.parts.clock.millis();
    let mut tx = stale.parts.db.begin().await?;
    let kept = keeping(&exemptions::all(&mut *tx, now).await?, container);
    let (phase, trouble) = match &kept {
        Some(kept) => (Phase::Kept, Some(kept.reason.as_str())),
        None => (Phase::Removing, entry.trouble.as_deref()),
    };
    let who = asker.map(|asker| asker.name.as_str());
    quarantine::turn(&mut tx, &entry.id, phase, None, who, trouble).await?;
    tx.commit().await?;
    Ok(kept.is_none())
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

async fn finish(stale: &Stale, entry: &Entry, asker: Option<&Asker>) -> Result<(), AppError> {
    let happening = Happening::ContainerRemoved {
        name: entry.name.clone(),
        by: who(entry, asker),
    };
    let operation = asker.and_then(|asker| asker.operation_id.clone());
    let report = Report::from(happening).about(&entry.workload_id, &entry.container_id);
    let now = stale.parts.clock.millis();
    let mut tx = stale.parts.db.begin().await?;
    let gone = departure::record(stale, &mut tx, &entry.engine_id, &entry.docker_id).await?;
    quarantine::end(&mut tx, entry, true).await?;
    outbox::leave(&mut tx, &report.within(operation), now).await?;
    tx.commit().await?;
    stale.parts.log.call_for();
    departure::tell(stale, gone);
    Ok(())
}

/// It stays in quarantine, and says why. The same trouble is told once.
async fn give_up(
    stale: &Stale,
    entry: &Entry,
    asker: Option<&Asker>,
    error: &DockerError,
) -> Result<(), AppError> {
    let reason = scrub(&error.to_string()).into_owned();
    let is_news = entry.trouble.as_deref() != Some(&reason);
    let now = stale.parts.clock.millis();
    let mut tx = stale.parts.db.begin().await?;
    quarantine::turn(&mut tx, &entry.id, Phase::Kept, None, None, Some(&reason)).await?;
    if is_news {
        let happening = Happening::ContainerNotRemoved {
            name: entry.name.clone(),
            by: who(entry, asker),
            reason,
        };
        // Without the operation: what somebody's own act causes counts as information.
        let report = Report::from(happening).about(&entry.workload_id, &entry.container_id);
        outbox::leave(&mut tx, &report, now).await?;
    }
    tx.commit().await?;
    stale.parts.log.call_for();
    Ok(())
}

fn who(entry: &Entry, asker: Option<&Asker>) -> String {
    let asker = asker.map(|asker| asker.name.clone());
    asker
        .or_else(|| entry.asker.clone())
        .unwrap_or_else(|| entry.author.clone())
}
