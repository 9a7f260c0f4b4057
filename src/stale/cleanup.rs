//! What a person asks for: each container by itself, so that one that fails stops no other.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use futures::{StreamExt, stream};

use super::entering::{self, Entered};
use super::keeper::Stale;
use super::model::judging::Judgement;
use super::model::{Item, Outcome, Refusal};
use super::neighbours::Neighbours;
use super::removal::{self, Removed};
use super::store::candidates::{self, Candidate};
use super::store::quarantine::Entry;
use super::wish::Wish;
use super::{check, departure, identity, listing, plan, sizes};
use crate::docker::connect::{Client, DockerError};
use crate::docker::id::DockerId;
use crate::docker::whole::Whole;
use crate::error::AppError;
use crate::secrets::scrub::scrub;

/// Containers that are worked on at the same time.
const HANDS: usize = 8;

/// Containers that one request may name.
const MOST: usize = 1000;

/// Said of a Docker id that is none of one engine alone.
const AMBIGUOUS: &str =
    "More than one engine has a container of this id; name it by our id, which the lists show.";

/// Said of a container whose engine is not the one that the last scan asked.
const ANOTHER_ENGINE: &str =
    "Another engine answers at its address than the one that was looked at; scan again.";

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
        (Outcome::Refused, _) if item.plan.is_none() => Err(AppError::conflict(message())),
        (Outcome::Failed, _) => Err(AppError::engine_unreachable(message())),
        _ => Ok(item),
    }
}

