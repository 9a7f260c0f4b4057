//! An engine that answers, and badly.

use std::time::Duration;

use serde_json::{Value, json};

use crate::fake_engine::{FakeContainer, FakeEngine, Fault};
use crate::harness::{SOON, TestApp, wait_for};

const PATIENCE: Duration = Duration::from_secs(60);

/// Holds events to arrive: a container starts and is seen.
async fn events_arrive(app: &TestApp, engine: &FakeEngine, name: &str) {
    engine.run(FakeContainer::named(name).at(name, "prod"));
    wait_for(&format!("{name} to be seen"), PATIENCE, || async {
        let all = app.read("/api/workloads").await;
        let seen = all.as_array().is_some_and(|all| {
            all.iter()
                .any(|one| one["project"] == name && one["status"] == "running")
        });
        if seen { Ok(()) } else { Err(all.to_string()) }
    })
    .await;
}

#[tokio::test]
async fn an_event_stream_that_is_cut_in_mid_line_is_opened_again() {
    let engine = FakeEngine::start().await;
    let app = TestApp::ready(&engine.url()).await;
    events_arrive(&app, &engine, "before").await;
    for round in 0..3 {
        let opened = engine.times_asked("/events");
        engine.cut_events();
        // Something happens while nobody listens.
        events_arrive(&app, &engine, &format!("after{round}")).await;
        assert!(
            engine.times_asked("/events") > opened,
            "it was not opened again"
        );
    }
    assert_eq!(app.engine_when(true).await["up"], true);
}

#[tokio::test]
async fn a_line_that_is_no_event_and_one_that_is_endless_are_skipped() {
    let engine = FakeEngine::start().await;
    let app = TestApp::ready(&engine.url()).await;
    events_arrive(&app, &engine, "before").await;
    let opened = engine.times_asked("/events");
    for garbage in [
        "this is not an event",
        "{",
        "[]",
        "null",
        "{}",
        r#"{"Type":7,"Action":null,"Actor":"nobody","timeNano":"late"}"#,
        r#"{"Type":"container","Action":"levitate","Actor":{"ID":"../../images/json?x=","Attributes":null},"timeNano":1}"#,
        r#"{"Type":"spaceship","Action":"land","Actor":{"ID":"x","Attributes":{}},"timeNano":-5}"#,
    ] {
        engine.tell_garbage(garbage);
    }
    engine.tell_garbage(&"x".repeat(8 << 20));
    events_arrive(&app, &engine, "after").await;
    assert_eq!(
        engine.times_asked("/events"),
        opened,
        "the stream was given up for a bad line"
    );
    assert_eq!(
        engine.times_asked("images"),
        0,
        "a path in disguise reached the engine"
    );
}

#[tokio::test]
async fn a_state_and_a_health_that_we_do_not_know_are_unknown_and_not_an_error() {
    let engine = FakeEngine::start().await;
    let mut odd = FakeContainer::named("odd").at("odd", "prod");
    odd.state = "hibernating".into();
    let mut sage = FakeContainer::named("sage").at("sage", "prod");
    sage.health = Some("philosophical".into());
    engine.fill([odd, sage]);
    let app = TestApp::ready(&engine.url()).await;
    for (name, field) in [("odd", "status"), ("sage", "health")] {
        let workload = app.workload(name, "prod").await;
        let unknown = |one: &Value| one[field] == "unknown";
        app.container_when(&workload["id"], "what is unknown", unknown)
            .await;
    }
    assert_eq!(app.get("/").await.status, 200);
    events_arrive(&app, &engine, "after").await;
}

#[tokio::test]
async fn one_container_whose_answers_hang_hides_no_other() {
    let engine = FakeEngine::start().await;
    let stuck = FakeContainer::named("stuck").at("stuck", "prod");
    engine.break_path(&stuck.id, Fault::Hang);
    let mut fine = FakeContainer::named("fine").at("fine", "prod");
    fine.cpu_percent = 40.0;
    let fine_id = fine.id.clone();
    engine.fill([stuck, fine]);
    let app = TestApp::ready(&engine.url()).await;
    let workload = app.workload("fine", "prod").await;
    let container = app
        .container_when(&workload["id"], "it to run", |one| {
            one["status"] == "running"
        })
        .await;
    let mut stream = app.stream("stats").await;
    for _ in 0..3 {
        stream
            .sample(&container["id"], SOON, |one| one["cpu_percent"].is_number())
            .await;
    }
    events_arrive(&app, &engine, "after").await;
    engine.stop(&fine_id, 0);
    wait_for("its end", PATIENCE, || async {
        let now = app.containers(&workload["id"]).await;
        if now[0]["status"] == "exited" {
            Ok(())
        } else {
            Err(format!("{now:?}"))
        }
    })
    .await;
}

