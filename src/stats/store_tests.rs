//! Samples on a real disk: what is written, what is read back, and by which way.

use sqlx::AssertSqlSafe;
use tempfile::TempDir;

use super::*;
use crate::stats::recent::Recent;
use crate::stats::usage::Entry;

/// A database with two workloads: `w1` has the slots 1 and 2, `w2` has slot 3.
pub(in crate::stats) async fn database() -> (Db, TempDir) {
    let dir = tempfile::tempdir().unwrap();
    let db = Db::open(&dir.path().join("test.db")).await.unwrap();
    sqlx::raw_sql(
        "insert into engines (id, name, url, created_at) values ('e', 'local', 'unix:///x', 0);
         insert into projects (id, name, created_at) values ('p', 'shop', 0);
         insert into workloads (id, project_id, stage, source, created_at)
         values ('w1', 'p', 'prod', 'discovered', 0), ('w2', 'p', 'test', 'discovered', 0);
         insert into containers (slot, id, engine_id, workload_id, service, number, docker_id, name,
             image, status)
         values (1, 'c1', 'e', 'w1', 'web', 1, printf('%064d', 1), 'web-1', 'i', 'running'),
             (2, 'c2', 'e', 'w1', 'web', 2, printf('%064d', 2), 'web-2', 'i', 'exited'),
             (3, 'c3', 'e', 'w2', 'web', 1, printf('%064d', 3), 'test-1', 'i', 'running')",
    )
    .execute(db.write())
    .await
    .unwrap();
    (db, dir)
}

pub(in crate::stats) fn entry(slot: i64, cpu: Option<f64>, usage: u64, limit: u64) -> Entry {
    Entry {
        slot,
        container_id: format!("c{slot}").into(),
        workload_id: if slot == 3 { "w2" } else { "w1" }.into(),
        figures: Figures {
            cpu_percent: cpu,
            memory_usage: Some(usage),
            memory_limit: Some(limit),
            network_rx: Some(u64::MAX),
            ..Figures::default()
        },
    }
}

fn at(ts: i64, cpu: Option<f64>, usage: u64, limit: u64) -> HistoryPoint {
    HistoryPoint {
        ts,
        cpu_percent: cpu,
        memory_usage: Some(usage),
        memory_limit: Some(limit),
    }
}

/// Two rounds: the first is everybody's first reading.
fn rounds() -> Vec<Arc<Remembered>> {
    let recent = Recent::default();
    let first = [(1, 10, 100), (2, 20, 200), (3, 30, 0)];
    recent.push(
        100,
        first
            .map(|(slot, usage, limit)| entry(slot, None, usage, limit))
            .into(),
        30,
    );
    let second = vec![
        entry(1, Some(0.1), 1, 100),
        entry(2, Some(0.2), 2, 200),
        entry(3, Some(50.0), 3, 0),
    ];
    recent.push(130, second, 30);
    recent.take_unflushed()
}

async fn count(db: &Db) -> i64 {
    sqlx::query_scalar("select count(*) from samples")
        .fetch_one(db.read())
        .await
        .unwrap()
}

#[tokio::test]
async fn what_was_written_reads_back_as_sums() {
    let (db, _dir) = database().await;
    flush(&db, &rounds()).await.unwrap();
    assert_eq!(
        workload_history(&db, "w1", 100, 130).await.unwrap(),
        [at(100, None, 30, 200), at(130, Some(0.3), 3, 200)]
    );
    assert_eq!(
        workload_history(&db, "w2", 101, 130).await.unwrap(),
        [at(130, Some(50.0), 3, 0)]
    );
    assert_eq!(
        fleet_history(&db, 0, 130).await.unwrap(),
        [at(100, None, 60, 0), at(130, Some(50.3), 6, 0)]
    );
    assert!(
        workload_history(&db, "w3", 0, 999)
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn memory_and_disk_say_the_same() {
    let (db, _dir) = database().await;
    let recent = Recent::default();
    let entries: Vec<Entry> = (1..=3)
        .map(|slot| entry(slot, Some(slot as f64 / 7.0), 7, 70))
        .collect();
    recent.push(100, entries, 30);
    flush(&db, &recent.take_unflushed()).await.unwrap();
    assert_eq!(
        workload_history(&db, "w1", 0, 100).await.unwrap(),
        recent.workload("w1", 0)
    );
    assert_eq!(fleet_history(&db, 0, 100).await.unwrap(), recent.fleet(0));
}

#[tokio::test]
async fn rounds_of_thousands_are_written_whole() {
    let (db, _dir) = database().await;
    let recent = Recent::default();
    recent.push(
        100,
        (1..=1234).map(|slot| entry(slot, None, 1, 2)).collect(),
        30,
    );
    flush(&db, &recent.take_unflushed()).await.unwrap();
    assert_eq!(count(&db).await, 1235);
}

#[tokio::test]
async fn a_second_write_of_the_same_round_changes_nothing() {
    let (db, _dir) = database().await;
    flush(&db, &rounds()).await.unwrap();
    flush(&db, &rounds()).await.unwrap();
    assert_eq!(count(&db).await, 8);
}

#[tokio::test]
async fn a_flush_that_fails_leaves_nothing_behind() {
    let (db, _dir) = database().await;
    sqlx::raw_sql(
        "create trigger broken before insert on samples when new.slot = 3
         begin select raise(abort, 'disk on fire'); end",
    )
    .execute(db.write())
    .await
    .unwrap();
    flush(&db, &rounds()).await.unwrap_err();
    assert_eq!(count(&db).await, 0);
}

#[tokio::test]
async fn only_what_is_too_old_is_pruned_in_batches_of_any_size() {
    for batch in [1, 2, 1000] {
        let (db, _dir) = database().await;
        flush(&db, &rounds()).await.unwrap();
        assert_eq!(prune(&db, 130, batch).await.unwrap(), 4);
        assert_eq!(prune(&db, 130, batch).await.unwrap(), 0);
        assert_eq!(fleet_history(&db, 0, 999).await.unwrap().len(), 1);
        assert_eq!(count(&db).await, 4);
    }
}

#[tokio::test]
async fn no_question_scans_the_samples() {
    let (db, _dir) = database().await;
    for sql in [WORKLOAD_HISTORY, FLEET_HISTORY, NEXT_SLOT, PRUNE] {
        let explain = AssertSqlSafe(format!("explain query plan {sql}"));
        let plan: Vec<(i64, i64, i64, String)> =
            sqlx::query_as(explain).fetch_all(db.write()).await.unwrap();
        let steps: Vec<_> = plan.into_iter().map(|row| row.3).collect();
        assert!(
            steps
                .iter()
                .any(|step| step.contains("USING PRIMARY KEY (slot")),
            "{steps:?}"
        );
        assert!(!steps.iter().any(|step| step.contains("SCAN")), "{steps:?}");
    }
}

#[tokio::test]
async fn an_instance_is_found_only_at_its_own_stage() {
    let (db, _dir) = database().await;
    let found = instance(&db, "p", "prod", "c1").await.unwrap().unwrap();
    assert_eq!(
        (found.slot, &*found.engine_id, &*found.status),
        (1, "e", "running")
    );
    for (project, stage, id) in [
        ("p", "test", "c1"),
        ("q", "prod", "c1"),
        ("p", "prod", "c9"),
    ] {
        assert_eq!(instance(&db, project, stage, id).await.unwrap(), None);
    }
    assert!(workload_exists(&db, "w1").await.unwrap());
    assert!(!workload_exists(&db, "c1").await.unwrap());
}
