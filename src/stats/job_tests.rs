//! What the job leaves on the disk.

use super::*;
use crate::stats::store::tests::{database, entry};

fn parts(db: Db) -> Parts {
    Parts {
        db,
        clock: Clock::system(),
        engines: Engines::default(),
        roster: Roster::default(),
        bus: Bus::default(),
        recent: Recent::default(),
    }
}

#[tokio::test]
async fn the_last_round_is_saved_at_shutdown() {
    let (db, _dir) = database().await;
    let parts = parts(db);
    parts.recent.push(1000, vec![entry(1, Some(1.0), 1, 2)], 30);
    let shutdown = CancellationToken::new();
    shutdown.cancel();
    run(parts.clone(), shutdown).await;
    let points = store::workload_history(&parts.db, "w1", 0, 2000)
        .await
        .unwrap();
    assert_eq!(points.len(), 1);
    assert!(parts.recent.take_unflushed().is_empty());
}

#[tokio::test]
async fn what_could_not_be_saved_is_saved_later() {
    let (db, _dir) = database().await;
    let parts = parts(db);
    parts.recent.push(1000, vec![entry(1, Some(1.0), 1, 2)], 30);
    sqlx::raw_sql("alter table samples rename to hidden")
        .execute(parts.db.write())
        .await
        .unwrap();
    flush(&parts).await.unwrap_err();
    parts.recent.push(1030, vec![entry(1, Some(2.0), 1, 2)], 30);
    sqlx::raw_sql("alter table hidden rename to samples")
        .execute(parts.db.write())
        .await
        .unwrap();
    flush(&parts).await.unwrap();
    assert_eq!(
        store::fleet_history(&parts.db, 0, 2000)
            .await
            .unwrap()
            .len(),
        2
    );
}
