//! Every answer of the API comes in one envelope, and every mistake has its own code.

use reqwest::Method;
use serde_json::{Value, json};

use crate::fake_engine::{FakeContainer, FakeEngine};
use crate::harness::{SOON, TestApp, wait_for};
use crate::reply::answer;

const NOBODY: &str = "0199a7c2-0000-7000-8000-000000000000";

#[tokio::test]
async fn an_unknown_api_path_is_a_404_in_the_envelope() {
    let engine = FakeEngine::start().await;
    let app = TestApp::ready(&engine.url()).await;
    for path in [
        "/api",
        "/api/",
        "/api/nope",
        "/api/workloads/x/y/z",
        "/api/engines/",
        "/api//",
    ] {
        for method in [Method::GET, Method::POST, Method::DELETE] {
            let answer = answer(app.request(method.clone(), path)).await;
            assert_eq!(answer.status, 404, "{method} {path}: {}", answer.text);
            answer.is_refused(404, "not_found");
            assert!(
                answer.content_type.starts_with("application/json"),
                "{path}"
            );
        }
    }
}

#[tokio::test]
async fn an_unknown_id_is_a_404() {
    let engine = FakeEngine::start().await;
    let app = TestApp::ready(&engine.url()).await;
    for id in [
        NOBODY,
        "x",
        "..%2f..%2fetc",
        "%00",
        "'; drop table workloads; --",
    ] {
        for path in [
            format!("/api/workloads/{id}"),
            format!("/api/workloads/{id}/runtime-state"),
            format!("/api/workloads/{id}/stats/history?window=30m"),
            format!("/api/projects/{id}/stages/prod/instances"),
            format!("/api/projects/{id}/stages/prod/instances/{id}/stats"),
        ] {
            app.get(&path).await.is_refused(404, "not_found");
        }
    }
}

#[tokio::test]
async fn an_unknown_window_is_a_422_that_names_it() {
    let engine = FakeEngine::start().await;
    engine.run(FakeContainer::named("web").at("shop", "prod"));
    let app = TestApp::ready(&engine.url()).await;
    let workload = app.workload("shop", "prod").await;
    let id = workload["id"].as_str().unwrap_or_default();
    for window in ["1h", "", "30M", "-30m", "30m ", "9999999999d"] {
        let window = window.replace(' ', "%20");
        app.get(&format!("/api/stats/history?window={window}"))
            .await
            .is_invalid("window");
        let path = format!("/api/workloads/{id}/stats/history?window={window}");
        app.get(&path).await.is_invalid("window");
    }
    for window in ["30m", "2h", "6h", "24h", "7d", "30d"] {
        let path = format!("/api/workloads/{id}/stats/history?window={window}");
        assert!(app.read(&path).await.is_array(), "{window}");
        assert!(
            app.read(&format!("/api/stats/history?window={window}"))
                .await
                .is_array()
        );
    }
}

#[tokio::test]
async fn a_server_function_has_the_status_of_its_error_and_the_limit_of_its_body() {
    let engine = FakeEngine::start().await;
    let app = TestApp::ready(&engine.url()).await;
    let form = |path: &str, body: String| {
        app.request(Method::POST, path)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body)
    };
    let wrong = answer(form("/fn/stats/fleet", "window=1h".into())).await;
    assert_eq!(wrong.status, 422, "{}", wrong.text);
    let unknown = answer(form("/fn/workloads/read", format!("id={NOBODY}"))).await;
    assert_eq!(unknown.status, 404, "{}", unknown.text);
    let large = answer(form(
        "/fn/workloads/read",
        "id=".to_owned() + &"x".repeat(10_000_000),
    ))
    .await;
    assert_eq!(large.status, 413, "{}", large.text);
    // What a function would take nothing in of does not mean what an empty form means.
    let json = app
        .request(Method::POST, "/fn/stale/clean_up")
        .header("content-type", "application/json")
        .body(r#"{"ids": []}"#);
    let refusal = answer(json).await;
    refusal.is_refused(415, "unsupported_media_type");
}

#[tokio::test]
async fn a_known_workload_without_samples_has_an_empty_history() {
    let engine = FakeEngine::start().await;
    let mut asleep = FakeContainer::named("asleep").at("shop", "prod");
    asleep.state = "created".into();
    engine.fill([asleep]);
    let app = TestApp::ready(&engine.url()).await;
    let workload = app.workload("shop", "prod").await;
    let id = workload["id"].as_str().unwrap_or_default();
    let history = app
        .read(&format!("/api/workloads/{id}/stats/history?window=6h"))
        .await;
    assert_eq!(history, json!([]));
}

