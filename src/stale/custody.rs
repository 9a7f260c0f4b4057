//! What a person wants of what is kept aside: it back, or gone before its time.

use super::cleanup::take_away;
use super::entering::Asker;
use super::keeper::Stale;
use super::leaving::{self, Left};
use super::model::{Item, Outcome, Refusal};
use super::neighbours::Neighbours;
use super::scene::Scene;
use super::store::candidates;
use super::store::quarantine::{self, Ending, Entry, Phase};
use super::turns::Turn;
use super::wish::Wish;
use super::{check, plan, sizes};
use crate::docker::connect::{Client, DockerError};
use crate::docker::id::DockerId;
use crate::error::AppError;
use crate::secrets::scrub::scrub;

/// Gives a container its name and its restart policy back.
///
/// # Errors
/// `not_found`; `conflict` where its name is another's, or somebody is at it; `engine_unreachable`.
pub async fn restore(stale: &Stale, id: &str, asker: &Asker) -> Result<Item, AppError> {
    let (entry, client, _turn) = find(stale, id).await?;
    if let Some(holder) = leaving::holder(&client, &entry).await {
        return Err(taken(&entry, &holder));
    }
    let entry = leaving::note(stale, entry, Ending::Restored, Some(asker)).await?;
    let item = Item {
        docker_id: Some(entry.docker_id.clone()),
        name: Some(entry.name.clone()),
        ..Item::about(&entry.container_id, Outcome::Restored)
    };
    match leaving::leave(stale, &client, &entry).await? {
        Left::Done => Ok(item),
        Left::Gone => Ok(Item {
            outcome: Outcome::Gone,
            ..item
        }),
        Left::NameTaken(holder) => {
            keep(stale, &entry, "its name is another's").await?;
            Err(taken(&entry, &holder))
        }
        Left::Failed(error) => {
            let message = scrub(&error.to_string()).into_owned();
            Err(AppError::engine_unreachable(format!(
                "{message}; it is tried again within a minute."
            )))
        }
    }
}

/// Removes a container before its time, and the volumes that are named; or only says what would be done.
///
/// # Errors
/// `not_found`; `conflict` where it ran or is spared, or somebody is at it; `engine_unreachable`.
pub async fn remove(stale: &Stale, id: &str, wish: &Wish) -> Result<Item, AppError> {
    let (entry, client, _turn) = find(stale, id).await?;
    if wish.dry_run {
        return planned(stale, &entry, &client, wish).await;
    }
    let item = take_away(stale, &entry.container_id, &client, &entry, wish).await?;
    let message = item.message.clone().unwrap_or_default();
    match item.outcome {
        Outcome::Refused => Err(AppError::conflict(message)),
        Outcome::Failed => Err(AppError::engine_unreachable(message)),
        _ => Ok(Item {
            docker_id: Some(entry.docker_id),
            name: Some(entry.name),
            ..item
        }),
    }
}

async fn planned(
    stale: &Stale,
    entry: &Entry,
    client: &Client,
    wish: &Wish,
) -> Result<Item, AppError> {
    let missing = || AppError::not_found("container in quarantine");
    let id = DockerId::parse(&entry.docker_id).ok_or_else(missing)?;
    let item = |outcome| Item {
        docker_id: Some(entry.docker_id.clone()),
        name: Some(entry.name.clone()),
        quarantine_id: Some(entry.id.clone()),
        ..Item::about(&entry.container_id, outcome)
    };
    let seen = sizes::inspect(stale, client, &entry.engine_id, &id).await;
    let Some(mut whole) = seen.map_err(silent)? else {
        return Ok(item(Outcome::Gone));
    };
    whole.size_rw = whole.size_rw.or(entry.size_bytes);
    let db = &stale.parts.db;
    let known = candidates::find_on(db, &entry.engine_id, &entry.docker_id).await?;
    let scene = Scene::read(stale).await?;
    let judgement = scene.judge_kept(entry, known.as_ref(), &whole);
    let others = Neighbours::of(client).await.map_err(silent)?;
    let is_ours = check::is_same(&whole, &entry.run) && check::is_kept(&whole, entry);
    let refusal = match is_ours {
        true => check::refusal_by(&judgement),
        false => Some(Refusal::Changed),
    };
    Ok(Item {
        reason: refusal,
        message: refusal.map(|refusal| refusal.sentence().to_owned()),
        plan: Some(plan::draw(&whole, &judgement, &others, &wish.volumes)),
        ..item(Outcome::Planned)
    })
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "it is what an error is mapped with"
)]
fn silent(error: DockerError) -> AppError {
    AppError::engine_unreachable(scrub(&error.to_string()).into_owned())
}

/// It stays where it is.
///
/// # Errors
/// Where the database does not take it.
pub async fn keep(stale: &Stale, entry: &Entry, trouble: &str) -> Result<(), AppError> {
    let kept = entry.clone().stay(Some(trouble.to_owned()));
    let mut tx = stale.parts.db.begin().await?;
    quarantine::save(&mut tx, &kept).await?;
    tx.commit().await?;
    Ok(())
}

/// An entry that nobody is at, its engine, and the turn.
async fn find(stale: &Stale, id: &str) -> Result<(Entry, Client, Turn), AppError> {
    let missing = || AppError::not_found("container in quarantine");
    let db = &stale.parts.db;
    let entry = quarantine::find(db, id).await?.ok_or_else(missing)?;
    let busy = || AppError::conflict("Somebody else is at it.");
    let turn = stale.turns.take(&entry.engine_id, &entry.docker_id);
    let turn = turn.ok_or_else(busy)?;
    // Whoever had the turn before may have ended it.
    let entry = quarantine::find(db, id).await?.ok_or_else(missing)?;
    // One that its engine does not have can be forgotten, however far it was.
    if entry.phase != Phase::Kept && entry.vanished_at.is_none() {
        let message = "Something was begun with it, and is finished within a minute.";
        return Err(AppError::conflict(message));
    }
    let silent =
        || AppError::engine_unreachable("Its engine does not answer; try again when it does.");
    let client = stale.parts.engines.client(&entry.engine_id);
    Ok((entry, client.ok_or_else(silent)?, turn))
}

fn taken(entry: &Entry, holder: &str) -> AppError {
    let name = &entry.name;
    let holder = holder.get(..12).unwrap_or(holder);
    AppError::conflict(format!(
        "The name {name} is now the container {holder}'s; rename or remove that one first."
    ))
}