/// Cleans many up: those that are named, or those that are stale now and were made here, with those that were
/// only found where `include_discovered` says so.
///
/// # Errors
/// `invalid` for too many ids, volumes without `remove_now`, what was shown of one that is not named, or what was
/// only found and is to be removed at once without being named.
pub async fn many(
    stale: &Stale,
    ids: Option<Vec<String>>,
    include_discovered: bool,
    wish: &Wish,
) -> Result<Vec<Item>, AppError> {
    check_wish(wish)?;
    if ids.is_none() && include_discovered && wish.remove_now {
        let message = "What was not made here is removed at once only where its id is named; without ids it goes \
                       into quarantine.";
        return Err(AppError::invalid("remove_now", message));
    }
    if ids.as_ref().is_some_and(|ids| ids.len() > MOST) {
        let message = format!("Name at most {MOST} at a time.");
        return Err(AppError::invalid("ids", message));
    }
    if let Some(id) = ids.as_ref().and_then(|ids| wish.shown_besides(ids)) {
        let message = format!("It says what was shown of `{id}`, which is none of the ids.");
        return Err(AppError::invalid("shown", message));
    }
    let mut wish = wish.clone();
    let mut ids = match ids {
        Some(ids) => ids,
        // By our ids, because two engines may have the same Docker id; each only while it is that container.
        None => {
            let all = listing::list(stale, false).await?.into_iter();
            let all = all.filter(|one| one.managed || include_discovered);
            let all: Vec<_> = all.map(|one| (one.id, one.docker_id)).collect();
            let ids = all.iter().map(|(id, _)| id.clone()).collect();
            for (id, docker_id) in all {
                // What the request says was shown counts before what the list says now.
                wish.shown_as.entry(id).or_insert(docker_id);
            }
            ids
        }
    };
    let wish = Arc::new(wish);
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

/// What each engine has, asked for once a request.
type Lists = tokio::sync::Mutex<HashMap<String, Arc<Neighbours>>>;

async fn clean(stale: &Stale, id: &str, wish: &Wish, lists: &Lists) -> Result<Item, AppError> {
    let mut found = candidates::find(&stale.parts.db, id).await?;
    let Some(candidate) = found.pop() else {
        return Ok(Item::refused(id, Refusal::NotFound));
    };
    if !found.is_empty() {
        return Ok(refused_because(id, AMBIGUOUS));
    }
    let about = |item: Item| Item {
        docker_id: Some(candidate.docker_id.clone()),
        name: Some(candidate.name.clone()),
        ..item
    };
    if wish.is_another(id, &candidate.docker_id) {
        return Ok(about(Item::refused(id, Refusal::Changed)));
    }
    if candidate.set_aside {
        return Ok(about(Item::refused(id, Refusal::InQuarantine)));
    }
    let (engine_id, docker_id) = (&candidate.engine_id, &candidate.docker_id);
    let Some(_turn) = stale.turns.take(engine_id, docker_id) else {
        return Ok(about(Item::refused(id, Refusal::Busy)));
    };
    let Some(client) = stale.parts.engines.client(engine_id) else {
        let message = "Its engine does not answer; try again when it does.".to_owned();
        let item = Item::about(id, Outcome::Failed);
        return Ok(about(Item {
            message: Some(message),
            ..item
        }));
    };
    let Some(known_id) = DockerId::parse(docker_id) else {
        return Ok(about(Item::refused(id, Refusal::NotFound)));
    };
    // The turn is ours from here on: whoever had it may have changed what we knew.
    let known = candidates::find_on(&stale.parts.db, engine_id, docker_id).await?;
    let Some(candidate) = &known else {
        return Ok(about(Item::about(id, Outcome::Gone)));
    };
    let seen = match wish.dry_run && !is_counted(candidate) {
        true => sizes::inspect(stale, &client, engine_id, &known_id).await,
        false => client.inspect_whole(&known_id, false).await,
    };
    let whole = match seen {
        Ok(Some(whole)) => with_size(whole, candidate),
        Ok(None) => {
            depart(stale, candidate).await?;
            return Ok(about(Item::about(id, Outcome::Gone)));
        }
        Err(error) => return Ok(about(said(Item::about(id, Outcome::Failed), &error))),
    };
    // That it lives says more, and is said below.
    if wish.has_run(id, &whole) && !check::lives(&whole) {
        return Ok(about(Item::refused(id, Refusal::Changed)));
    }
    let judgement = check::judge(stale, candidate, &whole).await?;
    let refusal = check::refusal(candidate, &whole, &judgement);
    let unfit = check::unfit(&whole);
    let item = match (wish.dry_run, refusal, unfit) {
        (true, ..) => {
            let planned = planned(
                id, &client, candidate, &whole, &judgement, refusal, wish, lists,
            );
            match (planned.await, unfit) {
                (planned, Some(message)) if planned.outcome == Outcome::Planned => Item {
                    outcome: Outcome::Refused,
                    message: Some(message.to_owned()),
                    ..planned
                },
                (planned, _) => planned,
            }
        }
        (false, Some(refusal), _) => Item::refused(id, refusal),
        (false, None, Some(message)) => refused_because(id, message),
        (false, None, None) => act(stale, id, &client, candidate, &whole, wish).await?,
    };
    Ok(about(item))
}

/// Its size was counted in the run that was seen last.
fn is_counted(candidate: &Candidate) -> bool {
    let seen = candidate.evidence.as_ref();
    seen.is_some_and(|seen| seen.size_bytes.is_some())
}

/// What stands still writes nothing: what was counted of the same run still holds.
fn with_size(whole: Whole, candidate: &Candidate) -> Whole {
    let seen = candidate.evidence.as_ref();
    let same = seen.filter(|seen| seen.run == check::run_of(&whole));
    let counted = same.and_then(|seen| seen.size_bytes);
    Whole {
        size_rw: whole.size_rw.or(counted),
        ..whole
    }
}

/// One that is not touched for a reason that has no word of its own.
fn refused_because(id: &str, message: &str) -> Item {
    Item {
        message: Some(message.to_owned()),
        ..Item::about(id, Outcome::Refused)
    }
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
        None => match Neighbours::of(client).await {
            Ok(all) => {
                let all = Arc::new(all);
                lists.insert(candidate.engine_id.clone(), all.clone());
                all
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
    let known = stale.identities.of(&candidate.engine_id);
    match identity::is_another(client, known.as_deref()).await {
        Ok(false) => {}
        Ok(true) => return Ok(refused_because(id, ANOTHER_ENGINE)),
        Err(error) => return Ok(said(Item::about(id, Outcome::Failed), &error)),
    }
    let identity = match known {
        Some(known) => Some(known),
        None => client.identity().await.ok().flatten(),
    };
    let entry = match entering::note(stale, candidate, whole, &wish.asker, identity).await? {
        Ok(entry) => entry,
        Err(refusal) => return Ok(Item::refused(id, refusal)),
    };
    let entry = match entering::enter(stale, client, entry).await? {
        Entered::Kept(entry) => entry,
        Entered::Refused(refusal) => return Ok(Item::refused(id, refusal)),
        Entered::Gone => return Ok(Item::about(id, Outcome::Gone)),
        Entered::Failed(error) => return Ok(said(Item::about(id, Outcome::Failed), &error)),
    };
    if wish.remove_now {
        let item = take_away(stale, id, client, &entry, wish).await?;
        let is_spared = matches!(
            item.reason,
            Some(Refusal::Exempt | Refusal::Recent | Refusal::Unknown)
        );
        if !is_spared {
            return Ok(item);
        }
        // Nobody asked for quarantine: what is told not to be touched is as it was.
        entering::undo(stale, client, *entry, Some(&wish.asker)).await?;
        return Ok(Item {
            quarantine_id: None,
            ..item
        });
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
    let kept = |item: Item| Item {
        quarantine_id: Some(entry.id.clone()),
        ..item
    };
    let failed = || Item::about(id, Outcome::Failed);
    Ok(
        match removal::remove(stale, client, entry, Some(wish)).await? {
            Removed::Done(volumes) => Item {
                volumes,
                ..Item::about(id, Outcome::Removed)
            },
            Removed::Gone => Item::about(id, Outcome::Gone),
            Removed::Refused(refusal) => kept(Item::refused(id, refusal)),
            Removed::Failed(error) => kept(said(failed(), &error)),
            Removed::UnderWay(error) => {
                let why = error.map(|error| format!("{}; ", scrub(&error.to_string())));
                let why = why.unwrap_or_default();
                let message =
                    format!("{why}the removal is under way, and is looked after within a minute.");
                kept(Item {
                    message: Some(message),
                    ..failed()
                })
            }
        },
    )
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
