//! From history and live rounds to the lines of a chart: merged, trimmed, with gaps as gaps.

use super::model::{HistoryPoint, Round};

/// Seconds: shorter pauses between two points are never a gap.
const SHORTEST_GAP: i64 = 90;

/// Seconds: a chart is never narrower, or two points would fill it.
const SHORTEST_SPAN: i64 = 300;

/// How many distances on each side say what is usual at a place.
const NEIGHBOURS: usize = 5;

/// One line of a chart: Unix seconds and a value, `None` where nothing was measured.
pub type Curve = Vec<(i64, Option<f64>)>;

/// The sum of a round over one workload's containers, or over all; `None` where it has none of them.
pub fn sum(round: &Round, workload: Option<&str>) -> Option<HistoryPoint> {
    let samples = round.samples.iter();
    let chosen = samples.filter(|sample| workload.is_none_or(|id| sample.workload_id == id));
    HistoryPoint::sum(chosen.map(|sample| sample.point(round.ts)))
}

/// Adds one live point; one that is already there, or older than the last, changes nothing.
pub fn append(points: &mut Vec<HistoryPoint>, point: HistoryPoint, window_secs: i64) -> bool {
    if points.last().is_some_and(|last| last.ts >= point.ts) {
        return false;
    }
    points.push(point);
    trim(points, window_secs);
    true
}

/// A history that was read, followed by the live points that are newer than it.
pub fn merge(
    mut history: Vec<HistoryPoint>,
    live: &[HistoryPoint],
    window_secs: i64,
) -> Vec<HistoryPoint> {
    let end = history.last().map_or(i64::MIN, |last| last.ts);
    history.extend(live.iter().filter(|point| point.ts > end));
    trim(&mut history, window_secs);
    history
}

/// Drops what is older than the window, which ends at the newest point.
fn trim(points: &mut Vec<HistoryPoint>, window_secs: i64) {
    if let Some(end) = points.last().map(|last| last.ts) {
        let first = points.partition_point(|point| point.ts < end - window_secs);
        points.drain(..first);
    }
}

/// The span that a chart shows: the window, or less where nothing of it was measured before.
pub fn span(points: &[HistoryPoint], window_secs: i64) -> (i64, i64) {
    let first = points.first().map_or(0, |first| first.ts);
    let last = points.last().map_or(0, |last| last.ts);
    (
        first.clamp(last - window_secs, last - SHORTEST_SPAN.min(window_secs)),
        last,
    )
}

/// One figure of the points as a line, with a hole wherever nothing was measured for longer than three
/// times the usual distance and at least a minute and a half.
pub fn curve(points: &[HistoryPoint], figure: impl Fn(&HistoryPoint) -> Option<f64>) -> Curve {
    let mut curve = Curve::with_capacity(points.len());
    for (index, point) in points.iter().enumerate() {
        if index > 0 {
            let before = points[index - 1].ts;
            let distance = point.ts - before;
            if distance >= SHORTEST_GAP && distance > 3 * usual_distance(points, index) {
                curve.push((before + distance / 2, None));
            }
        }
        curve.push((point.ts, figure(point)));
    }
    curve
}

/// The median distance around the one that ends at `index`, without that one. It is asked locally,
/// because a window holds slow rounds and, since somebody looks, fast ones. In doubt it is the longer.
fn usual_distance(points: &[HistoryPoint], index: usize) -> i64 {
    let first = index.saturating_sub(NEIGHBOURS).max(1);
    let last = (index + NEIGHBOURS).min(points.len() - 1);
    let around = (first..=last).filter(|at| *at != index);
    let mut distances: Vec<_> = around.map(|at| points[at].ts - points[at - 1].ts).collect();
    distances.sort_unstable();
    distances.get(distances.len() / 2).copied().unwrap_or(0)
}

/// What a sentence says of a line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    pub low: f64,
    pub high: f64,
    /// The newest value that is known.
    pub latest: f64,
}

/// The range of one figure; `None` where it was never measured.
pub fn range(
    points: &[HistoryPoint],
    figure: impl Fn(&HistoryPoint) -> Option<f64>,
) -> Option<Range> {
    points.iter().filter_map(figure).fold(None, |range, value| {
        let Range { low, high, .. } = range.unwrap_or(Range {
            low: value,
            high: value,
            latest: value,
        });
        Some(Range {
            low: low.min(value),
            high: high.max(value),
            latest: value,
        })
    })
}