#[tokio::test]
async fn an_engine_that_hangs_before_the_headers_is_down_and_its_end_is_noticed() {
    let engine = FakeEngine::start().await;
    engine.break_path("/", Fault::Hang);
    let app = TestApp::ready(&engine.url()).await;
    assert_eq!(app.engine_when(false).await["up"], false);
    assert_eq!(app.get("/").await.status, 200);
    engine.mend();
    app.engine_when(true).await;
    events_arrive(&app, &engine, "after").await;
}

#[tokio::test]
async fn garbage_and_refusals_instead_of_answers_are_survived() {
    let engine = FakeEngine::start().await;
    let app = TestApp::ready(&engine.url()).await;
    events_arrive(&app, &engine, "before").await;
    for fault in [Fault::Garbage, Fault::Refuse(500), Fault::Refuse(404)] {
        engine.break_path("/containers/", fault.clone());
        engine.run(FakeContainer::named("during").at("during", "prod"));
        tokio::time::sleep(Duration::from_secs(2)).await;
        assert_eq!(app.get("/").await.status, 200, "{fault:?}");
        let before = app.workload("before", "prod").await;
        assert_ne!(
            before["status"], "gone",
            "{fault:?} made a container vanish"
        );
        engine.mend();
    }
    events_arrive(&app, &engine, "after").await;
    assert_eq!(app.get("/readyz").await.status, 200);
}

#[tokio::test]
async fn slow_readings_are_late_and_stop_no_round() {
    let engine = FakeEngine::start().await;
    let slow = engine.run(FakeContainer::named("slow").at("slow", "prod"));
    engine.run(FakeContainer::named("quick").at("quick", "prod"));
    engine.break_path(
        &format!("{slow}/stats"),
        Fault::Slow(Duration::from_secs(30)),
    );
    let app = TestApp::ready(&engine.url()).await;
    let workload = app.workload("quick", "prod").await;
    let quick = app
        .container_when(&workload["id"], "it to run", |one| {
            one["status"] == "running"
        })
        .await;
    let mut stream = app.stream("stats").await;
    for _ in 0..3 {
        stream
            .sample(&quick["id"], SOON, |one| one["cpu_percent"].is_number())
            .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_containers_are_followed_in_bounded_memory() {
    let engine = FakeEngine::start().await;
    let fleet = (0..10_000).map(|number| {
        let mut one = FakeContainer::named(&format!("c{number}"));
        one = one.at(&format!("p{}", number / 10), "prod");
        one.cpu_percent = 1.0;
        // Most of a large fleet does not run.
        if number % 5 != 0 {
            one.state = "exited".into();
        }
        one
    });
    engine.fill(fleet);
    let app = TestApp::ready(&engine.url()).await;
    wait_for("all of them", Duration::from_secs(120), || async {
        let summary = app.read("/api/health/summary").await;
        let counts = &summary["containers"];
        if *counts == json!({"total": 10_000, "running": 2000, "stopped": 8000}) {
            Ok(())
        } else {
            Err(counts.to_string())
        }
    })
    .await;
    let mut stream = app.stream("stats").await;
    let all = |round: &Value| round["samples"].as_array().map(Vec::len) == Some(2000);
    stream
        .event("container_stats", Duration::from_secs(60), all)
        .await;
    assert_eq!(
        app.read("/api/workloads").await.as_array().map(Vec::len),
        Some(1000)
    );
    let start = std::time::Instant::now();
    assert_eq!(app.get("/").await.status, 200);
    assert!(
        start.elapsed() < Duration::from_secs(60),
        "the page took {:?}",
        start.elapsed()
    );
    let held = app.resident();
    assert!(held < 600 << 20, "it holds {} MiB", held >> 20);
}
