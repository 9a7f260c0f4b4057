//! Keeps the heart beating, scans when it is time, and tends the quarantine.

use std::time::Duration;

use tokio::time::Instant;
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
    let mut next = Instant::now() + FIRST;
    let mut last = None;
    loop {
        // Before they are looked at, so that none comes or goes in between unseen.
        let changes = stale.parts.engines.changes();
        if let Err(error) = notice(&stale).await {
            tracing::error!(%error, "it was not noted since when engines do not answer");
        }
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = changes => continue,
            () = tokio::time::sleep_until(next) => {}
        }
        next = Instant::now() + BEAT;
        let turn = shutdown.run_until_cancelled(turn(&stale, &mut last));
        match turn.await {
            Some(Ok(())) => {}
            Some(Err(error)) => tracing::error!(%error, "stale containers were not looked for"),
            None => return,
        }
    }
}

async fn notice(stale: &Stale) -> Result<(), sqlx::Error> {
    let parts = &stale.parts;
    let engines = parts.engines.list();
    stale.watch.notice(&parts.db, &parts.clock, &engines).await
}

/// What the last scan went by: when, by the steady clock, and with which threshold.
type Last = Option<(i64, i64)>;

async fn turn(stale: &Stale, last: &mut Last) -> Result<(), AppError> {
    let parts = &stale.parts;
    stale.watch.beat(&parts.db, &parts.clock).await?;
    let set = settings::read(parts.db.read()).await?;
    let now = parts.clock.steady_millis();
    if last.is_none() {
        *last = last_before(stale, now).await?;
    }
    let is_due = last
        .is_none_or(|(at, days)| now - at >= interval(&set) || days != set.stale_threshold_days);
    if is_due {
        scan(stale).await?;
        *last = Some((now, set.stale_threshold_days));
        return Ok(());
    }
    sweep::sweep(stale).await
}

/// What the last scan of an earlier start went by: whoever starts the program again and again neither scans each
/// time nor puts the next scan off.
async fn last_before(stale: &Stale, now: i64) -> Result<Last, AppError> {
    let Some((begun_at, days)) = rounds::last_begun(&stale.parts.db).await? else {
        return Ok(None);
    };
    let ago = stale.parts.clock.millis() - begun_at;
    // One in the time to come says that the clock was set back since.
    Ok((ago >= 0).then_some((now - ago, days)))
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
