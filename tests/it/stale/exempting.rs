//! What is spared, by whom and until when.

use chrono::Duration;
use reqwest::Method;
use serde_json::{Value, json};

use super::{Desk, at_fake};
use crate::fake_engine::FakeContainer;

const PATH: &str = "/api/containers/exemptions";

async fn exempt(desk: &Desk, kind: &str, value: &str, until: Value) -> Value {
    let body = json!({"kind": kind, "value": value, "reason": "the yearly report", "until": until});
    desk.post(PATH, body).await.data()
}

#[tokio::test]
async fn what_is_exempt_is_not_stale_and_says_why() {
    let containers = vec![
        FakeContainer::stopped("by-name", 30),
        FakeContainer::stopped("report-2025", 30),
        FakeContainer::stopped("labelled", 30).label("role", "db"),
        FakeContainer::stopped("itself", 30).label("docker-watcher.keep", "true"),
        FakeContainer::stopped("other", 30),
    ];
    let (engine, desk) = at_fake(containers).await;
    let before = desk.scan().await;
    assert_eq!(before.len(), 4);
    let first = exempt(&desk, "container", "by-name", Value::Null).await;
    exempt(&desk, "pattern", "report-*", Value::Null).await;
    exempt(&desk, "label", "role=db", Value::Null).await;
    let stale = desk.read("/api/containers/stale").await;
    assert_eq!(stale.as_array().map(Vec::len), Some(1), "{stale}");
    let judged = desk.judged().await;
    let kept = judged.iter().filter(|one| one["verdict"] == "exempt");
    let reasons: Vec<_> = kept.map(|one| one["keeping"]["reason"].clone()).collect();
    assert_eq!(reasons.len(), 4);
    assert!(reasons.contains(&json!("docker-watcher.keep=true")));
    for one in before.iter().filter(|one| one["name"] != "other") {
        desk.clean(one, json!({"remove_now": true}))
            .await
            .is_refused(409, "conflict");
    }
    assert!(engine.removals().is_empty());
    let id = first["id"].as_str().unwrap();
    let path = format!("{PATH}/{id}");
    desk.change(Method::DELETE, &path, json!({})).await.data();
    desk.change(Method::DELETE, &path, json!({}))
        .await
        .is_refused(404, "not_found");
    assert_eq!(desk.verdict("by-name").await.0, "stale");
    desk.told("exemption.added", 3).await;
    desk.told("exemption.removed", 1).await;
}

#[tokio::test]
async fn an_exemption_has_a_reason_and_perhaps_an_end() {
    let (_engine, mut desk) = at_fake(vec![FakeContainer::stopped("web", 30)]).await;
    let until = desk.app.clock.now() + Duration::days(2);
    exempt(&desk, "container", "web", json!(until.to_rfc3339())).await;
    assert_eq!(desk.verdict("web").await, ("exempt".into(), "kept".into()));
    desk.wait_days(3).await;
    assert_eq!(desk.verdict("web").await.0, "stale");
    assert_eq!(desk.read(PATH).await[0]["expired"], true);
    let wrong = |body: Value| desk.post(PATH, body);
    let without = json!({"kind": "container", "value": "web", "reason": " "});
    wrong(without).await.is_invalid("reason");
    let empty = json!({"kind": "pattern", "value": "", "reason": "x"});
    wrong(empty).await.is_invalid("value");
    let past =
        json!({"kind": "pattern", "value": "*", "reason": "x", "until": "2001-01-01T00:00:00Z"});
    wrong(past).await.is_invalid("until");
    let strange = json!({"kind": "moon", "value": "*", "reason": "x"});
    wrong(strange).await.is_refused(422, "invalid");
}
