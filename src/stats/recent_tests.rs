//! What memory holds, what it lets go, and what it owes to the store.

use super::*;
use crate::stats::usage::Figures;

fn entry(slot: i64, workload: &str, cpu: f64) -> Entry {
    Entry {
        slot,
        container_id: format!("c{slot}").into(),
        workload_id: workload.into(),
        figures: Figures {
            cpu_percent: Some(cpu),
            ..Figures::default()
        },
    }
}

fn crowd(size: usize) -> Vec<Entry> {
    let one = entry(1, "w", 1.0);
    vec![one; size]
}

fn stamps(rounds: &[Arc<Remembered>]) -> Vec<i64> {
    rounds.iter().map(|round| round.ts).collect()
}

#[test]
fn rounds_that_are_faster_than_the_interval_stay_in_memory() {
    let recent = Recent::default();
    for ts in (0..=60).step_by(2) {
        recent.push(ts, crowd(1), 30);
    }
    assert_eq!(stamps(&recent.take_unflushed()), [0, 30, 60]);
    assert_eq!(recent.fleet(0).len(), 31);
}

#[test]
fn a_round_is_owed_until_the_store_has_it() {
    let recent = Recent::default();
    recent.push(0, crowd(1), 30);
    recent.push(30, crowd(1), 30);
    assert_eq!(stamps(&recent.take_unflushed()), [0, 30]);
    assert_eq!(stamps(&recent.take_unflushed()), [0, 30]);
    recent.mark_flushed(0);
    assert_eq!(stamps(&recent.take_unflushed()), [30]);
}

#[test]
fn half_an_hour_is_remembered_and_unsaved_rounds_longer() {
    let recent = Recent::default();
    recent.push(0, crowd(1), 30);
    recent.push(2, crowd(1), 30);
    recent.push(1900, crowd(1), 30);
    assert_eq!(recent.fleet(0).len(), 3);
    recent.mark_flushed(1900);
    assert_eq!(recent.fleet(0).len(), 1);
}

#[test]
fn the_oldest_fast_rounds_make_room_first() {
    let recent = Recent::default();
    for ts in [0, 2, 4, 30, 32] {
        recent.push(ts, crowd(ROOM / 4), 30);
    }
    assert_eq!(stamps(&recent.since(0)), [0, 4, 30, 32]);
    recent.mark_flushed(30);
    recent.push(60, crowd(ROOM / 2), 30);
    assert_eq!(stamps(&recent.since(0)), [0, 30, 60]);
    recent.push(62, crowd(ROOM / 4), 30);
    assert_eq!(stamps(&recent.since(0)), [30, 60, 62]);
}

#[test]
fn an_unsaved_round_is_dropped_only_at_the_hard_limit() {
    let recent = Recent::default();
    for round in 0..8 {
        recent.push(round * 30, crowd(ROOM / 4), 30);
    }
    assert_eq!(recent.take_unflushed().len(), 8);
    recent.push(240, crowd(ROOM / 4), 30);
    assert_eq!(stamps(&recent.take_unflushed())[0], 30);
}

#[test]
fn a_round_that_is_too_large_is_shown_all_the_same() {
    let recent = Recent::default();
    recent.push(0, crowd(HARD_ROOM + 1), 30);
    assert_eq!(recent.fleet(0).len(), 1);
}

#[test]
fn a_workload_is_the_sum_of_its_containers() {
    let recent = Recent::default();
    recent.push(
        5,
        vec![entry(1, "a", 1.5), entry(2, "b", 10.0), entry(3, "a", 2.25)],
        30,
    );
    recent.push(35, vec![entry(2, "b", 10.0)], 30);
    let points = recent.workload("a", 0);
    assert_eq!(points.len(), 1, "a round without its containers is a gap");
    assert_eq!((points[0].ts, points[0].cpu_percent), (5, Some(3.75)));
    assert_eq!(recent.fleet(0)[0].cpu_percent, Some(13.75));
    assert!(recent.workload("a", 6).is_empty());
}

#[test]
fn an_empty_round_is_a_gap_and_not_a_zero() {
    let recent = Recent::default();
    recent.push(5, Vec::new(), 30);
    assert_eq!(recent.last_ts(), Some(5));
    assert_eq!(
        recent.latest(),
        Some(Round {
            ts: 5,
            samples: Vec::new()
        })
    );
    assert!(recent.fleet(0).is_empty());
}

#[test]
fn rounds_of_a_clock_that_was_wrong_are_forgotten() {
    let recent = Recent::default();
    recent.push(100, crowd(1), 30);
    recent.push(9_000_000, crowd(1), 30);
    recent.mark_flushed(9_000_000);
    recent.forget_from(200);
    recent.push(200, crowd(1), 30);
    assert_eq!(
        stamps(&recent.since(0)),
        [200],
        "the jump had aged the first round"
    );
    assert_eq!(stamps(&recent.take_unflushed()), [200]);
}

#[test]
fn the_last_round_is_the_one_that_went_over_the_stream() {
    let recent = Recent::default();
    assert_eq!(recent.latest(), None);
    recent.push(5, crowd(3), 30);
    recent.push(7, vec![entry(1, "a", 1.5)], 30);
    let round = recent.latest().expect("two rounds were made");
    assert_eq!((round.ts, round.samples.len()), (7, 1));
    assert_eq!(round.samples[0].cpu_percent, Some(1.5));
}
