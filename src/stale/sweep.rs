//! What time asks for: what was left half-way is finished or undone, what ran leaves quarantine, and what was
//! kept long enough is removed.

use super::custody::keep;
use super::keeper::Stale;
use super::leaving::{self, Left};
use super::model::age::unwatched;
use super::removal;
use super::scene::Scene;
use super::store::quarantine::{self, Entry, Phase};
use super::{entering, identity};
use crate::docker::connect::Client;
use crate::docker::id::DockerId;
use crate::error::AppError;

/// Goes through the quarantine once. One that cannot be helped now stops no other.
///
/// # Errors
/// Where the database does not answer.
pub async fn sweep(stale: &Stale) -> Result<(), AppError> {
    quarantine::set_right(&stale.parts.db).await?;
    let all = quarantine::all(&stale.parts.db).await?;
    if all.is_empty() {
        return Ok(());
    }
    let scene = Scene::read(stale).await?;
    for entry in all {
        if let Err(error) = tend(stale, &scene, entry).await {
            tracing::error!(%error, "a container in quarantine could not be tended");
        }
    }
    Ok(())
}

async fn tend(stale: &Stale, scene: &Scene, entry: Entry) -> Result<(), AppError> {
    // Whoever acts on it has the turn; it comes up again.
    let Some(_turn) = stale.turns.take(&entry.engine_id, &entry.docker_id) else {
        return Ok(());
    };
    let Some(client) = stale.parts.engines.client(&entry.engine_id) else {
        return Ok(());
    };
    // Whoever had the turn before may have ended it.
    let Some(entry) = quarantine::find(&stale.parts.db, &entry.id).await? else {
        return Ok(());
    };
    if entry.vanished_at.is_some() {
        return look_out(stale, &client, scene, entry).await;
    }
    match entry.phase {
        Phase::Entering => entering::resume(stale, &client, entry).await,
        Phase::Leaving => match leaving::leave(stale, &client, &entry).await? {
            Left::NameTaken(_) => keep(stale, &entry, "its name is another's").await,
            Left::Done | Left::Gone | Left::Failed(_) => Ok(()),
        },
        Phase::Kept if entry.lives => {
            // What lives on another engine says nothing of what is kept here.
            match identity::is_another(&client, entry.engine_identity.as_deref()).await {
                Ok(false) => removal::release(stale, &client, &entry).await,
                Ok(true) | Err(_) => Ok(()),
            }
        }
        Phase::Kept => {
            let is_ours = !entry.strayed || removal::look(stale, &client, &entry).await?;
            if is_ours && is_over(scene, &entry) {
                removal::remove(stale, &client, &entry, None).await?;
            }
            Ok(())
        }
        Phase::Removing => removal::remove(stale, &client, &entry, None)
            .await
            .map(|_| ()),
    }
}

/// Looks whether one is back whose engine did not have it; nobody waits for longer than it was to be kept.
async fn look_out(
    stale: &Stale,
    client: &Client,
    scene: &Scene,
    entry: Entry,
) -> Result<(), AppError> {
    let Some(id) = DockerId::parse(&entry.docker_id) else {
        return Ok(());
    };
    match client.inspect_whole(&id, false).await {
        Ok(Some(_)) => entering::take_up(stale, entry).await,
        Ok(None) if is_over(scene, &entry) => entering::forget(stale, &entry).await,
        Ok(None) | Err(_) => Ok(()),
    }
}

/// Its time is over by the time that somebody watched, and not by a clock that was set ahead.
fn is_over(scene: &Scene, entry: &Entry) -> bool {
    let gaps = scene.gaps.of(&entry.engine_id);
    let watched = scene.now - entry.since - unwatched(gaps, entry.since, scene.now);
    watched >= entry.until - entry.since
}
