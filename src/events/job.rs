//! Writes what is told, and takes away what is too old, as long as the program runs.

use std::time::Duration;

use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::bus::Bus;
use super::chain::ChainKey;
use super::intake::Load;
use super::log::EventLog;
use super::outbox;
use super::store::prune::{Limits, last_aged, prune};
use super::store::{chain, read};
use super::writer::Writer;
use crate::error::AppError;
use crate::secrets::vault::Vault;
use crate::server::clock::Clock;
use crate::server::db::Db;
use crate::settings::store as settings;

/// From one batch to the next: what comes in between is folded.
const PACE: Duration = Duration::from_millis(50);

/// The pause after a batch that the database did not take.
const PAUSE: Duration = Duration::from_secs(1);

/// How soon what another process left is in the log.
const COLLECT_EVERY: Duration = Duration::from_secs(2);

const PRUNE_EVERY: Duration = Duration::from_secs(3600);

/// Lines that are taken away at a time: a few milliseconds for whoever wants to write next.
pub const PRUNE_BATCH: i64 = 200;

/// How far from one pruning to the next the clock is believed to have moved, in milliseconds: a clock that
/// jumps years ahead ages nothing, and one that was asleep catches up in time.
const LONGEST_STEP: i64 = 2 * 3600 * 1000;

const DAY: i64 = 24 * 3600 * 1000;

/// What the job works with.
#[derive(Clone)]
pub struct Parts {
    pub db: Db,
    pub clock: Clock,
    pub vault: Vault,
    pub bus: Bus,
    pub log: EventLog,
}

/// Writes and prunes until the shutdown.
pub async fn run(parts: Parts, shutdown: CancellationToken) {
    let pruning = prune_regularly(&parts);
    let writing = async {
        let Some(mut writer) = shutdown.run_until_cancelled(open_patiently(&parts)).await else {
            return;
        };
        while shutdown
            .run_until_cancelled(parts.log.wait())
            .await
            .is_some()
        {
            let mut load = parts.log.take_out();
            write_all(&parts.log, &mut writer, &mut load, &shutdown).await;
            if shutdown.run_until_cancelled(sleep(PACE)).await.is_none() {
                return;
            }
        }
    };
    let collecting = collect_regularly(&parts);
    tokio::join!(
        writing,
        shutdown.run_until_cancelled(pruning),
        shutdown.run_until_cancelled(collecting),
    );
}

/// Writes what still waits when everything else has ended.
pub async fn finish(parts: &Parts) {
    let mut load = parts.log.take_out();
    if load.is_empty() {
        return;
    }
    let written = async {
        let mut writer = open(parts).await?;
        while !load.is_empty() {
            write_once(&mut writer, &mut load).await?;
        }
        Ok::<_, AppError>(())
    };
    if let Err(error) = written.await {
        let lines = load.lines.len();
        tracing::error!(%error, lines, "the last lines of the event log are lost");
    }
}

async fn open(parts: &Parts) -> Result<Writer, AppError> {
    let (key, ends) = chain::open(&parts.db, &parts.vault).await?;
    let (db, bus) = (parts.db.clone(), parts.bus.clone());
    Writer::open(db, bus, key, &ends, parts.clock.millis()).await
}

async fn open_patiently(parts: &Parts) -> Writer {
    loop {
        match open(parts).await {
            Ok(writer) => return writer,
            Err(error) => tracing::error!(%error, "the event log cannot be opened; trying again"),
        }
        sleep(PAUSE).await;
    }
}

/// Tries until it is written; meanwhile the intake fills up to its bound. What the shutdown leaves goes back
/// and is written at the very end.
async fn write_all(
    log: &EventLog,
    writer: &mut Writer,
    load: &mut Load,
    shutdown: &CancellationToken,
) {
    let mut is_told = false;
    while !load.is_empty() {
        if let Err(error) = write_once(writer, load).await {
            if !std::mem::replace(&mut is_told, true) {
                tracing::error!(%error, "the event log cannot be written; it is kept and tried again");
            }
            if shutdown.run_until_cancelled(sleep(PAUSE)).await.is_none() {
                return log.put_back(std::mem::take(load));
            }
        }
    }
}

async fn write_once(writer: &mut Writer, load: &mut Load) -> Result<(), sqlx::Error> {
    writer.write_some(load).await?;
    if load.lines.is_empty() {
        for asker in load.askers.drain(..) {
            // Whoever asked may have gone on.
            let _ = asker.send(());
        }
    }
    Ok(())
}

/// Takes in what was left for the log.
async fn collect_regularly(parts: &Parts) {
    let (mut told, mut is_told) = (0, false);
    loop {
        match outbox::deliver(&parts.db, &parts.log, &mut told).await {
            Ok(()) => is_told = false,
            Err(error) if !std::mem::replace(&mut is_told, true) => {
                tracing::warn!(%error, "what was left for the event log cannot be read; tried again");
            }
            Err(_) => {}
        }
        // Whoever leaves something in this process says so; the command line cannot.
        let _ = tokio::time::timeout(COLLECT_EVERY, parts.log.wait_left()).await;
    }
}

/// Takes away what the settings say is too much, every hour. It may be dropped between any two batches.
async fn prune_regularly(parts: &Parts) {
    let mut believed = None;
    loop {
        match prune_now(parts, &mut believed).await {
            Ok(0) => {}
            Ok(lines) => tracing::debug!(lines, "old lines of the event log deleted"),
            Err(error) => {
                tracing::warn!(%error, "old lines of the event log cannot be deleted; tried again in an hour");
            }
        }
        sleep(PRUNE_EVERY).await;
    }
}

/// Prunes until nothing is too much. `believed` is the time that the last pruning went by.
///
/// # Errors
/// Where the database does not take it.
async fn prune_now(parts: &Parts, believed: &mut Option<i64>) -> Result<usize, AppError> {
    let Some((key, _)) = chain::find(&parts.db, &parts.vault).await? else {
        return Ok(0);
    };
    let last = match *believed {
        Some(last) => Some(last),
        None => read::newest_time(&parts.db).await?,
    };
    let now = parts.clock.millis();
    let now = last.map_or(now, |last| now.min(last + LONGEST_STEP));
    *believed = Some(now);
    let set = settings::read(parts.db.read()).await?;
    let limits = Limits {
        oldest: now - set.event_retention_days * DAY,
        now,
        most_bytes: set.event_max_bytes,
    };
    prune_by(&parts.db, &key, limits).await
}

async fn prune_by(db: &Db, key: &ChainKey, limits: Limits) -> Result<usize, AppError> {
    let mut pruned = 0;
    let aged = last_aged(db, limits).await?;
    loop {
        let count = prune(db, key, limits, aged, PRUNE_BATCH).await?;
        pruned += count;
        if count == 0 {
            return Ok(pruned);
        }
        // Whoever waits to write comes first.
        tokio::task::yield_now().await;
    }
}
