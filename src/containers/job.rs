//! Follows one engine for as long as the program runs, through its absences.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::follower::{FollowError, Follower};
use crate::engines::registry::Engines;

/// How often the time of last life is written for what runs.
const TOUCH_EVERY: Duration = Duration::from_secs(60);

/// The pause before following again while the engine answers but its stream broke.
const PAUSE: Duration = Duration::from_secs(1);

/// Follows until shutdown.
pub async fn run(follower: Follower, engines: Engines, shutdown: CancellationToken) {
    loop {
        let link = tokio::select! {
            () = shutdown.cancelled() => return,
            link = engines.wait_up(&follower.engine_id) => link,
        };
        let outcome = tokio::select! {
            () = shutdown.cancelled() => return,
            () = engines.wait_over(&follower.engine_id, link.epoch) => None,
            () = keep_touching(&follower) => None,
            error = follower.follow(&link.client) => Some(error),
        };
        match outcome {
            None | Some(FollowError::Closed) => {
                tracing::debug!("the stream of events is over; following again");
            }
            Some(error) => tracing::warn!(%error, "following the engine failed; trying again"),
        }
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
}

async fn keep_touching(follower: &Follower) {
    loop {
        tokio::time::sleep(TOUCH_EVERY).await;
        if let Err(error) = follower.touch().await {
            tracing::error!(%error, "the time of last life was not written");
        }
    }
}
