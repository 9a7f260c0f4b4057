//! A wrong clock takes no line away, a machine that was off catches up, and a log that is not written says so.

use chrono::Duration;

use super::*;
use crate::events::model::Happening;
use crate::events::report::Report;
use crate::secrets::key::{Key, Ring};
use crate::server::clock::from_millis;

/// 2026-04-11 in Unix milliseconds.
const START: i64 = 1_767_225_600_000 + 100 * DAY;

async fn parts() -> (tempfile::TempDir, Parts) {
    let dir = tempfile::tempdir().unwrap();
    let db = Db::open(&dir.path().join("test.db")).await.unwrap();
    let clock = Clock::held_at(from_millis(START));
    let log = EventLog::open(&db, clock.clone()).await.unwrap();
    let parts = Parts {
        db,
        clock,
        vault: Vault::new(&Ring::of(Key::random()), None),
        bus: Bus::default(),
        log,
    };
    (dir, parts)
}

fn tell(parts: &Parts, name: &str, at: i64) {
    let happening = Happening::ContainerDied {
        name: name.into(),
        exit_code: Some(3),
    };
    parts.log.tell(Report::from(happening).at(at));
}

async fn change(parts: &Parts, sql: &'static str) {
    sqlx::query(sql).execute(parts.db.write()).await.unwrap();
}

#[tokio::test]
async fn a_clock_that_is_years_ahead_takes_no_line_away_however_often_the_program_starts() {
    let (_dir, parts) = parts().await;
    for number in 0..20 {
        tell(&parts, &number.to_string(), START);
    }
    finish(&parts).await;
    assert_eq!(prune_now(&parts, &mut None).await.unwrap(), 0);
    parts.clock.jump(Duration::days(1500));
    for start in 0..3 {
        // What was believed before is in the database alone.
        let mut time = None;
        assert_eq!(prune_now(&parts, &mut time).await.unwrap(), 0);
        tell(&parts, &format!("ahead {start}"), parts.clock.millis());
        finish(&parts).await;
        parts.clock.advance(Duration::hours(3));
        assert_eq!(prune_now(&parts, &mut time).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn a_machine_that_was_off_for_ten_days_prunes_by_its_clock_after_a_day_that_was_watched() {
    let (_dir, parts) = parts().await;
    // Of the thirty days that lines are kept.
    tell(&parts, "old", START - 25 * DAY);
    tell(&parts, "young", START - 15 * DAY);
    finish(&parts).await;
    assert_eq!(prune_now(&parts, &mut None).await.unwrap(), 0);
    parts.clock.jump(Duration::days(10));
    let mut time = None;
    assert_eq!(prune_now(&parts, &mut time).await.unwrap(), 0);
    parts.clock.advance(Duration::hours(28));
    assert_eq!(prune_now(&parts, &mut time).await.unwrap(), 1);
}

#[tokio::test]
async fn a_log_that_cannot_be_written_says_so_until_it_can() {
    let (_dir, parts) = parts().await;
    let mut writer = open(&parts).await.unwrap();
    change(&parts, "create table kept as select * from event_chain").await;
    change(&parts, "delete from event_chain").await;
    tell(&parts, "web", START);
    let stopped = CancellationToken::new();
    stopped.cancel();
    assert!(!parts.log.is_failing());
    let mut load = parts.log.take_out();
    write_all(&parts.log, &mut writer, &mut load, &stopped).await;
    assert!(parts.log.is_failing());

    change(&parts, "insert into event_chain select * from kept").await;
    let mut load = parts.log.take_out();
    assert_eq!(load.lines.len(), 1, "nothing was lost");
    write_all(&parts.log, &mut writer, &mut load, &stopped).await;
    assert!(!parts.log.is_failing() && load.is_empty());
    assert!(parts.log.take_out().is_empty());
}
