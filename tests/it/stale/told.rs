//! That a container became stale is told once, whoever restarts how often.

use std::time::Duration;

use serde_json::{Value, json};

use super::at_fake;
use crate::fake_engine::{FakeContainer, FakeEngine};
use crate::harness::{TestApp, wait_for};

async fn lines(app: &TestApp) -> Vec<Value> {
    let all = app
        .read("/api/events?source=container&severity=warning")
        .await;
    all["items"].as_array().cloned().unwrap_or_default()
}

#[tokio::test]
async fn the_same_episode_is_told_once_over_five_restarts() {
    let engine = FakeEngine::start().await;
    engine.fill([FakeContainer::stopped("web", 30)]);
    let mut app = TestApp::ready(&engine.url()).await;
    for start in 0..6 {
        wait_for("it to be stale", Duration::from_secs(30), || async {
            let all = app
                .post("/api/containers/stale/scan", &json!({}))
                .await
                .data();
            if all.as_array().is_some_and(|all| all.len() == 1) {
                Ok(())
            } else {
                Err(all.to_string())
            }
        })
        .await;
        let told = wait_for("the line", Duration::from_secs(20), || async {
            let told = lines(&app).await;
            if told.is_empty() {
                Err("none".to_owned())
            } else {
                Ok(told)
            }
        })
        .await;
        assert_eq!(
            (told.len(), &told[0]["count"]),
            (1, &json!(1)),
            "start {start}: {told:?}"
        );
        // Every other time without a warning.
        app = if start % 2 == 0 {
            app.restart().await
        } else {
            app.crash_and_restart().await
        };
    }
}

#[tokio::test]
async fn many_at_once_are_one_line_and_a_new_episode_is_news() {
    let containers: Vec<_> = (0..8)
        .map(|number| FakeContainer::stopped(&format!("job-{number}"), 30))
        .collect();
    let (engine, mut desk) = at_fake(containers.clone()).await;
    desk.scan().await;
    let told = desk.told("container.stale_many", 1).await;
    assert_eq!(told[0]["details"]["count"], 8);
    assert_eq!(told[0]["severity"], "warning");
    desk.told("container.stale", 0).await;
    engine.start_again(&containers[0].id);
    engine.stop(&containers[0].id, 0);
    desk.wait_days(9).await;
    desk.stale("job-0").await;
    wait_for("a line of its own", Duration::from_secs(20), || async {
        let count = desk.scan().await.len();
        let told = desk.events("container.stale").await;
        if told.len() == 1 {
            Ok(())
        } else {
            Err(format!("{count}: {told:?}"))
        }
    })
    .await;
    desk.told("container.stale_many", 1).await;
}

#[tokio::test]
async fn a_threshold_that_was_changed_while_we_were_off_is_gone_by_soon() {
    let engine = FakeEngine::start().await;
    engine.fill([FakeContainer::stopped("web", 3)]);
    let mut app = TestApp::ready(&engine.url()).await;
    let last_scan = async |app: &TestApp| app.read("/api/containers/stale/scan").await;
    app.post("/api/containers/stale/scan", &json!({}))
        .await
        .data();
    app.signal("TERM");
    app.ended(Duration::from_secs(10)).await;
    let options = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(app.data_dir().join("docker-watcher.db"));
    let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
    let change = "update settings set stale_threshold_days = 2";
    sqlx::query(change).execute(&pool).await.unwrap();
    pool.close().await;
    let app = app.restart_after_end().await;
    wait_for("a scan of its own", Duration::from_secs(40), || async {
        let scan = last_scan(&app).await;
        if scan["stale"] == 1 {
            Ok(())
        } else {
            Err(scan.to_string())
        }
    })
    .await;
}
