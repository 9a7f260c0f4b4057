//! The volumes that somebody named, each by its exact name, once its container is gone.

use super::entering::Asker;
use super::keeper::Stale;
use super::model::{VolumeOutcome, VolumeResult};
use crate::docker::connect::{Client, DockerError};
use crate::docker::id::VolumeName;
use crate::docker::whole::Whole;
use crate::error::AppError;
use crate::events::model::Happening;
use crate::events::outbox;
use crate::events::report::Report;
use crate::secrets::scrub::scrub;

/// Which of `named` are volumes of this container.
pub fn of<'a>(whole: &Whole, named: &'a [String]) -> Vec<&'a str> {
    let is_own = |name: &&String| {
        let mut mounts = whole.mounts.iter();
        mounts.any(|mount| mount.kind == "volume" && mount.name == **name)
    };
    let mut own: Vec<_> = named.iter().filter(is_own).map(String::as_str).collect();
    own.sort_unstable();
    own.dedup();
    own
}

/// Removes one of a container that is gone; the engine keeps what another container has.
///
/// # Errors
/// Where the database does not take it.
pub async fn remove(
    stale: &Stale,
    client: &Client,
    name: &str,
    container: &str,
    asker: &Asker,
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
                name: container.to_owned(),
                by: asker.name.clone(),
            };
            let report = Report::from(happening).within(asker.operation_id.clone());
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
