//! What becomes known or happens in the last moment, and removals that take their time.

use serde_json::{Value, json};

use super::{Desk, at_fake, put_away};
use crate::fake_engine::{FakeContainer, FakeEngine, Fault};
use crate::harness::{ADMIN, SOON, TestApp, wait_for};

fn always(name: &str) -> FakeContainer {
    FakeContainer {
        policy: "always".into(),
        ..FakeContainer::stopped(name, 30)
    }
}

async fn set_threshold(desk: &Desk, days: i64) {
    let patch = json!({"stale_threshold_days": days});
    let answer = desk.change(reqwest::Method::PATCH, "/api/settings", patch);
    answer.await.data();
}

async fn ask(desk: &Desk, id: &str, what: &str) -> crate::reply::Answer {
    let path = format!("/api/containers/quarantine/{id}/{what}");
    desk.post(&path, json!({})).await
}

#[tokio::test]
async fn what_somebody_put_back_by_hand_is_theirs_and_never_removed() {
    let containers = ["renamed", "starting"].map(always);
    let (engine, mut desk) = at_fake(containers.to_vec()).await;
    let renamed = put_away(&desk, "renamed").await;
    put_away(&desk, "starting").await;
    engine.change(&containers[0].id, |one| {
        one.name = "mine".into();
        one.policy = "unless-stopped".into();
    });
    engine.change(&containers[1].id, |one| one.policy = "always".into());
    ask(&desk, &renamed, "remove")
        .await
        .is_refused(409, "conflict");
    desk.wait_days(8).await;
    desk.scan().await;
    assert!(engine.removals().is_empty());
    assert!(desk.quarantine().await.is_empty());
    desk.told("container.left_quarantine", 2).await;
    let mine = engine.container(&containers[0].id).unwrap();
    assert_eq!(
        (mine.name.as_str(), mine.policy.as_str()),
        ("mine", "unless-stopped"),
        "it is as they made it"
    );
    desk.scan().await;
    assert_eq!(desk.judged().await.len(), 2, "nothing is hidden");
}

#[tokio::test]
async fn what_is_no_longer_stale_is_kept_on_when_its_time_is_over() {
    let (engine, mut desk) = at_fake(vec![FakeContainer::stopped("web", 30)]).await;
    let id = put_away(&desk, "web").await;
    set_threshold(&desk, 3650).await;
    desk.wait_days(8).await;
    desk.scan().await;
    let kept = desk.quarantine().await;
    let trouble = kept[0]["trouble"].as_str().unwrap_or_default();
    assert!(trouble.contains("threshold"), "{kept:?}");
    ask(&desk, &id, "remove").await.is_refused(409, "conflict");
    assert!(engine.removals().is_empty());
    set_threshold(&desk, 7).await;
    desk.scan().await;
    assert_eq!(engine.removals().len(), 1);
}

#[tokio::test]
async fn what_is_spared_in_the_last_moment_is_as_it_was() {
    let web = always("web");
    let (engine, desk) = at_fake(vec![web.clone()]).await;
    let one = desk.stale("web").await;
    let rename = format!("{}/rename", web.id);
    engine.break_path(&rename, Fault::Slow(std::time::Duration::from_secs(3)));
    let spare = async {
        wait_for("it to be renamed", SOON, || async {
            match engine.times_asked(&rename) {
                0 => Err("not yet".to_owned()),
                _ => Ok(()),
            }
        })
        .await;
        let spare = json!({"kind": "container", "value": "web", "reason": "wait"});
        desk.post("/api/containers/exemptions", spare).await.data();
    };
    let (done, ()) = tokio::join!(desk.clean(&one, json!({"remove_now": true})), spare);
    done.is_refused(409, "conflict");
    let back = engine.container(&web.id).unwrap();
    assert_eq!(
        (back.name.as_str(), back.policy.as_str()),
        ("web", "always")
    );
    assert!(desk.quarantine().await.is_empty() && engine.removals().is_empty());
    desk.told("container.restored", 1).await;
}