#[tokio::test]
async fn a_body_that_is_no_json_is_malformed_and_another_type_is_refused() {
    let engine = FakeEngine::start().await;
    let app = TestApp::ready(&engine.url()).await;
    let json_type = "application/json";
    for body in ["{", "not json", "[1,2", "{\"username\": }", "\u{0}"] {
        let login = app
            .request(Method::POST, "/api/auth/login")
            .header("content-type", json_type);
        answer(login.body(body)).await.is_refused(400, "malformed");
        let patch = app
            .request(Method::PATCH, "/api/settings")
            .header("content-type", json_type);
        answer(patch.body(body)).await.is_refused(400, "malformed");
    }
    for media_type in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
    ] {
        let login = app.request(Method::POST, "/api/auth/login");
        let login = login
            .header("content-type", media_type)
            .body(r#"{"username":"a"}"#);
        answer(login)
            .await
            .is_refused(415, "unsupported_media_type");
        let patch = app.request(Method::PATCH, "/api/settings");
        let patch = patch.header("content-type", media_type).body("{}");
        answer(patch)
            .await
            .is_refused(415, "unsupported_media_type");
    }
    let charset = app.request(Method::PATCH, "/api/settings");
    let charset = charset
        .header("content-type", "application/json; charset=utf-8")
        .body("{}");
    assert!(answer(charset).await.data()["stats_interval_secs"].is_number());
}

#[tokio::test]
async fn a_body_of_ten_megabytes_is_too_large() {
    let engine = FakeEngine::start().await;
    let app = TestApp::ready(&engine.url()).await;
    let huge = json!({"username": "a".repeat(10 << 20), "password": "p"});
    app.post("/api/auth/login", &huge)
        .await
        .is_refused(413, "too_large");
    app.patch("/api/settings", &huge)
        .await
        .is_refused(413, "too_large");
    app.forget_token();
    app.post("/api/auth/login", &huge)
        .await
        .is_refused(413, "too_large");
    assert!(
        app.resident() < 300 << 20,
        "it held {} bytes",
        app.resident()
    );
}

#[tokio::test]
async fn a_wrong_method_is_said_in_the_envelope() {
    let engine = FakeEngine::start().await;
    let app = TestApp::ready(&engine.url()).await;
    for (method, path) in [
        (Method::DELETE, "/api/settings"),
        (Method::POST, "/api/engines/x/y"),
        (Method::PUT, "/api/stats/history"),
        (Method::GET, "/api/auth/login"),
    ] {
        let answer = answer(app.request(method, path)).await;
        assert!(
            [404, 405].contains(&answer.status),
            "{path}: {}",
            answer.status
        );
        assert_eq!(answer.json["success"], false, "{path}: {}", answer.text);
        assert!(
            answer.json["error"]["code"].is_string(),
            "{path}: {}",
            answer.text
        );
    }
}

#[tokio::test]
async fn health_and_readiness_are_told_to_anyone_while_the_engine_is_down() {
    let engine = FakeEngine::absent();
    let app = TestApp::start(&engine.url()).await;
    let healthz = app.get("/healthz").await;
    assert_eq!((healthz.status, healthz.text.trim()), (200, "ok"));
    let readyz = app.get("/readyz").await;
    assert_eq!(readyz.status, 200, "{}", readyz.text);
    assert!(readyz.content_type.starts_with("application/json"));
    for part in ["database", "stats", "engine"] {
        assert!(
            readyz.text.contains(part),
            "no line for {part}: {}",
            readyz.text
        );
    }
}

#[tokio::test]
async fn every_figure_of_the_dashboard_leads_to_a_page() {
    let engine = FakeEngine::start().await;
    engine.run(FakeContainer::named("web").at("shop", "prod"));
    let app = TestApp::ready(&engine.url()).await;
    app.workload("shop", "prod").await;
    let page = app.get("/").await.text;
    let tags = page
        .split("<a ")
        .skip(1)
        .filter_map(|rest| rest.split('>').next());
    let tiles = tags.filter(|tag| tag.contains("class=\"stat\""));
    let targets: Vec<_> = tiles
        .filter_map(|tag| tag.split_once("href=\"")?.1.split('"').next())
        .map(|target| target.replace("&amp;", "&"))
        .collect();
    assert!(targets.len() >= 2, "{targets:?}");
    for target in targets {
        let there = app.get(&target).await;
        assert_eq!(there.status, 200, "{target}");
        assert!(there.content_type.starts_with("text/html"), "{target}");
    }
}

