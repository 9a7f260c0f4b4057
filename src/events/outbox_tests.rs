//! What is left in the outbox is told once, whatever happens in between.

use std::time::Duration;

use tokio::time::timeout;

use super::*;
use crate::events::intake::MOST_WAITING;
use crate::events::log::EventLog;
use crate::events::outbox::{deliver, leave};
use crate::events::store::outbox;

#[tokio::test]
async fn what_was_left_goes_with_the_line_that_it_becomes_and_not_before() {
    let mut bench = Bench::new().await;
    let log = EventLog::silent();
    let left = async |bench: &Bench| outbox::after(&bench.db, 0, 10).await.unwrap().len();
    let mut tx = bench.db.begin().await.unwrap();
    leave(&mut tx, &died("web").about("w", "c"), START)
        .await
        .unwrap();
    leave(&mut tx, &died("web").about("w", "c"), START + 1)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    // It is taken out and never written: the program was killed.
    deliver(&bench.db, &log, &mut 0).await.unwrap();
    drop(log.take_out());
    assert_eq!(left(&bench).await, 2);

    let mut told = 0;
    deliver(&bench.db, &log, &mut told).await.unwrap();
    let mut load = log.take_out();
    bench.writer.write_some(&mut load).await.unwrap();
    assert_eq!(left(&bench).await, 0);
    let lines = bench.list(&Filter::default()).await;
    assert_eq!((lines.len(), lines[0].count), (1, 2));
    assert_eq!(lines[0].container_id.as_deref(), Some("c"));

    // What comes afterwards is not taken for what was told, and what was rolled back is not there.
    let mut tx = bench.db.begin().await.unwrap();
    leave(&mut tx, &died("never"), START).await.unwrap();
    drop(tx);
    let mut tx = bench.db.begin().await.unwrap();
    leave(&mut tx, &died("db"), START + 2).await.unwrap();
    tx.commit().await.unwrap();
    deliver(&bench.db, &log, &mut told).await.unwrap();
    bench.writer.write_some(&mut log.take_out()).await.unwrap();
    assert_eq!(names(&bench.list(&Filter::default()).await), ["db", "web"]);
    assert_eq!(left(&bench).await, 0);
}

#[tokio::test]
async fn what_lies_safely_waits_for_room_and_keeps_its_name() {
    let bench = Bench::new().await;
    let log = EventLog::silent();
    let all = MOST_WAITING + 2000;
    let mut tx = bench.db.begin().await.unwrap();
    for number in 0..all {
        leave(&mut tx, &died(&number.to_string()), START)
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
    let (mut told, mut named) = (0, 0);
    let delivering = deliver(&bench.db, &log, &mut told);
    tokio::pin!(delivering);
    loop {
        // Time enough to go too far.
        let done = timeout(Duration::from_millis(500), &mut delivering).await;
        let load = log.take_out();
        assert!(load.lines.len() < MOST_WAITING * 3 / 4);
        let mut lines = load.lines.iter();
        assert!(lines.all(|line| line.same.kind == "container.died"));
        named += load.lines.len();
        if let Ok(done) = done {
            done.unwrap();
            break;
        }
    }
    assert_eq!(named, all);
}
