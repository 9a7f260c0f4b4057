//! What an engine said, written down.

use sqlx::{Sqlite, Transaction};

use super::slots::{Seat, seat};
use crate::containers::deaths::{Account, Death, Look, Omens, Standing, account, account_for_gone};
use crate::containers::model::ContainerStatus;
use crate::containers::observed::Observed;
use crate::containers::placement::place;
use crate::containers::tidings::Tidings;

/// What became of a container in our tables.
#[derive(Clone, Debug)]
pub struct Recorded {
    pub slot: i64,
    pub id: String,
    pub workload_id: String,
    pub docker_id: String,
    pub name: String,
    /// The engine's word, or `gone`.
    pub status: String,
    pub health: Option<String>,
    /// It is new, or its state, health or name is another than before.
    pub changed: bool,
    /// The runs of it that ended and are to be told.
    pub deaths: Vec<Death>,
    /// Something in it was killed for want of memory, and that is to be told.
    pub short_of_memory: bool,
    /// What holds for the run that goes on.
    pub omens: Omens,
}

/// What else is known of a container when it is looked at.
#[derive(Clone, Debug, Default)]
pub struct Hearsay {
    pub tidings: Tidings,
    pub omens: Omens,
    pub look: Look,
}

/// Writes one observation. `now` is in Unix milliseconds.
///
/// # Errors
/// Where the database does not take it.
pub async fn record(
    tx: &mut Transaction<'_, Sqlite>,
    engine_id: &str,
    observed: &Observed,
    hearsay: &Hearsay,
    now: i64,
) -> Result<Recorded, sqlx::Error> {
    let known = find(tx, engine_id, observed.docker_id.as_str()).await?;
    let account = observed.detail.as_ref().map(|detail| {
        let standing = known.as_ref().map(Known::standing);
        let (tidings, omens) = (&hearsay.tidings, hearsay.omens);
        account(standing.as_ref(), detail, tidings, omens, hearsay.look)
    });
    let set_aside = known.as_ref().is_some_and(|known| known.set_aside);
    let (seat, before) = match known {
        Some(known) => (
            Seat {
                slot: known.slot,
                id: known.id,
                workload_id: known.workload_id,
            },
            known
                .gone_at
                .is_none()
                .then_some((known.status, known.health, known.name)),
        ),
        None => (seat(tx, engine_id, observed, now).await?, None),
    };
    let health = match &observed.detail {
        Some(detail) => detail.health.clone(),
        None => before.as_ref().and_then(|before| before.1.clone()),
    };
    let after = (observed.status.clone(), health, observed.name.clone());
    let changed = before.as_ref() != Some(&after);
    // What is kept aside has another name meanwhile, and its project keeps its own.
    let renamed = before.filter(|before| before.2 != observed.name && !set_aside);
    if let Some((_, _, old_name)) = renamed {
        rename_project(tx, &seat.workload_id, &old_name, observed).await?;
    }
    write(tx, seat.slot, observed, now).await?;
    let account = account.unwrap_or_default();
    if let Some(detail) = &observed.detail {
        let looked_at = if detail.restarting {
            LOOKED_AT_RESTARTING
        } else {
            LOOKED_AT
        };
        settle(tx, seat.slot, &account, looked_at).await?;
    }
    Ok(Recorded {
        slot: seat.slot,
        id: seat.id,
        workload_id: seat.workload_id,
        docker_id: observed.docker_id.to_string(),
        name: after.2,
        status: after.0,
        health: after.1,
        changed,
        deaths: account.deaths,
        short_of_memory: account.short_of_memory,
        omens: account.omens,
    })
}

/// In `looked_at`: it was inspected.
const LOOKED_AT: i64 = 1;

/// It was about to be started again then, so that the engine had counted that restart already. The state that is
/// kept may be a later one, from a list.
const LOOKED_AT_RESTARTING: i64 = 2;

#[derive(sqlx::FromRow)]
struct Known {
    slot: i64,
    id: String,
    workload_id: String,
    status: String,
    health: Option<String>,
    name: String,
    gone_at: Option<i64>,
    started_at: Option<i64>,
    restarts: i64,
    died_run: Option<i64>,
    death_owed: bool,
    looked_at: i64,
    heard_nano: Option<i64>,
    deaths_owed_before: i64,
    told_to: Option<i64>,
    oom_killed: Option<bool>,
    set_aside: bool,
}

impl Known {
    fn standing(&self) -> Standing {
        let was_alive = self.gone_at.is_none() && ContainerStatus::parse(&self.status).is_alive();
        Standing {
            run: self.started_at,
            restarts: self.restarts - i64::from(self.looked_at == LOOKED_AT_RESTARTING),
            died_run: self.died_run,
            owed: self.death_owed,
            looked_at: self.looked_at > 0,
            heard_nano: self.heard_nano,
            owed_before: self.deaths_owed_before,
            told_to: self.told_to,
            was_alive,
            short_of_memory: was_alive
                && self.oom_killed == Some(true)
                && self.looked_at == LOOKED_AT,
        }
    }
}

async fn find(
    tx: &mut Transaction<'_, Sqlite>,
    engine_id: &str,
    docker_id: &str,
) -> Result<Option<Known>, sqlx::Error> {
    sqlx::query_as(
        "select slot, id, workload_id, status, health, name, gone_at, started_at, restarts, died_run,
         death_owed, looked_at, heard_nano, deaths_owed_before, told_to, oom_killed, set_aside
         from containers where engine_id = ? and docker_id = ?",
    )
    .bind(engine_id)
    .bind(docker_id)
    .fetch_optional(&mut **tx)
    .await
}

