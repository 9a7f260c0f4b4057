//! Who fills which place of a workload. The newest container of a place has its row, and with it the
//! id and the history; what it displaces moves to a place of its own.

use sqlx::{Sqlite, Transaction};

use crate::containers::observed::Observed;
use crate::containers::placement::{Placement, place};
use crate::server::db::new_id;

/// The row that a container got.
pub struct Seat {
    pub slot: i64,
    pub id: String,
    pub workload_id: String,
}

type Tx<'a> = Transaction<'a, Sqlite>;

/// Finds or makes the row for a container that was not seen before.
pub async fn seat(
    tx: &mut Tx<'_>,
    engine_id: &str,
    observed: &Observed,
    now: i64,
) -> Result<Seat, sqlx::Error> {
    let placement = place(&observed.name, &observed.labels);
    let workload_id = ensure_workload(tx, &placement, now).await?;
    let taken = sqlx::query_as::<_, (i64, String, Option<i64>, Option<i64>, String, bool)>(
        "select slot, id, created_at, gone_at, engine_id, set_aside from containers
         where workload_id = ? and service = ? and number = ?",
    )
    .bind(&workload_id)
    .bind(&placement.service)
    .bind(placement.number)
    .fetch_optional(&mut **tx)
    .await?;
    let Some((slot, id, created_at, gone_at, on_engine, set_aside)) = taken else {
        return insert(
            tx,
            engine_id,
            observed,
            &workload_id,
            &placement,
            placement.number,
            false,
        )
        .await;
    };
    let is_free = gone_at.is_some();
    let is_newer = on_engine == engine_id && observed.created_at >= created_at;
    // What is kept aside makes way for whoever comes.
    if !is_free && !is_newer && !set_aside {
        let number = next_number(tx, &workload_id, &placement).await?;
        return insert(
            tx,
            engine_id,
            observed,
            &workload_id,
            &placement,
            number,
            true,
        )
        .await;
    }
    if !is_free {
        move_out(tx, slot, &workload_id, &placement).await?;
    }
    sqlx::query(
        "update containers set engine_id = ?, docker_id = ?, gone_at = null, started_at = null,
         finished_at = null, last_alive_at = null, exit_code = null, oom_killed = null,
         health = null, restarts = 0, looked_at = 0, died_run = null, death_owed = 0,
         heard_nano = null, deaths_owed_before = 0, told_to = null, set_aside = 0
         where slot = ?",
    )
    .bind(engine_id)
    .bind(observed.docker_id.as_str())
    .bind(slot)
    .execute(&mut **tx)
    .await?;
    Ok(Seat {
        slot,
        id,
        workload_id,
    })
}

/// Gives the container in `slot` a row of its own, so that the slot's row is free for the newer one.
async fn move_out(
    tx: &mut Tx<'_>,
    slot: i64,
    workload_id: &str,
    placement: &Placement,
) -> Result<(), sqlx::Error> {
    let number = next_number(tx, workload_id, placement).await?;
    // The pair of engine and Docker id is unique, so the old row lets go of it first.
    let docker_id: String = sqlx::query_scalar("select docker_id from containers where slot = ?")
        .bind(slot)
        .fetch_one(&mut **tx)
        .await?;
    sqlx::query("update containers set docker_id = 'moving' where slot = ?")
        .bind(slot)
        .execute(&mut **tx)
        .await?;
    sqlx::query(
        "insert into containers (id, engine_id, workload_id, service, number, docker_id, name, image,
         image_id, status, health, exit_code, oom_killed, restarts, ports, labels, created_at,
         started_at, finished_at, last_alive_at, looked_at, died_run, death_owed, heard_nano, deaths_owed_before,
         told_to, set_aside, displaced)
         select ?, engine_id, workload_id, service, ?, ?, name, image,
         image_id, status, health, exit_code, oom_killed, restarts, ports, labels, created_at,
         started_at, finished_at, last_alive_at, looked_at, died_run, death_owed, heard_nano, deaths_owed_before,
         told_to, set_aside, 1 from containers where slot = ?",
    )
    .bind(new_id())
    .bind(number)
    .bind(docker_id)
    .bind(slot)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn next_number(
    tx: &mut Tx<'_>,
    workload_id: &str,
    placement: &Placement,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(
        "select coalesce(max(number), 0) + 1 from containers where workload_id = ? and service = ?",
    )
    .bind(workload_id)
    .bind(&placement.service)
    .fetch_one(&mut **tx)
    .await
}

async fn insert(
    tx: &mut Tx<'_>,
    engine_id: &str,
    observed: &Observed,
    workload_id: &str,
    placement: &Placement,
    number: i64,
    displaced: bool,
) -> Result<Seat, sqlx::Error> {
    let id = new_id();
    let slot = sqlx::query_scalar(
        "insert into containers (id, engine_id, workload_id, service, number, docker_id, name, image,
         status, displaced) values (?, ?, ?, ?, ?, ?, '', '', '', ?) returning slot",
    )
    .bind(&id)
    .bind(engine_id)
    .bind(workload_id)
    .bind(&placement.service)
    .bind(number)
    .bind(observed.docker_id.as_str())
    .bind(displaced)
    .fetch_one(&mut **tx)
    .await?;
    Ok(Seat {
        slot,
        id,
        workload_id: workload_id.to_owned(),
    })
}

async fn ensure_workload(
    tx: &mut Tx<'_>,
    placement: &Placement,
    now: i64,
) -> Result<String, sqlx::Error> {
    sqlx::query(
        "insert into projects (id, name, created_at) values (?, ?, ?) on conflict (name) do nothing",
    )
    .bind(new_id())
    .bind(&placement.project)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    sqlx::query(
        "insert into workloads (id, project_id, stage, source, created_at)
         select ?, id, ?, 'discovered', ? from projects where name = ?
         on conflict (project_id, stage) do nothing",
    )
    .bind(new_id())
    .bind(&placement.stage)
    .bind(now)
    .bind(&placement.project)
    .execute(&mut **tx)
    .await?;
    sqlx::query_scalar(
        "select w.id from workloads w join projects p on p.id = w.project_id
         where p.name = ? and w.stage = ?",
    )
    .bind(&placement.project)
    .bind(&placement.stage)
    .fetch_one(&mut **tx)
    .await
}
