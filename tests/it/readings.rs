//! What a container costs, read from counters that are known to the last digit.

use std::time::Duration;

use serde_json::{Value, json};

use crate::fake_engine::{Cgroup, FakeContainer, FakeEngine, HOST_MEMORY};
use crate::harness::{SOON, TestApp, wait_for};

const MIB: u64 = 1 << 20;

/// The only container of this workload, in our words.
async fn id_of(app: &TestApp, project: &str) -> Value {
    let workload = app.workload(project, "prod").await;
    app.container_when(&workload["id"], "it to run", |one| {
        one["status"] == "running"
    })
    .await["id"]
        .clone()
}

fn about(value: &Value, wanted: f64, within: f64) -> bool {
    value
        .as_f64()
        .is_some_and(|value| (value - wanted).abs() <= within)
}

#[tokio::test]
async fn known_counters_give_known_figures_under_both_kinds_of_control_groups() {
    let engine = FakeEngine::start().await;
    for (project, cgroup) in [("first", Cgroup::V1), ("second", Cgroup::V2)] {
        let mut container = FakeContainer::named(project).at(project, "prod");
        container.cgroup = cgroup;
        container.cpu_percent = 150.0;
        container.memory = 200 * MIB;
        container.page_cache = 700 * MIB;
        container.memory_limit = 1000 * MIB;
        engine.run(container);
    }
    let app = TestApp::ready(&engine.url()).await;
    let mut stream = app.stream("stats").await;
    for project in ["first", "second"] {
        let id = id_of(&app, project).await;
        let sample = stream
            .sample(&id, SOON, |sample| sample["cpu_percent"].is_number())
            .await;
        assert!(
            about(&sample["cpu_percent"], 150.0, 1.0),
            "{project}: {sample}"
        );
        assert_eq!(sample["memory_usage"], json!(200 * MIB), "{project}");
        assert_eq!(sample["memory_limit"], json!(1000 * MIB), "{project}");
        assert!(
            about(&sample["memory_percent"], 20.0, 0.01),
            "{project}: {sample}"
        );
        assert!(
            sample["network_rx"]
                .as_u64()
                .is_some_and(|bytes| bytes >= 1000),
            "{sample}"
        );
        assert_eq!(
            (&sample["network_tx"], &sample["block_read"]),
            (&json!(500), &json!(4096))
        );
    }
}

#[tokio::test]
async fn unknown_unlimited_and_zero_are_three_different_things() {
    let engine = FakeEngine::start().await;
    let mut blind = FakeContainer::named("blind").at("blind", "prod");
    blind.memory_known = false;
    blind.network = false;
    engine.run(blind);
    let mut idle = FakeContainer::named("idle").at("idle", "prod");
    idle.memory_limit = HOST_MEMORY;
    engine.run(idle);
    let app = TestApp::ready(&engine.url()).await;
    let (blind, idle) = (id_of(&app, "blind").await, id_of(&app, "idle").await);
    let mut stream = app.stream("stats").await;

    let sample = stream
        .sample(&idle, SOON, |sample| sample["cpu_percent"].is_number())
        .await;
    assert_eq!(
        sample["cpu_percent"].as_f64(),
        Some(0.0),
        "zero was measured: {sample}"
    );
    assert_eq!(
        sample["memory_limit"], 0,
        "the host's memory is no limit: {sample}"
    );
    assert_eq!(sample["memory_percent"], Value::Null, "{sample}");

    let sample = stream.sample(&blind, SOON, |_| true).await;
    for unknown in [
        "memory_usage",
        "memory_limit",
        "memory_percent",
        "network_rx",
        "network_tx",
    ] {
        assert_eq!(sample[unknown], Value::Null, "{unknown}: {sample}");
    }
    let workload = app.workload("blind", "prod").await;
    let path = format!(
        "/api/workloads/{}",
        workload["id"].as_str().unwrap_or_default()
    );
    let points = app.read(&format!("{path}/stats/history?window=30m")).await;
    assert_eq!(points[0]["memory_usage"], Value::Null, "{points}");
}

#[tokio::test]
async fn a_first_reading_has_no_cpu_and_a_counter_that_goes_back_begins_anew() {
    let engine = FakeEngine::start().await;
    let mut container = FakeContainer::named("web").at("shop", "prod");
    container.cpu_percent = 80.0;
    let docker_id = engine.run(container);
    let app = TestApp::ready(&engine.url()).await;
    let id = id_of(&app, "shop").await;
    let mut stream = app.stream("stats").await;
    stream
        .sample(&id, SOON, |sample| about(&sample["cpu_percent"], 80.0, 1.0))
        .await;
    engine.stop(&docker_id, 0);
    engine.start_again(&docker_id);
    let mut after = Vec::new();
    for _ in 0..4 {
        after.push(stream.sample(&id, SOON, |_| true).await["cpu_percent"].clone());
    }
    let wrong = after
        .iter()
        .any(|cpu| !cpu.is_null() && !about(cpu, 80.0, 1.0));
    assert!(!wrong, "readings across the restart: {after:?}");
    assert!(
        after.iter().any(Value::is_number),
        "it never came back: {after:?}"
    );
}

