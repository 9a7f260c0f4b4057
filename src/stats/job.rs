//! Sampling, saving and pruning, as long as the program runs.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::recent::Recent;
use super::sampler::Sampler;
use super::source::EngineApi;
use super::store;
use crate::containers::roster::Roster;
use crate::engines::registry::Engines;
use crate::events::bus::Bus;
use crate::server::clock::Clock;
use crate::server::db::Db;
use crate::settings::store as settings;

/// How soon a changed interval takes hold.
const FOLLOW_EVERY: Duration = Duration::from_secs(5);

/// A crash may cost this much of the history.
const FLUSH_EVERY: Duration = Duration::from_secs(60);

const PRUNE_EVERY: Duration = Duration::from_secs(3600);

/// Rows that are deleted at a time: a few milliseconds for whoever wants to write next.
const PRUNE_BATCH: i64 = 5000;

/// How far from one pruning to the next the clock is believed to have moved: a clock that jumps years
/// ahead ages nothing, and one that was asleep catches up in time.
const LONGEST_STEP_SECS: i64 = 2 * 3600;

/// The interval where the settings cannot be read.
const DEFAULT_INTERVAL_SECS: i64 = 30;

const DAY_SECS: i64 = 24 * 3600;

/// What the job works with.
#[derive(Clone)]
pub struct Parts {
    pub db: Db,
    pub clock: Clock,
    pub engines: Engines,
    pub roster: Roster,
    pub bus: Bus,
    pub recent: Recent,
}

/// Samples all containers until the shutdown, and saves what is unsaved before it returns.
pub async fn run(parts: Parts, shutdown: CancellationToken) {
    let mut following = Trouble::new("the sampling interval cannot be read; the last one holds on");
    let first = following.note(interval_secs(&parts.db).await);
    let (sender, pace) = watch::channel(first.unwrap_or(DEFAULT_INTERVAL_SECS));
    let sampler = Sampler {
        clock: parts.clock.clone(),
        roster: parts.roster.clone(),
        source: EngineApi::new(parts.engines.clone()),
        bus: parts.bus.clone(),
        recent: parts.recent.clone(),
        interval_secs: pace,
    };
    let follow = async {
        while shutdown
            .run_until_cancelled(sleep(FOLLOW_EVERY))
            .await
            .is_some()
        {
            if let Some(secs) = following.note(interval_secs(&parts.db).await) {
                sender.send_if_modified(|known| std::mem::replace(known, secs) != secs);
            }
        }
    };
    let mut saving = Trouble::new("samples cannot be saved; they are kept and tried again");
    let save = async {
        // A flush that has begun is not cut short: the last one would only begin it again.
        while shutdown
            .run_until_cancelled(sleep(FLUSH_EVERY))
            .await
            .is_some()
        {
            saving.note(flush(&parts).await);
        }
    };
    let prune = shutdown.run_until_cancelled(prune_regularly(&parts));
    tokio::join!(sampler.run(shutdown.clone()), follow, save, prune);
    saving.note(flush(&parts).await);
}

async fn interval_secs(db: &Db) -> Result<i64, sqlx::Error> {
    Ok(settings::read(db.read()).await?.stats_interval_secs)
}

/// Moves what is owed from memory to the store.
async fn flush(parts: &Parts) -> Result<(), sqlx::Error> {
    let rounds = parts.recent.take_unflushed();
    let Some(last) = rounds.last() else {
        return Ok(());
    };
    store::flush(&parts.db, &rounds).await?;
    parts.recent.mark_flushed(last.ts);
    tracing::debug!(rounds = rounds.len(), "samples saved");
    Ok(())
}

/// Deletes what is older than the settings say, every hour. It may be dropped between any two batches.
async fn prune_regularly(parts: &Parts) {
    let mut pruning = Trouble::new("old samples cannot be deleted; tried again in an hour");
    let mut believed = parts.clock.now().timestamp();
    loop {
        let pruned = async {
            let days = settings::read(parts.db.read()).await?.stats_retention;
            store::prune(&parts.db, believed - days * DAY_SECS, PRUNE_BATCH).await
        };
        if let Some(rows) = pruning.note(pruned.await).filter(|rows| *rows > 0) {
            tracing::debug!(rows, "old samples deleted");
        }
        sleep(PRUNE_EVERY).await;
        believed = parts
            .clock
            .now()
            .timestamp()
            .min(believed + LONGEST_STEP_SECS);
    }
}

/// Tells of something that fails again and again: when it begins, and when it is over.
struct Trouble {
    message: &'static str,
    lasts: bool,
}

impl Trouble {
    fn new(message: &'static str) -> Self {
        Self {
            message,
            lasts: false,
        }
    }

    fn note<T>(&mut self, result: Result<T, sqlx::Error>) -> Option<T> {
        match result {
            Ok(value) => {
                if std::mem::take(&mut self.lasts) {
                    tracing::info!(was = self.message, "this works again");
                }
                Some(value)
            }
            Err(error) => {
                if std::mem::replace(&mut self.lasts, true) {
                    tracing::debug!(%error, "{}", self.message);
                } else {
                    tracing::warn!(%error, "{}", self.message);
                }
                None
            }
        }
    }
}

#[cfg(test)]
#[path = "job_tests.rs"]
mod tests;