/// At most `most` points for a table, newest first: the last one of each of `most` equal spans of time.
pub fn rows(points: &[HistoryPoint], window_secs: i64, most: i64) -> Vec<HistoryPoint> {
    let span = (window_secs / most.max(1)).max(1);
    let mut rows: Vec<HistoryPoint> = Vec::new();
    for point in points.iter().rev() {
        if rows
            .last()
            .is_none_or(|row| row.ts.div_euclid(span) != point.ts.div_euclid(span))
        {
            rows.push(*point);
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::model::Sample;

    fn at(ts: i64) -> HistoryPoint {
        HistoryPoint {
            ts,
            cpu_percent: Some(ts as f64),
            ..HistoryPoint::default()
        }
    }

    fn times(points: &[HistoryPoint]) -> Vec<i64> {
        points.iter().map(|point| point.ts).collect()
    }

    fn holes(points: &[HistoryPoint]) -> Vec<i64> {
        let curve = curve(points, |point| point.cpu_percent);
        curve
            .iter()
            .filter(|(_, value)| value.is_none())
            .map(|(ts, _)| *ts)
            .collect()
    }

    fn sample(workload: &str, cpu: Option<f64>, limit: u64) -> Sample {
        Sample {
            workload_id: workload.into(),
            cpu_percent: cpu,
            memory_usage: Some(10),
            memory_limit: Some(limit),
            ..Sample::default()
        }
    }

    #[test]
    fn a_round_is_summed_over_what_is_known_of_one_workload() {
        let samples = vec![
            sample("a", Some(1.5), 64),
            sample("a", None, 0),
            sample("b", Some(40.0), 64),
        ];
        let round = Round { ts: 9, samples };
        let point = sum(&round, Some("a")).expect("the workload is in the round");
        assert_eq!(
            (
                point.ts,
                point.cpu_percent,
                point.memory_usage,
                point.memory_limit
            ),
            (9, Some(1.5), Some(20), Some(0))
        );
        let all = sum(&round, None).expect("the round has samples");
        assert_eq!((all.cpu_percent, all.memory_usage), (Some(41.5), Some(30)));
    }

    #[test]
    fn a_workload_that_is_not_in_the_round_has_no_point_and_an_unknown_one_is_not_zero() {
        let round = Round {
            ts: 9,
            samples: vec![sample("a", None, 0)],
        };
        assert_eq!(sum(&round, Some("b")), None);
        assert_eq!(sum(&round, None).and_then(|point| point.cpu_percent), None);
    }

    #[test]
    fn a_live_point_that_is_already_there_changes_nothing() {
        let mut points = vec![at(10), at(20)];
        assert!(!append(&mut points, at(20), 100));
        assert!(!append(&mut points, at(15), 100));
        assert!(append(&mut points, at(30), 100));
        assert_eq!(times(&points), [10, 20, 30]);
    }

    #[test]
    fn what_is_older_than_the_window_goes() {
        let mut points = vec![at(10), at(20), at(30)];
        append(&mut points, at(125), 100);
        assert_eq!(times(&points), [30, 125]);
    }

    #[test]
    fn live_points_follow_the_history_once() {
        let merged = merge(vec![at(10), at(20)], &[at(18), at(20), at(22)], 100);
        assert_eq!(times(&merged), [10, 20, 22]);
        assert_eq!(times(&merge(vec![], &[at(5)], 100)), [5]);
    }

    #[test]
    fn a_young_history_fills_the_chart_but_two_points_do_not() {
        assert_eq!(span(&[at(1000), at(1600)], 1800), (1000, 1600));
        assert_eq!(span(&[at(1000), at(1002)], 1800), (702, 1002));
        assert_eq!(span(&[at(0), at(9000)], 1800), (7200, 9000));
    }

    #[test]
    fn a_long_pause_is_a_hole_and_a_missed_round_is_not() {
        let mut points: Vec<_> = (0..10).map(|n| at(n * 30)).collect();
        points.push(at(330));
        assert!(holes(&points).is_empty());
        points.push(at(930));
        assert_eq!(holes(&points), [630]);
    }

    #[test]
    fn slow_rounds_that_become_fast_ones_have_no_holes() {
        let slow = (0..8).map(|n| at(n * 300));
        let fast = (0..50).map(|n| at(2100 + 2 + n * 2));
        assert!(holes(&slow.chain(fast).collect::<Vec<_>>()).is_empty());
    }

    #[test]
    fn two_lone_points_far_apart_are_no_proof_of_a_hole_but_fast_ones_before_are() {
        let mut points: Vec<_> = (0..6).map(|n| at(n * 2)).collect();
        points.extend([at(1000), at(2000)]);
        assert_eq!(holes(&points), [505, 1500]);
    }

    #[test]
    fn the_range_names_the_newest_value_that_is_known() {
        let unknown = HistoryPoint {
            ts: 9,
            ..HistoryPoint::default()
        };
        let range = range(&[at(4), at(2), at(3), unknown], |point| point.cpu_percent);
        assert_eq!(
            range,
            Some(Range {
                low: 2.0,
                high: 4.0,
                latest: 3.0
            })
        );
        assert_eq!(super::range(&[unknown], |point| point.cpu_percent), None);
    }

    #[test]
    fn a_table_has_the_last_point_of_each_span_newest_first() {
        let points: Vec<_> = (0..100).map(|n| at(n * 2)).collect();
        assert_eq!(times(&rows(&points, 200, 4)), [198, 148, 98, 48]);
        assert_eq!(times(&rows(&points[..2], 1800, 60)), [2]);
    }
}
