//! An engine that is away, comes back, is restarted, is killed, or is there and silent.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::fake_engine::{FakeContainer, FakeEngine};
use crate::harness::{TestApp, wait_for};
use crate::private_engine::PrivateEngine;

/// An outage is noticed, and its end, within this.
const NOTICED: Duration = Duration::from_secs(60);

/// Shorter than any deadline of a call to the engine, so that a read that waits for one is found out.
const QUICK: Duration = Duration::from_secs(8);

/// Every read that a page makes is answered, and at once, whatever the engine does.
async fn reads_are_quick(app: &TestApp) {
    for path in [
        "/api/engines",
        "/api/workloads",
        "/api/projects",
        "/api/health/summary",
        "/api/stats/history?window=30m",
        "/readyz",
        "/healthz",
        "/",
    ] {
        let start = Instant::now();
        assert_eq!(app.get(path).await.status, 200, "{path}");
        assert!(start.elapsed() < QUICK, "{path} took {:?}", start.elapsed());
    }
}

async fn status_when(app: &TestApp, project: &str, stage: &str, wanted: &[&str]) -> Value {
    wait_for(
        &format!("{project} to be one of {wanted:?}"),
        NOTICED,
        || async {
            let workload = app.workload(project, stage).await;
            let found = wanted.iter().any(|status| workload["status"] == *status);
            if found {
                Ok(workload)
            } else {
                Err(workload.to_string())
            }
        },
    )
    .await
}

#[tokio::test]
async fn an_engine_that_is_absent_at_the_start_is_found_when_it_appears() {
    let mut engine = FakeEngine::absent();
    engine.fill([FakeContainer::named("web").at("shop", "prod")]);
    let app = TestApp::ready(&engine.url()).await;
    let down = app.engine_when(false).await;
    let why = down["error"].as_str().unwrap_or_default();
    assert!(
        why.matches("cannot be reached").count() == 1 && down["version"].is_null(),
        "{down}"
    );
    assert_eq!(down["trouble"], "no_socket", "{down}");
    reads_are_quick(&app).await;
    engine.listen().await;
    let up = app.engine_when(true).await;
    assert_eq!(
        (&up["version"], &up["error"], &up["trouble"]),
        (&json!("20.10.99-fake"), &Value::Null, &Value::Null)
    );
    assert_eq!(up["api_version"], "1.41");
    app.workload("shop", "prod").await;

    engine.vanish().await;
    app.engine_when(false).await;
    status_when(&app, "shop", "prod", &["unknown"]).await;
    reads_are_quick(&app).await;
    engine.listen().await;
    app.engine_when(true).await;
    status_when(&app, "shop", "prod", &["running"]).await;
}

#[tokio::test]
async fn an_engine_that_is_restarted_and_one_that_is_killed_are_followed_again() {
    let engine = PrivateEngine::start();
    let label = ["--label", "docker-watcher.project=shop"];
    let web = engine.run("web", &label, "sleep 1000000");
    let app = TestApp::ready(engine.url()).await;
    status_when(&app, "shop", "default", &["running"]).await;
    let before = app
        .containers(&app.workload("shop", "default").await["id"])
        .await;

    engine.stop();
    app.engine_when(false).await;
    reads_are_quick(&app).await;
    engine.start_again();
    app.engine_when(true).await;
    status_when(&app, "shop", "default", &["stopped"]).await;
    web.start();
    status_when(&app, "shop", "default", &["running"]).await;

    engine.kill();
    app.engine_when(false).await;
    reads_are_quick(&app).await;
    engine.start_again();
    app.engine_when(true).await;
    // What a kill leaves behind is the engine's to judge; that we see it anew is ours.
    status_when(&app, "shop", "default", &["stopped", "running"]).await;
    web.start();
    let now = status_when(&app, "shop", "default", &["running"]).await;
    assert_eq!(app.containers(&now["id"]).await[0]["id"], before[0]["id"]);
}

#[tokio::test]
async fn an_engine_that_is_frozen_is_down_and_up_again_once_it_thaws() {
    let engine = PrivateEngine::start();
    let web = engine.run(
        "web",
        &["--label", "docker-watcher.project=shop"],
        "sleep 1000000",
    );
    let app = TestApp::ready(engine.url()).await;
    status_when(&app, "shop", "default", &["running"]).await;
    engine.freeze();
    reads_are_quick(&app).await;
    let down = app.engine_when(false).await;
    let why = down["error"].as_str().unwrap_or_default();
    assert_eq!(down["trouble"], "hangs", "{down}");
    assert!(
        why.contains("did not answer within 10 s; the daemon hangs; its log may say why"),
        "{down}"
    );
    reads_are_quick(&app).await;
    engine.thaw();
    app.engine_when(true).await;
    status_when(&app, "shop", "default", &["running"]).await;
    web.stop();
    status_when(&app, "shop", "default", &["stopped"]).await;
}

#[tokio::test]
async fn what_happened_while_the_engine_was_away_is_seen_when_it_is_back() {
    let mut engine = FakeEngine::start().await;
    let stays = engine.run(FakeContainer::named("stays").at("stays", "prod"));
    let stops = engine.run(FakeContainer::named("stops").at("stops", "prod"));
    let goes = engine.run(FakeContainer::named("goes").at("goes", "prod"));
    let app = TestApp::ready(&engine.url()).await;
    for project in ["stays", "stops", "goes"] {
        status_when(&app, project, "prod", &["running"]).await;
    }
    engine.vanish().await;
    app.engine_when(false).await;
    engine.stop(&stops, 1);
    engine.remove(&goes);
    engine.run(FakeContainer::named("comes").at("comes", "prod"));
    engine.listen().await;
    for (project, status) in [
        ("stays", "running"),
        ("stops", "stopped"),
        ("goes", "gone"),
        ("comes", "running"),
    ] {
        status_when(&app, project, "prod", &[status]).await;
    }
    let stayed = app
        .containers(&app.workload("stays", "prod").await["id"])
        .await;
    assert_eq!(stayed[0]["docker_id"], json!(stays));
}