#[tokio::test]
async fn a_workload_is_the_sum_of_its_containers_and_the_fleet_of_all() {
    let engine = FakeEngine::start().await;
    for (name, project, cpu, limit) in [
        ("web-1", "shop", 30.0, 100 * MIB),
        ("web-2", "shop", 50.0, 300 * MIB),
        ("other", "blog", 20.0, HOST_MEMORY),
    ] {
        let mut container = FakeContainer::named(name).at(project, "prod");
        container.cpu_percent = cpu;
        container.memory = 50 * MIB;
        container.memory_limit = limit;
        engine.run(container);
    }
    let app = TestApp::ready(&engine.url()).await;
    let workload = app.workload("shop", "prod").await;
    let _stream = app.stream("stats").await;
    let path = format!(
        "/api/workloads/{}",
        workload["id"].as_str().unwrap_or_default()
    );
    let last = |path: String| {
        let app = &app;
        async move {
            let points = app.read(&path).await;
            points
                .as_array()
                .and_then(|points| points.last().cloned())
                .unwrap_or_default()
        }
    };
    wait_for("both containers in one point", SOON, || async {
        let point = last(format!("{path}/stats/history?window=30m")).await;
        let right = about(&point["cpu_percent"], 80.0, 2.0)
            && point["memory_usage"] == json!(100 * MIB)
            && point["memory_limit"] == json!(300 * MIB)
            && point["ts"].is_i64();
        if right {
            Ok(())
        } else {
            Err(point.to_string())
        }
    })
    .await;
    wait_for("all containers in one point", SOON, || async {
        let point = last("/api/stats/history?window=30m".into()).await;
        let right = about(&point["cpu_percent"], 100.0, 2.0)
            && point["memory_usage"] == json!(150 * MIB)
            && point["memory_limit"] == 0;
        if right {
            Ok(())
        } else {
            Err(point.to_string())
        }
    })
    .await;
    let points = app.read(&format!("{path}/stats/history?window=30m")).await;
    let times: Vec<_> = points
        .as_array()
        .into_iter()
        .flatten()
        .map(|one| one["ts"].as_i64())
        .collect();
    assert!(
        times.is_sorted() && !times.windows(2).any(|pair| pair[0] == pair[1]),
        "{times:?}"
    );
}

#[tokio::test]
async fn a_fresh_reading_can_be_had_of_one_container_that_runs() {
    let engine = FakeEngine::start().await;
    let mut container = FakeContainer::named("web").at("shop", "prod");
    container.cpu_percent = 60.0;
    container.memory = 10 * MIB;
    let docker_id = engine.run(container);
    let app = TestApp::ready(&engine.url()).await;
    let id = id_of(&app, "shop").await;
    let workload = app.workload("shop", "prod").await;
    let path = format!(
        "/api/projects/{}/stages/prod/instances/{}/stats",
        workload["project_id"].as_str().unwrap_or_default(),
        id.as_str().unwrap_or_default()
    );
    let reading = app.read(&path).await;
    assert_eq!(reading["container_id"], id);
    assert!(reading["ts"].is_i64(), "{reading}");
    assert_eq!(reading["memory_usage"], json!(10 * MIB));
    assert_eq!(
        (&reading["memory_limit"], &reading["memory_percent"]),
        (&json!(0), &Value::Null)
    );
    assert!(about(&reading["cpu_percent"], 60.0, 3.0) || reading["cpu_percent"].is_null());
    engine.stop(&docker_id, 0);
    app.container_when(&workload["id"], "it to be stopped", |one| {
        one["status"] == "exited"
    })
    .await;
    app.get(&path).await.is_refused(409, "conflict");
}

#[tokio::test]
async fn rounds_come_quickly_only_while_somebody_looks() {
    let engine = FakeEngine::start().await;
    engine.run(FakeContainer::named("web").at("shop", "prod"));
    let app = TestApp::ready(&engine.url()).await;
    let id = id_of(&app, "shop").await;
    let mut stream = app.stream("stats").await;
    stream.sample(&id, Duration::from_secs(3), |_| true).await;
    let before = engine.times_asked("/stats");
    for _ in 0..3 {
        stream.sample(&id, Duration::from_secs(3), |_| true).await;
    }
    assert!(engine.times_asked("/stats") - before >= 3);
    drop(stream);
    let quiet = wait_for("the quick rounds to end", SOON, || async {
        let before = engine.times_asked("/stats");
        tokio::time::sleep(Duration::from_secs(5)).await;
        let more = engine.times_asked("/stats") - before;
        if more <= 1 {
            Ok(more)
        } else {
            Err(format!("{more} readings in 5 s"))
        }
    })
    .await;
    assert!(quiet <= 1);
    // A listener to something else is nobody who looks at figures.
    let _containers = app.stream("containers").await;
    let before = engine.times_asked("/stats");
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert!(engine.times_asked("/stats") - before <= 1);
}
