//! Writes what is told, and takes away what is too old, as long as the program runs.

use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::believed::Believed;
use super::bus::Bus;
use super::chain::ChainKey;
use super::intake::Load;
use super::log::EventLog;
use super::outbox;
use super::store::prune::{Limits, believe, believed, last_aged, prune};
use super::store::{chain, volumes};
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

/// Little and often, so that there is never much to take away at once. What was watched counts for the time that
/// is believed from one pruning to the next, so that a program that is often started anew has to get there, too.
const PRUNE_EVERY: Duration = Duration::from_secs(600);

/// Lines that are taken away at a time: a few milliseconds for whoever wants to write next.
pub const PRUNE_BATCH: i64 = 50;

/// The pause after such a batch, and after a portion of the index of words: whoever waits to write comes first, and
/// whoever reads gets the disk, too.
const PAUSE_BETWEEN: Duration = Duration::from_millis(5);

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
    let written = Notify::new();
    let pruning = prune_regularly(&parts);
    // Beside the writing, because an act waits for that.
    let merging = merge_regularly(&parts.db, &written);
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
            written.notify_one();
            if shutdown.run_until_cancelled(sleep(PACE)).await.is_none() {
                return;
            }
        }
    };
    let collecting = collect_regularly(&parts);
    tokio::join!(
        writing,
        shutdown.run_until_cancelled(pruning),
        shutdown.run_until_cancelled(merging),
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
            Ok(writer) => {
                parts.log.set_failing(false);
                return writer;
            }
            Err(error) => tracing::error!(%error, "the event log cannot be opened; trying again"),
        }
        parts.log.set_failing(true);
        sleep(PAUSE).await;
    }
}

/// Tries until it is written; meanwhile the intake fills up to its bound, and `/readyz` says so. What the shutdown
/// leaves goes back and is written at the very end.
async fn write_all(
    log: &EventLog,
    writer: &mut Writer,
    load: &mut Load,
    shutdown: &CancellationToken,
) {
    let mut is_told = false;
    while !load.is_empty() {
        let Err(error) = write_once(writer, load).await else {
            log.set_failing(false);
            continue;
        };
        log.set_failing(true);
        if !std::mem::replace(&mut is_told, true) {
            tracing::error!(%error, "the event log cannot be written; it is kept and tried again");
        }
        if shutdown.run_until_cancelled(sleep(PAUSE)).await.is_none() {
            return log.put_back(std::mem::take(load));
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

/// Merges what was written of the index of words, whenever something was. It may be dropped between any two
/// portions.
async fn merge_regularly(db: &Db, written: &Notify) {
    loop {
        match volumes::merge(db).await {
            Ok(true) => sleep(PAUSE_BETWEEN).await,
            Ok(false) => {
                // What was pruned meanwhile has time.
                let _ = timeout(PRUNE_EVERY, written.notified()).await;
            }
            Err(error) => {
                tracing::warn!(%error, "the words of the event log cannot be merged; tried again later");
                sleep(PRUNE_EVERY).await;
            }
        }
    }
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
        let _ = timeout(COLLECT_EVERY, parts.log.wait_left()).await;
    }
}

/// Takes away what the settings say is too much, again and again. It may be dropped between any two batches.
async fn prune_regularly(parts: &Parts) {
    let mut time = None;
    loop {
        match prune_now(parts, &mut time).await {
            Ok(0) => {}
            Ok(lines) => tracing::debug!(lines, "old lines of the event log deleted"),
            Err(error) => {
                tracing::warn!(%error, "old lines of the event log cannot be deleted; tried again later");
            }
        }
        sleep(PRUNE_EVERY).await;
    }
}

/// Prunes until nothing is too much. `time` is what the last pruning since the start believed it to be.
///
/// # Errors
/// Where the database does not take it.
async fn prune_now(parts: &Parts, time: &mut Option<Believed>) -> Result<usize, AppError> {
    let (now, steady) = (parts.clock.millis(), parts.clock.steady_millis());
    let mut believing = match *time {
        Some(believing) => believing,
        None => Believed::begin(believed(&parts.db).await?, now, steady),
    };
    believing.follow(now, steady);
    *time = Some(believing);
    believe(&parts.db, believing.kept()).await?;
    let Some((key, _)) = chain::find(&parts.db, &parts.vault).await? else {
        return Ok(0);
    };
    let set = settings::read(parts.db.read()).await?;
    let limits = Limits {
        oldest: believing.cautious(now) - set.event_retention_days * DAY,
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
            break;
        }
        sleep(PAUSE_BETWEEN).await;
    }
    while volumes::drop_emptied(db).await? {
        sleep(PAUSE_BETWEEN).await;
    }
    Ok(pruned)
}

#[cfg(test)]
#[path = "job_tests.rs"]
mod tests;
