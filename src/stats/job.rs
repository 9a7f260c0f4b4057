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
use crate::events::bus::Bus;
use crate::server::clock::Clock;
use crate::server::db::Db;

/// How soon a changed interval takes hold.
const SETTINGS_EVERY: Duration = Duration::from_secs(5);

/// A crash may cost this much of the history.
const FLUSH_EVERY: Duration = Duration::from_secs(60);

const PRUNE_EVERY: Duration = Duration::from_secs(3600);

/// Rows that are deleted at a time: a few milliseconds for whoever wants to write next.
const PRUNE_BATCH: i64 = 5000;

/// The interval where the settings cannot be read, in seconds.
const DEFAULT_INTERVAL_SECS: i64 = 30;

const DAY_SECS: i64 = 24 * 3600;

/// What the job works with.
#[derive(Clone)]
pub struct Parts {
    pub db: Db,
    pub clock: Clock,
    pub roster: Roster,
    pub source: EngineApi,
    pub bus: Bus,
    pub recent: Recent,
}

/// Samples all containers until the shutdown, and saves what is unsaved before it returns.
pub async fn run(parts: Parts, shutdown: CancellationToken) {
    let (sender, interval_secs) = watch::channel(DEFAULT_INTERVAL_SECS);
    let mut reading = Trouble::new("the sampling interval cannot be read");
    follow_interval(&parts.db, &sender, &mut reading).await;
    let sampler = Sampler {
        clock: parts.clock.clone(),
        roster: parts.roster.clone(),
        source: parts.source.clone(),
        bus: parts.bus.clone(),
        recent: parts.recent.clone(),
        interval_secs,
    };
    let mut saving = Trouble::new("samples cannot be saved; they are kept and tried again");
    let until_shutdown = async {
        let follow = async {
            loop {
                sleep(SETTINGS_EVERY).await;
                follow_interval(&parts.db, &sender, &mut reading).await;
            }
        };
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = follow => {}
            () = prune_regularly(&parts) => {}
        }
    };
    let flush = async {
        // Ended between two flushes and never within one: the last one below would wait for it anyway.
        while shutdown.run_until_cancelled(sleep(FLUSH_EVERY)).await.is_some() {
            saving.note(flush(&parts.db, &parts.recent).await);
        }
    };
    tokio::join!(sampler.run(shutdown.clone()), until_shutdown, flush);
    saving.note(flush_all(&parts).await);
}
