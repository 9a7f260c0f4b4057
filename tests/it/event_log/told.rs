//! What is told: who did what, never the secret, and each trouble once.

use std::time::Duration;

use serde_json::json;

use super::{lines, lines_when};
use crate::cli;
use crate::fake_engine::{FakeContainer, FakeEngine};
use crate::harness::{ADMIN, SOON, TestApp};
use crate::waiting::wait_for;

const NOTICED: Duration = Duration::from_secs(60);

#[tokio::test]
async fn what_people_do_is_told_with_who_did_it_and_without_secrets() {
    let app = TestApp::ready("unix:///nowhere/docker.sock").await;
    let secret = "a long enough secret of bob";
    let bob = json!({"username": "bob", "password": secret, "role": "viewer"});
    let bob = app.post("/api/users", &bob).await.data();
    let path = format!("/api/users/{}", bob["id"].as_str().unwrap_or_default());
    let change = json!({"role": "admin", "password": "another long enough secret"});
    app.patch(&path, &change).await.data();
    let token = json!({"name": "ci", "role": "viewer"});
    app.post("/api/tokens", &token).await.data();
    let settings = json!({"stats_interval_secs": 20, "oidc_issuer": "https://id.example.org",
        "oidc_client_id": "watcher", "oidc_client_secret": "a client's secret"});
    app.patch("/api/settings", &settings).await.data();
    app.post("/api/projects", &json!({"name": "shop"}))
        .await
        .data();

    let all = lines(&app, "").await;
    let message = |kind: &str| {
        let mut of_kind = all.iter().filter(|line| line["type"] == kind);
        let line = of_kind
            .next()
            .unwrap_or_else(|| panic!("no {kind} in {all:#?}"));
        assert_eq!(line["details"]["by"], ADMIN.0, "{line}");
        assert!(line["operation_id"].is_string(), "{line}");
        line["message"].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(
        message("user.changed"),
        "ann changed the user bob: role viewer → admin, password."
    );
    assert_eq!(
        message("token.created"),
        "ann created the API token ci (viewer)."
    );
    assert_eq!(message("project.created"), "ann created the project shop.");
    let settings = message("settings.changed");
    for part in [
        "stats_interval_secs 30 → 20",
        "oidc_client_secret",
        "oidc_issuer – → https",
    ] {
        assert!(settings.contains(part), "{settings}");
    }
    let text = serde_json::to_string(&all).unwrap_or_default();
    assert!(
        !text.contains("secret of bob") && !text.contains("enough secret"),
        "{text}"
    );
    assert!(!text.contains("client's secret"), "{text}");
}

#[tokio::test]
async fn a_failed_sign_in_names_only_who_exists() {
    let app = TestApp::ready("unix:///nowhere/docker.sock").await;
    for username in [ADMIN.0, "hunter2 typed in the wrong field"] {
        let form = json!({"username": username, "password": "wrong"});
        app.post("/api/auth/login", &form)
            .await
            .is_refused(401, "not_signed_in");
    }
    let form = json!({"username": ADMIN.0, "password": ADMIN.1});
    app.post("/api/auth/login", &form).await.data();
    let failed = lines_when(&app, "access.sign_in_failed", SOON, |lines| {
        lines.len() == 2
    })
    .await;
    assert!(failed.iter().all(|line| line["severity"] == "warning"));
    let text = format!("{failed:?}");
    assert!(text.contains("ann") && !text.contains("hunter2"), "{text}");
    lines_when(&app, "access.signed_in", SOON, |lines| lines.len() == 1).await;
    for _ in 0..12 {
        let form = json!({"username": ADMIN.0, "password": "wrong"});
        app.post("/api/auth/login", &form).await;
    }
    let locked = lines_when(&app, "access.locked_out", SOON, |lines| !lines.is_empty()).await;
    assert_eq!(locked.len(), 1, "more of the same is one line: {locked:?}");
}

#[tokio::test]
async fn an_outage_is_told_once_also_over_a_restart_of_the_program_and_so_is_its_end() {
    let mut engine = FakeEngine::start().await;
    let app = TestApp::ready(&engine.url()).await;
    app.engine_when(true).await;
    engine.vanish().await;
    app.engine_when(false).await;
    let down = lines_when(&app, "engine.down", NOTICED, |lines| !lines.is_empty()).await;
    assert_eq!((down.len(), &down[0]["severity"]), (1, &json!("error")));
    let app = app.restart().await;
    app.engine_when(false).await;
    let app = app.crash_and_restart().await;
    app.engine_when(false).await;
    engine.listen().await;
    app.engine_when(true).await;
    let up = lines_when(&app, "engine.up", NOTICED, |lines| !lines.is_empty()).await;
    assert_eq!((up.len(), &up[0]["count"]), (1, &json!(1)));
    let down = lines_when(&app, "engine.down", SOON, |_| true).await;
    assert_eq!((down.len(), &down[0]["count"]), (1, &json!(1)), "{down:?}");
    let errors = app.read("/api/health/summary").await["errors_24h"].clone();
    assert_eq!(errors, 1);
}

#[tokio::test]
async fn a_container_that_keeps_failing_is_a_crash_loop_once_and_illness_is_told_with_its_end() {
    let engine = FakeEngine::start().await;
    let id = engine.run(FakeContainer::named("api").at("shop", "prod"));
    let app = TestApp::ready(&engine.url()).await;
    let workload = app.workload("shop", "prod").await;
    for round in 1..=7 {
        engine.stop(&id, 3);
        lines_when(&app, "container.died", SOON, |lines| {
            lines
                .iter()
                .filter_map(|line| line["count"].as_i64())
                .sum::<i64>()
                == round
        })
        .await;
        engine.start_again(&id);
    }
    let died = lines_when(&app, "container.died", SOON, |lines| lines.len() == 1).await;
    assert_eq!(died[0]["workload_id"], workload["id"]);
    assert_eq!(died[0]["message"], "api exited with code 3.");
    let looping = lines_when(&app, "container.crash_loop", SOON, |lines| {
        !lines.is_empty()
    })
    .await;
    assert_eq!((looping.len(), &looping[0]["count"]), (1, &json!(1)));
    // It runs for the moment, and is said to be in one all the same.
    let stage = workload["id"].as_str().unwrap_or_default();
    let state = format!("/api/workloads/{stage}/runtime-state");
    wait_for("it to run and be in a crash loop", SOON, || async {
        let api = app.read(&state).await["containers"][0].clone();
        match (&api["status"], &api["crash_loop"]) {
            (status, looping) if *status == "running" && *looping == true => Ok(()),
            _ => Err(api.to_string()),
        }
    })
    .await;

    for health in ["unhealthy", "healthy"] {
        engine.set_health(&id, health);
        engine.set_health(&id, health);
        let kind = format!("container.{health}");
        lines_when(&app, &kind, SOON, |lines| lines.len() == 1).await;
    }
    let path = format!(
        "/api/workloads/{}/events",
        workload["id"].as_str().unwrap_or_default()
    );
    let of_workload = app.read(&path).await;
    let count = of_workload["items"].as_array().map_or(0, Vec::len);
    assert_eq!(count, 4, "{of_workload}");
    app.get("/api/workloads/nobody/events")
        .await
        .is_refused(404, "not_found");
}

#[tokio::test]
async fn want_of_memory_is_told_when_it_happens_and_not_at_the_good_end_much_later() {
    let engine = FakeEngine::start().await;
    let id = engine.run(FakeContainer::named("api").at("shop", "prod"));
    let app = TestApp::ready(&engine.url()).await;
    app.workload("shop", "prod").await;
    engine.run_out_of_memory(&id);
    let told = lines_when(&app, "container.oom", SOON, |lines| lines.len() == 1).await;
    let message = "api ran out of memory: a process in it was killed.";
    assert_eq!(told[0]["message"], message);
    engine.signal(&id, 15);
    engine.stop(&id, 0);
    engine.start_again(&id);
    engine.stop(&id, 3);
    lines_when(&app, "container.died", SOON, |lines| lines.len() == 1).await;
    let of_containers = lines(&app, "source=container").await;
    assert_eq!(of_containers.len(), 2, "{of_containers:?}");
}

#[tokio::test]
async fn only_a_signal_that_asks_it_to_end_excuses_a_death() {
    let engine = FakeEngine::start().await;
    let id = engine.run(FakeContainer::named("api").at("shop", "prod"));
    let app = TestApp::ready(&engine.url()).await;
    app.workload("shop", "prod").await;
    // It is to read its settings again.
    engine.signal(&id, 1);
    engine.stop(&id, 143);
    let died = lines_when(&app, "container.died", SOON, |lines| lines.len() == 1).await;
    assert_eq!(died[0]["message"], "api exited with code 143.");
    engine.start_again(&id);
    engine.signal(&id, 15);
    engine.stop(&id, 143);
    engine.start_again(&id);
    engine.stop(&id, 3);
    let died = lines_when(&app, "container.died", SOON, |lines| lines.len() == 2).await;
    assert!(died.iter().all(|line| line["count"] == 1), "{died:?}");
}

#[tokio::test]
async fn health_checks_that_run_are_no_events() {
    let engine = FakeEngine::start().await;
    let container = FakeContainer::named("api").at("shop", "prod");
    let check = container.event("exec_start: /bin/check");
    let done = container.event("exec_die");
    let id = engine.run(container);
    let app = TestApp::ready(&engine.url()).await;
    app.workload("shop", "prod").await;
    for _ in 0..500 {
        engine.tell(&check);
        engine.tell(&done);
    }
    engine.stop(&id, 3);
    lines_when(&app, "container.died", SOON, |lines| lines.len() == 1).await;
    let of_containers = lines(&app, "source=container").await;
    assert_eq!(of_containers.len(), 1, "{of_containers:?}");
}

#[tokio::test]
async fn what_the_command_line_does_is_told_too() {
    let app = TestApp::ready("unix:///nowhere/docker.sock").await;
    let arguments = ["token", "add", "cron", "--role", "viewer"];
    cli::succeed(app.data_dir(), &arguments).await;
    let made = lines_when(&app, "token.created", SOON, |lines| lines.len() == 1).await;
    assert_eq!(made[0]["details"]["by"], "command line");
}
