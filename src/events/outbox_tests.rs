//! What is left in the outbox is told once, whatever happens in between.

use super::*;
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
