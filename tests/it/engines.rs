//! Engines that a person adds, renames and forgets while the program runs.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::fake_engine::{FakeContainer, FakeEngine};
use crate::harness::{TestApp, wait_for};
use crate::reply::answer;

const SOON: Duration = Duration::from_secs(20);

async fn engine_when(app: &TestApp, id: &Value, wanted: impl Fn(&Value) -> bool) -> Value {
    wait_for("the engine", SOON, || async {
        let engines = app.read("/api/engines").await;
        let found = engines
            .as_array()
            .and_then(|all| all.iter().find(|one| one["id"] == *id));
        found
            .filter(|one| wanted(one))
            .cloned()
            .ok_or_else(|| engines.to_string())
    })
    .await
}

#[tokio::test]
async fn an_added_engine_is_followed_and_a_forgotten_one_is_left_alone() {
    let (first, second) = (FakeEngine::start().await, FakeEngine::start().await);
    second.run(FakeContainer::named("far").at("remote", "prod"));
    let app = TestApp::ready(&first.url()).await;

    let added = app
        .post("/api/engines", &json!({"name": "far", "url": second.url()}))
        .await
        .data();
    engine_when(&app, &added["id"], |one| one["up"] == true).await;
    let workload = app.workload("remote", "prod").await;
    app.container_when(&workload["id"], "it to run", |one| {
        one["status"] == "running"
    })
    .await;

    let path = format!("/api/engines/{}", added["id"].as_str().unwrap_or_default());
    app.patch(&path, &json!({"name": "further"})).await.data();
    engine_when(&app, &added["id"], |one| {
        one["name"] == "further" && one["up"] == true
    })
    .await;

    answer(app.request(Method::DELETE, &path)).await.data();
    let engines = app.read("/api/engines").await;
    assert_eq!(engines.as_array().map(Vec::len), Some(1), "{engines}");
    answer(app.request(Method::DELETE, &path))
        .await
        .is_refused(404, "not_found");
    let ready = app.get("/readyz").await.text;
    assert!(!ready.contains("engine:further"), "{ready}");
}

#[tokio::test]
async fn an_address_that_would_give_a_network_root_or_is_taken_is_refused() {
    let engine = FakeEngine::start().await;
    let app = TestApp::ready(&engine.url()).await;
    let add = async |name: &str, url: &str| {
        app.post("/api/engines", &json!({"name": name, "url": url}))
            .await
    };
    add("open", "tcp://10.0.0.1:2375").await.is_invalid("url");
    add("named", "tcp://localhost:2375").await.is_invalid("url");
    add("web", "http://127.0.0.1:2375").await.is_invalid("url");
    add(" ", "unix:///nowhere.sock").await.is_invalid("name");
    add("local", "unix:///nowhere.sock")
        .await
        .is_refused(409, "conflict");
    add("twin", &engine.url()).await.is_refused(409, "conflict");
}

#[tokio::test]
async fn the_local_engine_is_neither_moved_nor_forgotten() {
    let engine = FakeEngine::start().await;
    let app = TestApp::ready(&engine.url()).await;
    let local = app.engine_when(true).await;
    let path = format!("/api/engines/{}", local["id"].as_str().unwrap_or_default());
    answer(app.request(Method::DELETE, &path))
        .await
        .is_refused(409, "conflict");
    app.patch(&path, &json!({"url": "unix:///elsewhere.sock"}))
        .await
        .is_refused(409, "conflict");
}
