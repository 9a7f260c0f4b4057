//! Keeps the summary fresh: counts again when something changed, and tells when the figures did.

use std::time::Duration;

use tokio::sync::broadcast::error::RecvError;
use tokio_util::sync::CancellationToken;

use super::count;
use super::model::Summary;
use super::summaries::Summaries;
use crate::engines::registry::Engines;
use crate::events::bus::{Bus, Subscription};
use crate::events::model::Message;
use crate::events::topic::Topic;
use crate::server::clock::Clock;
use crate::server::db::Db;
use crate::stale::keeper::Stale;

/// Counting again this soon after a change folds a burst of changes into one count.
const SETTLE: Duration = Duration::from_millis(200);

/// What grows stale does so without an event.
const AT_LEAST_EVERY: Duration = Duration::from_secs(60);

/// What counting needs.
pub struct Parts {
    pub db: Db,
    pub bus: Bus,
    pub engines: Engines,
    pub clock: Clock,
    pub summaries: Summaries,
    pub stale: Stale,
}

/// Counts until shutdown.
pub async fn run(parts: Parts, shutdown: CancellationToken) {
    let mut changes = parts.bus.subscribe();
    loop {
        let engine_change = parts.engines.changes();
        match count::summarize(
            &parts.db,
            &parts.stale,
            &parts.engines.list(),
            parts.clock.millis(),
        )
        .await
        {
            Ok(summary) => tell(&parts, summary),
            Err(error) => tracing::error!(%error, "the summary was not counted"),
        }
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep(AT_LEAST_EVERY) => {}
            () = engine_change => {}
            () = counted_change(&mut changes) => {}
        }
        tokio::time::sleep(SETTLE).await;
    }
}

fn tell(parts: &Parts, summary: Summary) {
    if parts.summaries.set(summary.clone()) {
        parts.bus.publish(Message::HealthSummary(summary));
    }
}

async fn counted_change(changes: &mut Subscription) {
    loop {
        match changes.recv().await {
            Ok(published) if !matches!(published.topic, Topic::Containers | Topic::Events) => {}
            // Having missed some is a reason to count, too.
            Ok(_) | Err(RecvError::Lagged(_)) => return,
            Err(RecvError::Closed) => std::future::pending().await,
        }
    }
}
