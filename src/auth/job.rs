//! Removes sessions that are over, so that the table does not grow for ever.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::store;
use crate::server::clock::Clock;
use crate::server::db::Db;

const EVERY: Duration = Duration::from_secs(3600);

/// Removes them until it is told to stop.
pub async fn run(db: Db, clock: Clock, stop: CancellationToken) {
    loop {
        match store::delete_expired(&db, clock.millis()).await {
            Ok(0) => {}
            Ok(sessions) => tracing::info!(sessions, "removed sessions that were over"),
            Err(error) => tracing::error!(%error, "sessions that are over were not removed"),
        }
        if stop
            .run_until_cancelled(tokio::time::sleep(EVERY))
            .await
            .is_none()
        {
            return;
        }
    }
}
