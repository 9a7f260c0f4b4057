//! Keeps the heart beating, scans when it is time, and tends the quarantine.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::keeper::Stale;
use super::model::age::threshold;
use super::scan::scan;
use super::store::rounds;
use super::sweep;
use crate::error::AppError;
use crate::settings::model::Settings;
use crate::settings::store as settings;

/// From one beat to the next.
const BEAT: Duration = Duration::from_secs(60);

/// The pause before the first scan: the engines are just being connected to.
const FIRST: Duration = Duration::from_secs(10);

/// A derived interval is a part of the threshold, and never shorter than an hour. Milliseconds.
const PARTS: i64 = 7;
const SHORTEST: i64 = 3600 * 1000;

/// Runs until shutdown.
pub async fn run(stale: Stale, shutdown: CancellationToken) {
    let mut pause = FIRST;
    let mut last = None;
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep(pause) => {}
        }
        pause = BEAT;
        let turn = shutdown.run_until_cancelled(turn(&stale, &mut last));
        match turn.await {
            Some(Ok(())) => {}
            Some(Err(error)) => tracing::error!(%error, "stale containers were not looked for"),
            None => return,
        }
    }
}

/// What the last scan went by: when, by the steady clock, and with which threshold.
type Last = Option<(i64, i64)>;

async fn turn(stale: &Stale, last: &mut Last) -> Result<(), AppError> {
    let parts = &stale.parts;
    stale.watch.beat(&parts.db, &parts.clock).await?;
    let set = settings::read(parts.db.read()).await?;
    let now = parts.clock.steady_millis();
    let is_due = match *last {
        None => is_due_at_first(stale, &set).await?,
        Some((at, days)) => now - at >= interval(&set) || days != set.stale_threshold_days,
    };
    if is_due {
        scan(stale).await?;
        *last = Some((now, set.stale_threshold_days));
        return Ok(());
    }
    last.get_or_insert((now, set.stale_threshold_days));
    sweep::sweep(stale).await
}

/// A program that is started again and again need not scan each time.
async fn is_due_at_first(stale: &Stale, set: &Settings) -> Result<bool, AppError> {
    let last = rounds::last(&stale.parts.db).await?;
    let now = stale.parts.clock.millis();
    Ok(last.is_none_or(|last| {
        let ago = now - last.started_at.timestamp_millis();
        !(0..interval(set)).contains(&ago)
    }))
}

/// Milliseconds between two scans.
fn interval(set: &Settings) -> i64 {
    match set.stale_scan_interval_secs {
        Some(seconds) => seconds.saturating_mul(1000),
        None => (threshold(set.stale_threshold_days) / PARTS).max(SHORTEST),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_set_or_a_seventh_of_the_threshold_or_an_hour() {
        let with = |days, seconds| {
            interval(&Settings {
                stale_threshold_days: days,
                stale_scan_interval_secs: seconds,
                ..Settings::default()
            })
        };
        assert_eq!(with(7, None), 24 * SHORTEST);
        assert_eq!(with(0, None), SHORTEST);
        assert_eq!(with(7, Some(60)), 60_000);
    }
}
