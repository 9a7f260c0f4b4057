//! What is kept: over a restart everything, over a pulled plug all but the last minute.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::fake_engine::{FakeContainer, FakeEngine};
use crate::harness::{TestApp, wait_for};

const HISTORY: &str = "/api/stats/history?window=30m";

/// The times of all points there are.
async fn times(app: &TestApp) -> BTreeSet<i64> {
    let points = app.read(HISTORY).await;
    points
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|point| point["ts"].as_i64())
        .collect()
}

/// Waits until the history is this long, in seconds.
async fn history_of(app: &TestApp, seconds: i64) -> BTreeSet<i64> {
    let limit = Duration::from_secs(seconds.unsigned_abs() + 40);
    wait_for(&format!("{seconds} s of history"), limit, || async {
        let times = times(app).await;
        match (times.first(), times.last()) {
            (Some(first), Some(last)) if last - first >= seconds => Ok(times),
            _ => Err(format!("{times:?}")),
        }
    })
    .await
}

/// One container, and rounds that are as far apart as the settings allow at least.
async fn sampled() -> (FakeEngine, TestApp) {
    let engine = FakeEngine::start().await;
    let mut container = FakeContainer::named("web").at("shop", "prod");
    container.cpu_percent = 25.0;
    engine.run(container);
    let app = TestApp::ready(&engine.url()).await;
    app.patch("/api/settings", &json!({"stats_interval_secs": 5}))
        .await
        .data();
    app.workload("shop", "prod").await;
    (engine, app)
}

#[tokio::test]
async fn being_asked_to_end_loses_nothing_and_takes_less_than_ten_seconds() {
    let (_engine, mut app) = sampled().await;
    let before = history_of(&app, 10).await;
    app.signal("TERM");
    let asked = Instant::now();
    assert_eq!(
        app.ended(Duration::from_secs(10)).await,
        Some(0),
        "{}",
        app.output()
    );
    assert!(asked.elapsed() < Duration::from_secs(10));
    let app = app.restart_after_end().await;
    let after = times(&app).await;
    let lost: Vec<_> = before.difference(&after).collect();
    assert!(lost.is_empty(), "lost {lost:?} of {before:?}");
    let engines = app.engine_when(true).await;
    assert_eq!(engines["up"], true);
}

#[tokio::test]
async fn a_pulled_plug_costs_the_last_minute_at_most() {
    let (_engine, app) = sampled().await;
    let before = history_of(&app, 75).await;
    let killed = before.last().copied().unwrap_or_default();
    let app = app.crash_and_restart().await;
    let after = times(&app).await;
    // A flush takes its moment, so a round's length is added to the minute.
    let lost: Vec<_> = before
        .difference(&after)
        .filter(|ts| **ts < killed - 60 - 5)
        .copied()
        .collect();
    assert!(
        lost.is_empty(),
        "lost {lost:?} of {before:?}, found {after:?}"
    );
    assert!(
        after.iter().any(|ts| before.contains(ts)),
        "nothing at all was kept"
    );
    app.workload("shop", "prod").await;
}

#[tokio::test]
async fn a_reload_shows_what_the_chart_showed() {
    let engine = FakeEngine::start().await;
    let mut container = FakeContainer::named("web").at("shop", "prod");
    container.cpu_percent = 25.0;
    engine.run(container);
    let app = TestApp::ready(&engine.url()).await;
    let mut stream = app.stream("stats").await;
    let mut told: Vec<Value> = Vec::new();
    while told.len() < 4 {
        let with_cpu = |round: &Value| round["samples"][0]["cpu_percent"].is_number();
        told.push(
            stream
                .event("container_stats", Duration::from_secs(20), with_cpu)
                .await,
        );
    }
    let points = app.read(HISTORY).await;
    for round in told {
        let point = points
            .as_array()
            .into_iter()
            .flatten()
            .find(|one| one["ts"] == round["ts"]);
        let point = point.unwrap_or_else(|| panic!("{} is not in {points}", round["ts"]));
        assert_eq!(point["cpu_percent"], round["samples"][0]["cpu_percent"]);
        assert_eq!(point["memory_usage"], round["samples"][0]["memory_usage"]);
    }
}

#[tokio::test]
async fn ids_and_projects_are_the_same_after_a_restart_without_the_engine() {
    let mut engine = FakeEngine::start().await;
    engine.run(FakeContainer::named("web").at("shop", "prod"));
    let app = TestApp::ready(&engine.url()).await;
    let workload = app.workload("shop", "prod").await;
    let container = app
        .container_when(&workload["id"], "it to run", |one| {
            one["status"] == "running"
        })
        .await;
    engine.vanish().await;
    let app = app.restart().await;
    let now = app.workload("shop", "prod").await;
    assert_eq!(
        (&now["id"], &now["status"]),
        (&workload["id"], &json!("unknown"))
    );
    let known = app.containers(&workload["id"]).await;
    assert_eq!(
        (&known[0]["id"], &known[0]["name"]),
        (&container["id"], &json!("web"))
    );
    let page = app
        .get(&format!(
            "/apps/{}",
            workload["id"].as_str().unwrap_or_default()
        ))
        .await;
    assert_eq!(page.status, 200);
    assert!(
        page.text.contains("web"),
        "what was recorded is not on the page"
    );
}
