//! What a person asks for: each container by itself, so that one that fails stops no other.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use futures::{StreamExt, stream};

use super::entering::{self, Asker, Entered};
use super::keeper::Stale;
use super::model::judging::Judgement;
use super::model::{Item, Outcome, Refusal, VolumeOutcome, VolumeResult};
use super::removal::{self, Removed};
use super::store::candidates::{self, Candidate};
use super::store::quarantine::Entry;
use super::{check, departure, listing, plan, volumes};
use crate::docker::connect::{Client, DockerError};
use crate::docker::containers::Listed;
use crate::docker::id::DockerId;
use crate::docker::whole::Whole;
use crate::error::AppError;
use crate::secrets::scrub::scrub;

/// Containers that are worked on at the same time.
const HANDS: usize = 8;

/// Containers that one request may name.
const MOST: usize = 1000;

/// What is wished for.
#[derive(Clone, Debug)]
pub struct Wish {
    /// Only the plan.
    pub dry_run: bool,
    /// Without keeping it aside first.
    pub remove_now: bool,
    /// The exact names of volumes that are to go with their container.
    pub volumes: Vec<String>,
    pub asker: Asker,
}

impl Wish {
    /// What a request asks for; what it leaves out is not done.
    pub fn of(
        username: String,
        dry_run: Option<bool>,
        remove_now: Option<bool>,
        volumes: Option<Vec<String>>,
    ) -> Self {
        Self {
            dry_run: dry_run.unwrap_or_default(),
            remove_now: remove_now.unwrap_or_default(),
            volumes: volumes.unwrap_or_default(),
            asker: Asker::here(username),
        }
    }
}

/// Cleans one container up, by our id or Docker's.
///
/// # Errors
/// `not_found`, `conflict` where it is not to be touched, `engine_unreachable`; `invalid` for volumes without
/// `remove_now`.
pub async fn one(stale: &Stale, id: &str, wish: &Wish) -> Result<Item, AppError> {
    check_wish(wish)?;
    let item = clean(stale, id, wish, &Lists::default()).await?;
    let message = || item.message.clone().unwrap_or_default();
    match (item.outcome, item.reason) {
        (Outcome::Refused, Some(Refusal::NotFound)) => Err(AppError::not_found("container")),
        (Outcome::Refused, _) => Err(AppError::conflict(message())),
        (Outcome::Failed, _) => Err(AppError::engine_unreachable(message())),
        _ => Ok(item),
    }
}

/// Cleans many up: those that are named, or those that are stale now and were made here, with those that were
/// only found where `include_discovered` says so.
///
/// # Errors
/// `invalid` for too many ids, or volumes without `remove_now`.
pub async fn many(
    stale: &Stale,
    ids: Option<Vec<String>>,
    include_discovered: bool,
    wish: &Wish,
) -> Result<Vec<Item>, AppError> {
    check_wish(wish)?;
    let mut ids = match ids {
        Some(ids) => ids,
        None => {
            let all = listing::list(stale, false).await?.into_iter();
            let all = all.filter(|one| one.managed || include_discovered);
            all.map(|one| one.docker_id).collect()
        }
    };
    if ids.len() > MOST {
        let message = format!("Name at most {MOST} at a time.");
        return Err(AppError::invalid("ids", message));
    }
    let mut known = HashSet::new();
    ids.retain(|id| known.insert(id.clone()));
    let lists = Arc::new(Lists::default());
    let work = ids.into_iter().map(|id| {
        let (stale, wish, lists) = (stale.clone(), wish.clone(), lists.clone());
        async move {
            let item = clean(&stale, &id, &wish, &lists).await;
            // What the database did not take is in our log; the others go on.
            item.unwrap_or_else(|error| failed(Item::about(&id, Outcome::Failed), &error))
        }
    });
    let work: Vec<_> = work.collect();
    Ok(stream::iter(work).buffered(HANDS).collect().await)
}

fn check_wish(wish: &Wish) -> Result<(), AppError> {
    if !wish.volumes.is_empty() && !wish.remove_now {
        let message = "Volumes go only with a container that is removed now: set remove_now, too.";
        return Err(AppError::invalid("volumes", message));
    }
    Ok(())
}

/// What each engine lists, asked for once a request.
type Lists = tokio::sync::Mutex<HashMap<String, Arc<Vec<Listed>>>>;