#[tokio::test]
async fn a_value_of_the_wrong_kind_and_a_null_that_changes_nothing_are_named() {
    let engine = FakeEngine::start().await;
    let app = TestApp::ready(&engine.url()).await;
    app.post("/api/auth/login", &json!({"username": 1, "password": "p"}))
        .await
        .is_invalid("username");
    app.get("/api/events?limit=many").await.is_invalid("limit");
    let before = app.read("/api/settings").await;
    for value in [Value::Null, json!("soon"), json!({}), json!(1.5)] {
        let change = json!({"stats_interval_secs": value});
        app.patch("/api/settings", &change)
            .await
            .is_invalid("stats_interval_secs");
    }
    assert_eq!(app.read("/api/settings").await, before);
    let derived = json!({"stale_scan_interval_secs": null, "public_url": null});
    app.patch("/api/settings", &derived).await.data();
}

#[tokio::test]
async fn the_summary_counts_what_the_engine_has() {
    let engine = FakeEngine::start().await;
    engine.run(FakeContainer::named("web").at("shop", "prod"));
    let stopped = engine.run(FakeContainer::named("db").at("shop", "prod"));
    engine.stop(&stopped, 0);
    let app = TestApp::ready(&engine.url()).await;
    let workload = app.workload("shop", "prod").await;
    assert_eq!(
        (&workload["source"], &workload["instances"]),
        (&json!("discovered"), &json!(2))
    );
    let summary = wait_for("the summary", SOON, || async {
        let summary = app.read("/api/health/summary").await;
        let right = summary["containers"] == json!({"total": 2, "running": 1, "stopped": 1});
        if right {
            Ok(summary)
        } else {
            Err(summary.to_string())
        }
    })
    .await;
    assert_eq!(summary["engines"][0]["up"], true);
    assert!(summary["engines"][0]["version"].is_string());
    assert_eq!(summary["proxies"]["total"], 0);
    let projects = app.read("/api/projects").await;
    let stage = &projects[0]["stages"][0];
    assert_eq!(
        (&projects[0]["name"], &stage["name"]),
        (&json!("shop"), &json!("prod"))
    );
    assert_eq!(stage["workload_id"], workload["id"]);
    assert_eq!(stage["status"], "degraded");
    let project = projects[0]["id"].as_str().unwrap_or_default();
    let instances = app
        .read(&format!("/api/projects/{project}/stages/prod/instances"))
        .await;
    assert_eq!(instances.as_array().map(Vec::len), Some(2));
    let names: Vec<&Value> = instances
        .as_array()
        .into_iter()
        .flatten()
        .map(|one| &one["name"])
        .collect();
    assert!(
        names.contains(&&json!("web")) && names.contains(&&json!("db")),
        "{names:?}"
    );
}

#[tokio::test]
async fn projects_can_be_made_renamed_and_forgotten_but_not_while_they_have_containers() {
    let engine = FakeEngine::start().await;
    engine.run(FakeContainer::named("web").at("shop", "prod"));
    let app = TestApp::ready(&engine.url()).await;
    let made = app
        .post("/api/projects", &json!({"name": "blog"}))
        .await
        .data();
    let path = format!("/api/projects/{}", made["id"].as_str().unwrap_or_default());
    app.post("/api/projects", &json!({"name": "blog"}))
        .await
        .is_refused(409, "conflict");
    app.post("/api/projects", &json!({"name": ""}))
        .await
        .is_invalid("name");
    let renamed = app.patch(&path, &json!({"name": "diary"})).await.data();
    assert_eq!(
        (&renamed["id"], &renamed["name"]),
        (&made["id"], &json!("diary"))
    );
    answer(app.request(Method::DELETE, &path)).await.data();
    answer(app.request(Method::DELETE, &path))
        .await
        .is_refused(404, "not_found");
    let shop = app.workload("shop", "prod").await["project_id"].clone();
    let path = format!("/api/projects/{}", shop.as_str().unwrap_or_default());
    answer(app.request(Method::DELETE, &path))
        .await
        .is_refused(409, "conflict");
}