#[tokio::test]
async fn a_removal_that_hangs_stays_one_until_its_fate_is_known() {
    let web = FakeContainer::stopped("web", 30);
    let (engine, desk) = at_fake(vec![web.clone()]).await;
    let id = put_away(&desk, "web").await;
    engine.break_path("DELETE /v1.41/containers", Fault::Hang);
    ask(&desk, &id, "remove")
        .await
        .is_refused(503, "engine_unreachable");
    assert_eq!(desk.quarantine().await[0]["in_transit"], true);
    ask(&desk, &id, "restore").await.is_refused(409, "conflict");
    // The engine gets to it at last.
    engine.remove(&web.id);
    desk.scan().await;
    let told = desk.told("container.removed", 1).await;
    assert_eq!(told[0]["details"]["by"], ADMIN.0);
    assert!(told[0]["operation_id"].is_string(), "{told:?}");
    assert!(desk.quarantine().await.is_empty());
    desk.told("container.left_quarantine", 0).await;
}

#[tokio::test]
async fn a_removal_that_the_engine_is_at_is_finished_after_a_kill_with_its_volumes_and_its_asker() {
    let web = FakeContainer {
        volumes: vec!["data".into(), "other".into()],
        ..FakeContainer::stopped("web", 30).label("fake.slow-removal", "yes")
    };
    let engine = FakeEngine::start().await;
    engine.fill([web.clone()]);
    engine.make_volumes(&["data", "other"]);
    let app = TestApp::ready(&engine.url()).await;
    let stale = wait_for("it to be stale", SOON, || async {
        let all = app.post("/api/containers/stale/scan", &json!({})).await;
        match all.data().as_array().map(Vec::as_slice) {
            Some([one]) => Ok(one.clone()),
            other => Err(format!("{other:?}")),
        }
    })
    .await;
    let path = format!(
        "/api/containers/stale/{}/cleanup",
        stale["id"].as_str().unwrap()
    );
    let body = json!({"remove_now": true, "volumes": ["data"]});
    app.post(&path, &body)
        .await
        .is_refused(503, "engine_unreachable");
    assert_eq!(engine.container(&web.id).unwrap().state, "removing");
    let app = app.crash_and_restart().await;
    engine.remove(&web.id);
    let told = wait_for("both lines", SOON, || async {
        app.post("/api/containers/stale/scan", &json!({})).await;
        let all = app.read("/api/events?source=container").await;
        let all = all["items"].as_array().cloned().unwrap_or_default();
        let kinds = ["container.removed", "volume.removed"];
        let told = all.into_iter();
        let told: Vec<Value> = told
            .filter(|one| kinds.iter().any(|kind| one["type"] == *kind))
            .collect();
        if told.len() == 2 {
            Ok(told)
        } else {
            Err(format!("{told:?}"))
        }
    })
    .await;
    for line in &told {
        assert_eq!(line["details"]["by"], ADMIN.0, "{line}");
        assert_eq!(line["operation_id"], told[0]["operation_id"]);
        assert!(line["operation_id"].is_string());
    }
    assert_eq!(engine.volumes(), ["other"]);
    let left = app.read("/api/containers/quarantine").await;
    assert_eq!(left, json!([]));
}

#[tokio::test]
async fn the_log_says_who_did_what_and_to_whom() {
    let web = FakeContainer::stopped("web", 30).at("shop", "prod");
    let containers = vec![web.clone(), FakeContainer::stopped("db", 30)];
    let (engine, mut desk) = at_fake(containers).await;
    let shown = desk.stale("web").await;
    let kept = put_away(&desk, "web").await;
    assert_eq!(desk.quarantine().await[0]["size_bytes"], 4096);
    let db = put_away(&desk, "db").await;
    ask(&desk, &db, "restore").await.data();
    let restored = desk.told("container.restored", 1).await;
    assert!(restored[0]["operation_id"].is_string(), "{restored:?}");
    let next = FakeContainer::named("web").at("shop", "prod");
    engine.run(next.clone());
    wait_for("the successor to have its place", SOON, || async {
        let workload = shown["workload_id"].as_str().unwrap_or_default();
        let state = format!("/api/workloads/{workload}/runtime-state");
        let state = desk.read(&state).await;
        if state["containers"][0]["docker_id"] == next.id.as_str() {
            Ok(())
        } else {
            Err(state.to_string())
        }
    })
    .await;
    desk.wait_days(8).await;
    desk.scan().await;
    let removed = desk.told("container.removed", 1).await;
    assert_eq!(removed[0]["details"]["name"], "web", "{kept}");
    assert_eq!(removed[0]["details"]["by"], "docker-watcher", "time did it");
    assert_ne!(
        removed[0]["container_id"], shown["id"],
        "that is the successor's now"
    );
}