async fn clean(stale: &Stale, id: &str, wish: &Wish, lists: &Lists) -> Result<Item, AppError> {
    let Some(candidate) = candidates::find(&stale.parts.db, id).await? else {
        return Ok(Item::refused(id, Refusal::NotFound));
    };
    let about = |item: Item| Item {
        docker_id: Some(candidate.docker_id.clone()),
        name: Some(candidate.name.clone()),
        ..item
    };
    if candidate.set_aside {
        return Ok(about(Item::refused(id, Refusal::InQuarantine)));
    }
    let Some(_turn) = stale.turns.take(&candidate.docker_id) else {
        return Ok(about(Item::refused(id, Refusal::Busy)));
    };
    let Some(client) = stale.parts.engines.client(&candidate.engine_id) else {
        let message = "Its engine does not answer; try again when it does.".to_owned();
        let item = Item::about(id, Outcome::Failed);
        return Ok(about(Item {
            message: Some(message),
            ..item
        }));
    };
    let Some(docker_id) = DockerId::parse(&candidate.docker_id) else {
        return Ok(about(Item::refused(id, Refusal::NotFound)));
    };
    // The turn is ours from here on: whoever had it may have changed what we knew.
    let Some(candidate) = candidates::find(&stale.parts.db, &candidate.docker_id).await? else {
        return Ok(about(Item::about(id, Outcome::Gone)));
    };
    let whole = match client.inspect_whole(&docker_id, wish.dry_run).await {
        Ok(Some(whole)) => whole,
        Ok(None) => {
            depart(stale, &candidate).await?;
            return Ok(about(Item::about(id, Outcome::Gone)));
        }
        Err(error) => return Ok(about(said(Item::about(id, Outcome::Failed), &error))),
    };
    let judgement = check::judge(stale, &candidate, &whole).await?;
    let refusal = check::refusal(&candidate, &whole, &judgement);
    let item = match (wish.dry_run, refusal) {
        (true, _) => {
            planned(
                id, &client, &candidate, &whole, &judgement, refusal, wish, lists,
            )
            .await
        }
        (false, Some(refusal)) => Item::refused(id, refusal),
        (false, None) => act(stale, id, &client, &candidate, &whole, wish).await?,
    };
    Ok(about(item))
}

#[expect(clippy::too_many_arguments, reason = "a plan says all that is known")]
async fn planned(
    id: &str,
    client: &Client,
    candidate: &Candidate,
    whole: &Whole,
    judgement: &Judgement,
    refusal: Option<Refusal>,
    wish: &Wish,
    lists: &Lists,
) -> Item {
    let mut lists = lists.lock().await;
    let others = match lists.get(&candidate.engine_id) {
        Some(known) => known.clone(),
        None => match client.list_containers().await {
            Ok(listed) => {
                let listed = Arc::new(listed);
                lists.insert(candidate.engine_id.clone(), listed.clone());
                listed
            }
            Err(error) => return said(Item::about(id, Outcome::Failed), &error),
        },
    };
    drop(lists);
    Item {
        reason: refusal,
        message: refusal.map(|refusal| refusal.sentence().to_owned()),
        plan: Some(plan::draw(whole, judgement, &others, &wish.volumes)),
        ..Item::about(id, Outcome::Planned)
    }
}

async fn act(
    stale: &Stale,
    id: &str,
    client: &Client,
    candidate: &Candidate,
    whole: &Whole,
    wish: &Wish,
) -> Result<Item, AppError> {
    let Some(entry) = entering::note(stale, candidate, whole, &wish.asker).await? else {
        return Ok(Item::refused(id, Refusal::Exempt));
    };
    let entry = match entering::enter(stale, client, entry).await? {
        Entered::Kept(entry) => entry,
        Entered::Refused(refusal) => return Ok(Item::refused(id, refusal)),
        Entered::Gone => return Ok(Item::about(id, Outcome::Gone)),
        Entered::Failed(error) => return Ok(said(Item::about(id, Outcome::Failed), &error)),
    };
    if wish.remove_now {
        return take_away(stale, id, client, &entry, wish).await;
    }
    Ok(Item {
        quarantine_id: Some(entry.id.clone()),
        ..Item::about(id, Outcome::Quarantined)
    })
}

/// Removes what is in quarantine, and then the volumes that were named. The turn is the caller's.
///
/// # Errors
/// Where the database does not take it.
pub async fn take_away(
    stale: &Stale,
    id: &str,
    client: &Client,
    entry: &Entry,
    wish: &Wish,
) -> Result<Item, AppError> {
    let whole = match removal::remove(stale, client, entry, Some(&wish.asker)).await? {
        Removed::Done(whole) => whole,
        Removed::Gone => return Ok(Item::about(id, Outcome::Gone)),
        Removed::Refused(refusal) => {
            return Ok(Item {
                quarantine_id: Some(entry.id.clone()),
                ..Item::refused(id, refusal)
            });
        }
        Removed::Failed(error) => {
            return Ok(Item {
                quarantine_id: Some(entry.id.clone()),
                ..said(Item::about(id, Outcome::Failed), &error)
            });
        }
    };
    let mut results = Vec::new();
    for name in volumes::of(&whole, &wish.volumes) {
        let (asker, container) = (&wish.asker, &entry.name);
        let result = volumes::remove(stale, client, name, container, asker).await;
        results.push(result.unwrap_or_else(|error| VolumeResult {
            name: name.to_owned(),
            outcome: VolumeOutcome::Failed,
            message: Some(error.message),
        }));
    }
    Ok(Item {
        volumes: results,
        ..Item::about(id, Outcome::Removed)
    })
}

async fn depart(stale: &Stale, candidate: &Candidate) -> Result<(), AppError> {
    let mut tx = stale.parts.db.begin().await?;
    let (engine, id) = (&candidate.engine_id, &candidate.docker_id);
    let gone = departure::record(stale, &mut tx, engine, id).await?;
    tx.commit().await?;
    departure::tell(stale, gone);
    Ok(())
}

fn said(item: Item, error: &DockerError) -> Item {
    Item {
        message: Some(scrub(&error.to_string()).into_owned()),
        ..item
    }
}

fn failed(item: Item, error: &AppError) -> Item {
    Item {
        message: Some(error.message.clone()),
        ..item
    }
}
