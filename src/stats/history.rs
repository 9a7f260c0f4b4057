//! What a chart starts from: the store and the last rounds in memory, joined.

use super::model::{HistoryPoint, Window};
use super::recent::Recent;
use super::store;
use crate::error::AppError;
use crate::server::clock::Clock;
use crate::server::db::Db;

/// The most points of a window of a day and more; the shorter ones show every round.
const MOST_POINTS: i64 = 1500;

/// One workload over a window, oldest first, summed over its containers.
///
/// # Errors
/// `not_found` for a workload that does not exist.
pub async fn of_workload(
    db: &Db,
    recent: &Recent,
    clock: &Clock,
    id: &str,
    window: Window,
) -> Result<Vec<HistoryPoint>, AppError> {
    if !store::workload_exists(db, id).await? {
        return Err(AppError::not_found("workload"));
    }
    let (since, until) = span(recent, clock, window);
    // Memory first: what moves from it to the store in between is then seen twice, and never lost.
    let newer = recent.workload(id, since);
    let older = store::workload_history(db, id, since, until).await?;
    Ok(thin(merge(older, newer), window))
}

/// All containers together over a window, oldest first.
///
/// # Errors
/// Where the database does not answer.
pub async fn of_fleet(
    db: &Db,
    recent: &Recent,
    clock: &Clock,
    window: Window,
) -> Result<Vec<HistoryPoint>, AppError> {
    let (since, until) = span(recent, clock, window);
    let newer = recent.fleet(since);
    let older = store::fleet_history(db, since, until).await?;
    Ok(thin(merge(older, newer), window))
}

/// From when to when a window reaches. Rows from beyond the end are a wrong clock's.
fn span(recent: &Recent, clock: &Clock, window: Window) -> (i64, i64) {
    let now = clock.now().timestamp();
    (
        now - window.seconds(),
        recent.last_ts().map_or(now, |last| last.max(now)),
    )
}

/// Joins two lists that are each in order; of two points of one moment, the one from memory stays.
fn merge(older: Vec<HistoryPoint>, newer: Vec<HistoryPoint>) -> Vec<HistoryPoint> {
    let mut all = newer;
    all.extend(older);
    // Stable, so that memory's point stays before the store's.
    all.sort_by_key(|point| point.ts);
    all.dedup_by_key(|point| point.ts);
    all
}

/// Averages the points of long windows, so that there are no more than a chart has pixels.
fn thin(points: Vec<HistoryPoint>, window: Window) -> Vec<HistoryPoint> {
    let bucket = window.seconds() / MOST_POINTS + 1;
    if window.seconds() < Window::Day.seconds() || points.len() as i64 <= MOST_POINTS {
        return points;
    }
    points
        .chunk_by(|one, other| one.ts.div_euclid(bucket) == other.ts.div_euclid(bucket))
        .filter_map(average)
        .collect()
}

/// The mean of what is known, stamped as the last of them; the limit is the largest.
fn average(points: &[HistoryPoint]) -> Option<HistoryPoint> {
    let sum = HistoryPoint::sum(points.iter().copied())?;
    let known =
        |is_known: fn(&HistoryPoint) -> bool| points.iter().filter(|point| is_known(point)).count();
    let of_cpu = known(|point| point.cpu_percent.is_some()) as f64;
    let of_memory = known(|point| point.memory_usage.is_some()) as u64;
    Some(HistoryPoint {
        ts: points.last()?.ts,
        cpu_percent: sum
            .cpu_percent
            .map(|cpu| (cpu / of_cpu * 100.0).round() / 100.0),
        memory_usage: sum.memory_usage.map(|bytes| bytes / of_memory),
        memory_limit: sum.memory_limit,
    })
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::stats::store::tests::{database, entry};

    fn clock_at(ts: i64) -> Clock {
        Clock::held_at(DateTime::from_timestamp(ts, 0).unwrap())
    }

    fn cpu_at(ts: i64, cpu_percent: Option<f64>) -> HistoryPoint {
        HistoryPoint {
            ts,
            cpu_percent,
            ..HistoryPoint::default()
        }
    }

    fn stamps(points: &[HistoryPoint]) -> Vec<i64> {
        points.iter().map(|point| point.ts).collect()
    }

    #[tokio::test]
    async fn a_round_that_is_in_memory_and_in_the_store_is_one_point() {
        let (db, _dir) = database().await;
        let recent = Recent::default();
        for ts in [10_000, 10_002, 10_030] {
            recent.push(
                ts,
                vec![entry(1, Some(1.5), 1, 2), entry(3, Some(4.0), 1, 2)],
                30,
            );
        }
        let live = recent.workload("w1", 0);
        store::flush(&db, &recent.take_unflushed()).await.unwrap();
        let clock = clock_at(10_040);
        let half = Window::HalfHour;
        let points = of_workload(&db, &recent, &clock, "w1", half).await.unwrap();
        assert_eq!(points, live, "a reload shows what the chart showed");
        let points = of_fleet(&db, &recent, &clock, half).await.unwrap();
        assert_eq!(points, recent.fleet(0));
        // After a restart there is the store alone.
        let points = of_workload(&db, &Recent::default(), &clock, "w1", half)
            .await
            .unwrap();
        assert_eq!(stamps(&points), [10_000, 10_030]);
    }

    #[tokio::test]
    async fn a_window_ends_now_and_begins_its_length_ago() {
        let (db, _dir) = database().await;
        let recent = Recent::default();
        for ts in [10_000, 10_100, 20_000] {
            recent.push(ts, vec![entry(1, None, 1, 2)], 30);
        }
        store::flush(&db, &recent.take_unflushed()).await.unwrap();
        let empty = Recent::default();
        let half = Window::HalfHour;
        let points = of_fleet(&db, &empty, &clock_at(11_810), half)
            .await
            .unwrap();
        assert_eq!(stamps(&points), [10_100]);
    }

    #[tokio::test]
    async fn a_workload_without_samples_is_empty_and_an_unknown_one_not_found() {
        let (db, _dir) = database().await;
        let (recent, clock) = (Recent::default(), clock_at(10_000));
        let ask = |id| of_workload(&db, &recent, &clock, id, Window::SixHours);
        assert_eq!(ask("w2").await, Ok(Vec::new()));
        assert_eq!(ask("nobody").await.unwrap_err().code.status(), 404);
    }

    #[test]
    fn a_long_window_is_thinned_and_unknown_stays_unknown() {
        let month = Window::Month;
        let points: Vec<_> = (0..=month.seconds() / 30)
            .map(|round| cpu_at(round * 30, (round % 2 == 0).then_some(3.0)))
            .collect();
        let last = points.last().copied();
        let thinned = thin(points, month);
        assert!(thinned.len() as i64 <= MOST_POINTS + 1, "{}", thinned.len());
        assert!(thinned.iter().all(|point| point.cpu_percent == Some(3.0)));
        assert_eq!(
            thinned.last().map(|point| point.ts),
            last.map(|point| point.ts)
        );

        let unknown = (0..3000).map(|round| cpu_at(round * 30, None)).collect();
        assert!(
            thin(unknown, Window::Day)
                .iter()
                .all(|point| point.cpu_percent.is_none())
        );
    }

    #[test]
    fn short_windows_show_every_round() {
        let points: Vec<_> = (0..4000).map(|round| cpu_at(round * 5, None)).collect();
        assert_eq!(thin(points.clone(), Window::SixHours), points);
    }
}
