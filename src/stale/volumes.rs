//! The volumes that somebody named, each by its exact name, once its container is gone.

use super::keeper::Stale;
use super::model::{VolumeOutcome, VolumeResult};
use super::store::quarantine::Entry;
use crate::docker::connect::{Client, DockerError};
use crate::docker::id::VolumeName;
use crate::docker::whole::Whole;
use crate::error::AppError;
use crate::events::model::Happening;
use crate::events::outbox;
use crate::events::report::Report;
use crate::secrets::scrub::scrub;

/// Which of `named` are volumes of this container.
pub fn of(whole: &Whole, named: &[String]) -> Vec<String> {
    let is_own = |name: &&String| {
        let mut mounts = whole.mounts.iter();
        mounts.any(|mount| mount.kind == "volume" && mount.name == **name)
    };
    let mut own: Vec<_> = named.iter().filter(is_own).cloned().collect();
    own.sort_unstable();
    own.dedup();
    own
}

/// Removes those that were to go with a container that is gone, each whatever becomes of the others. `by` is who
/// wanted that.
pub async fn clear(stale: &Stale, client: &Client, entry: &Entry, by: &str) -> Vec<VolumeResult> {
    let mut results = Vec::new();
    for name in &entry.volumes {
        let result = remove(stale, client, name, entry, by).await;
        results.push(result.unwrap_or_else(|error| VolumeResult {
            name: name.clone(),
            outcome: VolumeOutcome::Failed,
            message: Some(error.message),
        }));
    }
    results
}

/// Removes one; the engine keeps what another container has.
async fn remove(
    stale: &Stale,
    client: &Client,
    name: &str,
    entry: &Entry,
    by: &str,
) -> Result<VolumeResult, AppError> {
    let result = |outcome, message| VolumeResult {
        name: name.to_owned(),
        outcome,
        message,
    };
    let Some(volume) = VolumeName::parse(name) else {
        let message = "This is no name of a volume.".to_owned();
        return Ok(result(VolumeOutcome::Refused, Some(message)));
    };
    let error = match client.remove_volume(&volume).await {
        Ok(()) => {
            let happening = Happening::VolumeRemoved {
                volume: name.to_owned(),
                name: entry.name.clone(),
                by: by.to_owned(),
            };
            let report = Report::from(happening).within(entry.asker_operation_id.clone());
            let mut tx = stale.parts.db.begin().await?;
            outbox::leave(&mut tx, &report, stale.parts.clock.millis()).await?;
            tx.commit().await?;
            stale.parts.log.call_for();
            return Ok(result(VolumeOutcome::Removed, None));
        }
        Err(error) if error.is_not_found() => return Ok(result(VolumeOutcome::Gone, None)),
        Err(error) => error,
    };
    let outcome = match error {
        DockerError::Refused { .. } => VolumeOutcome::Refused,
        _ => VolumeOutcome::Failed,
    };
    let message = scrub(&error.to_string()).into_owned();
    Ok(result(outcome, Some(message)))
}
