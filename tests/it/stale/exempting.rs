//! What is spared, by whom and until when.

use chrono::Duration;
use reqwest::Method;
use serde_json::{Value, json};

use super::{Desk, at_fake};
use crate::fake_engine::FakeContainer;
use crate::harness::{SOON, wait_for};

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

#[tokio::test]
async fn a_container_is_spared_by_any_of_its_ids_and_names_and_nothing_in_silence() {
    let containers = ["web", "db", "old"].map(|name| FakeContainer::stopped(name, 30));
    let (_engine, desk) = at_fake(containers.to_vec()).await;
    let (db, old) = (desk.stale("db").await, desk.stale("old").await);
    let short = &db["docker_id"].as_str().unwrap()[..50];
    let made = exempt(&desk, "container", short, Value::Null).await;
    assert_eq!(
        (&made["value"], &made["engine_id"]),
        (&db["docker_id"], &db["engine_id"])
    );
    assert_eq!(desk.verdict("db").await.0, "exempt");
    exempt(&desk, "container", "/web", Value::Null).await;
    assert_eq!(desk.verdict("web").await.0, "exempt");
    desk.clean(&old, json!({})).await.data();
    let kept = desk.quarantine().await[0].clone();
    let kept_name = kept["kept_name"].as_str().unwrap();
    let made = exempt(&desk, "container", kept_name, Value::Null).await;
    assert_eq!(made["value"], old["docker_id"]);
    let path = format!(
        "/api/containers/quarantine/{}/remove",
        kept["id"].as_str().unwrap()
    );
    desk.post(&path, json!({}))
        .await
        .is_refused(409, "conflict");
    for nothing in ["wbe", "0a0a", &"ab".repeat(32)] {
        let body = json!({"kind": "container", "value": nothing, "reason": "x"});
        desk.post(PATH, body).await.is_invalid("value");
    }
    exempt(&desk, "pattern", "yet-to-come-*", Value::Null).await;
}

#[tokio::test]
async fn an_exemption_by_our_id_stays_with_its_container_when_another_takes_its_place() {
    let made = || FakeContainer::stopped("web", 30).at("shop", "prod");
    let old = made();
    let (engine, desk) = at_fake(vec![old.clone()]).await;
    let shown = desk.stale("web").await;
    exempt(
        &desk,
        "container",
        shown["id"].as_str().unwrap(),
        Value::Null,
    )
    .await;
    let day = std::time::Duration::from_secs(86_400);
    let next = FakeContainer {
        made: old.made + day,
        started: old.made + day,
        ..made()
    };
    engine.run(next.clone());
    let find = async |id: &str| {
        let judged = desk.judged().await;
        judged.into_iter().find(|one| one["docker_id"] == id)
    };
    wait_for("another to take its place", SOON, || async {
        desk.scan().await;
        match find(&next.id).await {
            Some(one) if one["id"] == shown["id"] && one["verdict"] == "stale" => Ok(()),
            other => Err(format!("{other:?}")),
        }
    })
    .await;
    let spared = find(&old.id).await.expect("the old one is still there");
    assert_eq!(spared["verdict"], "exempt");
}

#[tokio::test]
async fn a_clock_that_jumps_ends_no_exemption() {
    let (engine, mut desk) = at_fake(vec![FakeContainer::stopped("web", 30)]).await;
    let web = desk.stale("web").await;
    desk.clean(&web, json!({})).await.data();
    let until = desk.app.clock.now() + Duration::days(20);
    exempt(&desk, "container", "web", json!(until.to_rfc3339())).await;
    desk.wait_days(8).await;
    desk.scan().await;
    desk.app.clock.jump(Duration::days(30));
    desk.wait_days(0).await;
    desk.scan().await;
    assert_eq!(desk.read(PATH).await[0]["expired"], false);
    assert!(engine.removals().is_empty());
    assert_eq!(desk.quarantine().await.len(), 1);
    desk.wait_days(13).await;
    desk.scan().await;
    assert_eq!(engine.removals().len(), 1, "its time went by");
}
