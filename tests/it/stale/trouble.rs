//! An engine that refuses, hangs or dies, and a program that does.

use std::time::Duration;

use serde_json::{Value, json};

use super::at_fake;
use crate::fake_engine::{FakeContainer, FakeEngine, Fault};
use crate::harness::{TestApp, wait_for};

#[tokio::test]
async fn an_engine_that_refuses_leaves_everything_as_it_was() {
    let containers = ["web", "api"].map(|name| FakeContainer {
        policy: "always".into(),
        ..FakeContainer::stopped(name, 30)
    });
    let (engine, desk) = at_fake(containers.to_vec()).await;
    let (web, api) = (desk.stale("web").await, desk.stale("api").await);
    engine.break_path(&format!("{}/rename", containers[0].id), Fault::Refuse(500));
    let body = json!({"ids": [web["id"], api["id"]]});
    let done = desk
        .post("/api/containers/stale/cleanup", body)
        .await
        .data();
    assert_eq!(
        (&done[0]["outcome"], &done[1]["outcome"]),
        (&json!("failed"), &json!("quarantined"))
    );
    assert!(
        done[0]["message"]
            .as_str()
            .unwrap()
            .contains("not in the mood")
    );
    let back = engine.container(&containers[0].id).unwrap();
    assert_eq!(
        (back.name.as_str(), back.policy.as_str()),
        ("web", "always"),
        "undone"
    );
    engine.mend();
    assert_eq!(desk.quarantine().await.len(), 1);
    desk.clean(&web, json!({})).await.data();
    assert_eq!(desk.quarantine().await.len(), 2);
}

#[tokio::test]
async fn a_removal_that_the_engine_refuses_is_told_once_and_tried_again() {
    let web = FakeContainer::stopped("web", 30);
    let (engine, mut desk) = at_fake(vec![web.clone()]).await;
    let one = desk.stale("web").await;
    desk.clean(&one, json!({})).await.data();
    engine.break_path("DELETE /v1.41/containers", Fault::Refuse(500));
    desk.wait_days(8).await;
    desk.scan().await;
    desk.scan().await;
    let kept = desk.quarantine().await;
    assert!(
        kept[0]["trouble"]
            .as_str()
            .unwrap()
            .contains("not in the mood")
    );
    let told = desk.told("container.not_removed", 1).await;
    assert_eq!(told[0]["severity"], "warning");
    engine.mend();
    desk.scan().await;
    assert!(desk.quarantine().await.is_empty());
    assert_eq!(engine.removals().len(), 1);
}

#[tokio::test]
async fn one_that_hangs_stops_no_other_and_is_finished_later() {
    let containers = ["slow", "quick"].map(|name| FakeContainer::stopped(name, 30));
    let (engine, desk) = at_fake(containers.to_vec()).await;
    let (slow, quick) = (desk.stale("slow").await, desk.stale("quick").await);
    engine.break_path(&format!("{}/rename", containers[0].id), Fault::Hang);
    let body = json!({"ids": [slow["id"], quick["id"]]});
    let done = desk
        .post("/api/containers/stale/cleanup", body)
        .await
        .data();
    assert_eq!(
        (&done[0]["outcome"], &done[1]["outcome"]),
        (&json!("failed"), &json!("quarantined"))
    );
    assert!(
        done[0]["message"]
            .as_str()
            .unwrap()
            .contains("did not answer within")
    );
    engine.mend();
    assert_eq!(engine.container(&containers[0].id).unwrap().name, "slow");
    desk.clean(&slow, json!({})).await.data();
}

#[tokio::test]
async fn an_engine_that_dies_in_the_middle_loses_nothing() {
    let containers: Vec<_> = (0..30)
        .map(|number| FakeContainer::stopped(&format!("job-{number}"), 30))
        .collect();
    let (mut engine, desk) = at_fake(containers.clone()).await;
    let ids: Vec<_> = desk
        .scan()
        .await
        .iter()
        .map(|one| one["id"].clone())
        .collect();
    let body = json!({"ids": ids, "remove_now": true});
    let clean = desk.post("/api/containers/stale/cleanup", body);
    let die = async {
        wait_for("some to be gone", Duration::from_secs(20), || async {
            let gone = engine.removals().len();
            if gone >= 3 {
                Ok(())
            } else {
                Err(gone.to_string())
            }
        })
        .await;
    };
    let (done, ()) = tokio::join!(clean, async {
        die.await;
    });
    drop(done);
    engine.vanish().await;
    engine.listen().await;
    wait_for(
        "everything to be settled",
        Duration::from_secs(60),
        || async {
            desk.scan().await;
            let left = desk.quarantine().await;
            if left.is_empty() {
                Ok(())
            } else {
                Err(format!("{left:?}"))
            }
        },
    )
    .await;
}

/// The entries in quarantine, as the real program tells them.
async fn kept(app: &TestApp) -> Vec<Value> {
    let all = app.read("/api/containers/quarantine").await;
    all.as_array().cloned().unwrap_or_default()
}

#[tokio::test]
async fn what_a_kill_left_half_way_is_finished_or_undone_at_the_next_start() {
    let names = ["renamed", "untouched"];
    let containers = names.map(|name| FakeContainer {
        policy: "always".into(),
        ..FakeContainer::stopped(name, 30)
    });
    let engine = FakeEngine::start().await;
    engine.fill(containers.clone());
    let app = TestApp::ready(&engine.url()).await;
    let limit = Duration::from_secs(20);
    let stale = wait_for("both to be stale", limit, || async {
        let all = app
            .post("/api/containers/stale/scan", &json!({}))
            .await
            .data();
        if all.as_array().map(Vec::len) == Some(2) {
            Ok(all)
        } else {
            Err(all.to_string())
        }
    })
    .await;
    let ids: Vec<_> = stale
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["id"].clone())
        .collect();
    let (renamed, untouched) = (&containers[0].id, &containers[1].id);
    engine.break_path(&format!("{untouched}/rename"), Fault::Hang);
    engine.break_path(
        &format!("GET /v1.41/containers/{renamed}/json?never"),
        Fault::Hang,
    );
    let body = json!({"ids": ids});
    let clean = app.post("/api/containers/stale/cleanup", &body);
    let halfway = async {
        wait_for("one to be renamed and one to hang", limit, || async {
            let name = engine.container(renamed).unwrap().name;
            let hangs = engine.times_asked(&format!("{untouched}/rename"));
            if name != "renamed" && hangs > 0 {
                Ok(())
            } else {
                Err(name)
            }
        })
        .await;
    };
    tokio::select! {
        _ = clean => panic!("it hangs"),
        () = halfway => {}
    }
    assert_eq!(engine.container(untouched).unwrap().policy, "no");
    let app = app.crash_and_restart().await;
    engine.mend();
    wait_for("both to be settled", Duration::from_secs(60), || async {
        let all = kept(&app).await;
        let settled = all.iter().filter(|one| one["in_transit"] == false).count();
        if (all.len(), settled) == (1, 1) {
            Ok(())
        } else {
            Err(format!("{all:?}"))
        }
    })
    .await;
    let back = engine.container(untouched).unwrap();
    assert_eq!(
        (back.name.as_str(), back.policy.as_str()),
        ("untouched", "always")
    );
    let told = wait_for("the line of the one that is kept", limit, || async {
        let all = app.read("/api/events?q=quarantine").await;
        let items = all["items"].as_array().cloned().unwrap_or_default();
        if items.is_empty() {
            Err(all.to_string())
        } else {
            Ok(items)
        }
    })
    .await;
    assert_eq!(told.len(), 1, "{told:?}");
}
