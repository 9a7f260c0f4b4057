//! Figures, units and times in both languages.

use chrono::{DateTime, TimeDelta, Utc};

use super::*;

fn at() -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000, 0).unwrap()
}

#[test]
fn memory_is_counted_in_powers_of_1024() {
    assert_eq!(memory(0, Locale::en), "0\u{a0}B");
    assert_eq!(memory(1023, Locale::en), "1023\u{a0}B");
    assert_eq!(memory(1024, Locale::en), "1.0\u{a0}KiB");
    assert_eq!(memory(222_298_112, Locale::en), "212\u{a0}MiB");
    assert_eq!(memory(1_288_490_189, Locale::ru), "1,2\u{a0}ГиБ");
}

#[test]
fn a_small_share_keeps_a_digit_and_a_large_one_does_not() {
    assert_eq!(percent(0.0, Locale::en), "0\u{a0}%");
    assert_eq!(percent(0.04, Locale::en), "0\u{a0}%");
    assert_eq!(percent(0.42, Locale::ru), "0,4\u{a0}%");
    assert_eq!(percent(9.96, Locale::en), "10\u{a0}%");
    assert_eq!(percent(187.4, Locale::en), "187\u{a0}%");
}

#[test]
fn a_time_is_told_in_its_largest_unit() {
    let before = |minutes| ago(at() - TimeDelta::minutes(minutes), at(), Locale::en);
    assert_eq!(before(0), "just now");
    assert_eq!(before(59), "59 min ago");
    assert_eq!(before(60), "1 h ago");
    assert_eq!(before(3 * 1440), "3 d ago");
    assert_eq!(
        ago(at() - TimeDelta::minutes(5), at(), Locale::ru),
        "5 мин назад"
    );
}

#[test]
fn a_clock_that_runs_ahead_says_just_now() {
    assert_eq!(
        ago(at() + TimeDelta::hours(2), at(), Locale::en),
        "just now"
    );
}

#[test]
fn the_exact_time_names_its_distance_from_utc() {
    assert_eq!(exact(at(), 0), "2026-09-21 14:13:20 UTC");
    assert_eq!(exact(at(), 180), "2026-09-21 17:13:20 UTC+03:00");
}