/// Notes which deaths are accounted for.
async fn settle(
    tx: &mut Transaction<'_, Sqlite>,
    slot: i64,
    account: &Account,
    looked_at: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update containers set looked_at = ?, died_run = ?, death_owed = ?, heard_nano = ?,
         deaths_owed_before = ?, told_to = ? where slot = ?",
    )
    .bind(looked_at)
    .bind(account.died_run)
    .bind(account.owed)
    .bind(account.heard_nano)
    .bind(account.owed_before)
    .bind(account.told_to)
    .bind(slot)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A project that is named after its only container follows when that is renamed, unless the new
/// name is another project's already.
async fn rename_project(
    tx: &mut Transaction<'_, Sqlite>,
    workload_id: &str,
    old_name: &str,
    observed: &Observed,
) -> Result<(), sqlx::Error> {
    let placement = place(&observed.name, &observed.labels);
    if !placement.by_name {
        return Ok(());
    }
    sqlx::query(
        "update or ignore projects set name = ? where name = ?
         and id = (select project_id from workloads where id = ?)",
    )
    .bind(&placement.project)
    .bind(old_name)
    .bind(workload_id)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Milliseconds. Until we hear of its end, a container counts as alive; an engine's clock that is further behind
/// than that is wrong.
const SEEN_LATE: i64 = 120_000;

async fn write(
    tx: &mut Transaction<'_, Sqlite>,
    slot: i64,
    observed: &Observed,
    now: i64,
) -> Result<(), sqlx::Error> {
    let ports = serde_json::to_string(&observed.ports).unwrap_or_default();
    let labels = serde_json::to_string(&observed.labels).unwrap_or_default();
    let alive = ContainerStatus::parse(&observed.status).is_alive();
    sqlx::query(
        "update containers set name = ?, image = ?, image_id = ?, status = ?, ports = ?, labels = ?,
         created_at = coalesce(?, created_at), gone_at = null,
         last_alive_at = case when ? then ? else last_alive_at end
         where slot = ?",
    )
    .bind(&observed.name)
    .bind(&observed.image)
    .bind(&observed.image_id)
    .bind(&observed.status)
    .bind(ports)
    .bind(labels)
    .bind(observed.created_at)
    .bind(alive)
    .bind(now)
    .bind(slot)
    .execute(&mut **tx)
    .await?;
    let Some(detail) = &observed.detail else {
        return Ok(());
    };
    // The engine knows better than we do when a stopped container ended, unless we saw it alive long after that.
    let ended_at = detail.finished_at.filter(|_| !alive);
    sqlx::query(
        "update containers set health = ?, exit_code = ?, oom_killed = ?, restarts = ?,
         started_at = ?, finished_at = ?, last_alive_at = case when ? >= coalesce(last_alive_at, 0) - ? then ? else last_alive_at end
         where slot = ?",
    )
    .bind(&detail.health)
    .bind(detail.exit_code)
    .bind(detail.oom_killed)
    .bind(detail.restarts)
    .bind(detail.started_at)
    .bind(detail.finished_at)
    .bind(ended_at)
    .bind(SEEN_LATE)
    .bind(ended_at)
    .bind(slot)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Marks a container that its engine no longer has, and forgets it where another has its place; `None` where we never knew it.
///
/// # Errors
/// Where the database does not take it.
pub async fn mark_gone(
    tx: &mut Transaction<'_, Sqlite>,
    engine_id: &str,
    docker_id: &str,
    hearsay: &Hearsay,
    now: i64,
) -> Result<Option<Recorded>, sqlx::Error> {
    let known = find(tx, engine_id, docker_id).await?;
    let standing = known.as_ref().map(Known::standing);
    let (tidings, omens) = (&hearsay.tidings, hearsay.omens);
    let account = account_for_gone(standing.as_ref(), tidings, omens, hearsay.look);
    if let Some(known) = &known {
        settle(tx, known.slot, &account, known.looked_at.max(LOOKED_AT)).await?;
    }
    type Row = (i64, String, String, String);
    let displaced = sqlx::query_as::<_, Row>(
        "delete from containers where engine_id = ? and docker_id = ? and displaced = 1
         returning slot, id, workload_id, name",
    )
    .bind(engine_id)
    .bind(docker_id)
    .fetch_optional(&mut **tx)
    .await?;
    if let Some((slot, ..)) = &displaced {
        sqlx::query("delete from samples where slot = ?")
            .bind(slot)
            .execute(&mut **tx)
            .await?;
    }
    let marked = sqlx::query_as::<_, Row>(
        "update containers set gone_at = ? where engine_id = ? and docker_id = ? and gone_at is null
         returning slot, id, workload_id, name",
    )
    .bind(now)
    .bind(engine_id)
    .bind(docker_id)
    .fetch_optional(&mut **tx)
    .await?;
    let changed = displaced.is_some() || marked.is_some();
    let known = known.map(|known| (known.slot, known.id, known.workload_id, known.name));
    let row = displaced.or(marked).or(known);
    Ok(row.map(|(slot, id, workload_id, name)| Recorded {
        slot,
        id,
        workload_id,
        docker_id: docker_id.to_owned(),
        name,
        status: "gone".to_owned(),
        health: None,
        changed,
        deaths: account.deaths,
        short_of_memory: account.short_of_memory,
        omens: Omens::default(),
    }))
}

/// Notes that what was running when we last looked is still alive.
///
/// # Errors
/// Where the database does not take it.
pub async fn touch_alive(
    tx: &mut Transaction<'_, Sqlite>,
    engine_id: &str,
    now: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update containers set last_alive_at = ? where engine_id = ? and gone_at is null
         and status in ('running', 'paused', 'restarting')",
    )
    .bind(now)
    .bind(engine_id)
    .execute(&mut **tx)
    .await?;
    Ok(())
}
