//! Engines that are mistaken for each other: two with the same container, one behind the other's address, one that
//! was away.

use chrono::Duration;
use serde_json::{Value, json};

use super::{Desk, at_fake, put_away};
use crate::fake_engine::{FakeContainer, FakeEngine, Fault};
use crate::harness::{SOON, wait_for};

/// Watches a second engine, and answers its id once what it has is known.
async fn watch_another(desk: &Desk, engine: &FakeEngine, count: usize) -> String {
    let body = json!({"name": "second", "url": engine.url()});
    let made = desk.post("/api/engines", body).await.data();
    wait_for("both engines to be known", SOON, || async {
        let stale = desk.scan().await;
        if stale.len() == count {
            Ok(())
        } else {
            Err(format!("{stale:?}"))
        }
    })
    .await;
    made["id"].as_str().expect("it has an id").to_owned()
}

#[tokio::test]
async fn of_two_engines_with_the_same_container_only_the_one_that_is_meant_is_touched() {
    let web = FakeContainer::stopped("web", 30);
    let (first, mut desk) = at_fake(vec![web.clone()]).await;
    let second = FakeEngine::start().await;
    second.fill([web.clone()]);
    let id = watch_another(&desk, &second, 2).await;
    let by_docker_id = format!("/api/containers/stale/{}/cleanup", web.id);
    desk.post(&by_docker_id, json!({}))
        .await
        .is_refused(409, "conflict");
    let stale = desk.scan().await;
    let there = stale.iter().find(|one| one["engine_id"] == id.as_str());
    desk.clean(there.expect("it is stale there"), json!({}))
        .await
        .data();
    assert_eq!(desk.quarantine().await[0]["engine_id"], id.as_str());
    assert_eq!(first.container(&web.id).unwrap().name, "web");
    assert_ne!(second.container(&web.id).unwrap().name, "web");
    desk.wait_days(8).await;
    desk.scan().await;
    assert_eq!((first.removals().len(), second.removals().len()), (0, 1));
    assert!(first.container(&web.id).is_some());
}

#[tokio::test]
async fn an_engine_is_not_forgotten_while_something_is_kept_there() {
    let (_first, desk) = at_fake(vec![FakeContainer::stopped("web", 30)]).await;
    let second = FakeEngine::start().await;
    second.fill([FakeContainer::stopped("db", 30)]);
    let id = watch_another(&desk, &second, 2).await;
    let kept = put_away(&desk, "db").await;
    let path = format!("/api/engines/{id}");
    let delete = || desk.change(reqwest::Method::DELETE, &path, json!({}));
    delete().await.is_refused(409, "conflict");
    let restore = format!("/api/containers/quarantine/{kept}/restore");
    desk.post(&restore, json!({})).await.data();
    delete().await.data();
}

#[tokio::test]
async fn what_an_engine_no_longer_has_is_taken_up_again_when_it_is_back() {
    let web = FakeContainer {
        policy: "always".into(),
        ..FakeContainer::stopped("web", 30)
    };
    let (engine, mut desk) = at_fake(vec![web.clone()]).await;
    desk.told("container.stale", 1).await;
    let id = put_away(&desk, "web").await;
    let kept = engine.container(&web.id).unwrap();
    let vanish = async || {
        engine.remove(&web.id);
        wait_for("it to be missed", SOON, || async {
            desk.scan().await;
            let all = desk.quarantine().await;
            let trouble = all[0]["trouble"].as_str().unwrap_or_default().to_owned();
            if trouble.contains("no longer has it") {
                Ok(())
            } else {
                Err(format!("{all:?}"))
            }
        })
        .await;
    };
    vanish().await;
    engine.run(kept);
    wait_for("it to be taken up", SOON, || async {
        desk.scan().await;
        let all = desk.quarantine().await;
        if all[0]["trouble"] == Value::Null {
            Ok(())
        } else {
            Err(format!("{all:?}"))
        }
    })
    .await;
    let restore = format!("/api/containers/quarantine/{id}/restore");
    let back = desk.post(&restore, json!({})).await.data();
    assert_eq!(back["outcome"], "restored");
    let back = engine.container(&web.id).unwrap();
    assert_eq!(
        (back.name.as_str(), back.policy.as_str()),
        ("web", "always")
    );
    desk.stale("web").await;
    desk.scan().await;
    let told = desk.told("container.stale", 1).await;
    assert_eq!(told[0]["count"], 1, "that it is back is no news");

    put_away(&desk, "web").await;
    let kept = engine.container(&web.id).unwrap();
    vanish().await;
    desk.wait_days(8).await;
    desk.scan().await;
    assert!(desk.quarantine().await.is_empty(), "nobody waits for ever");
    engine.run(kept.clone());
    desk.stale(&kept.name).await;
    assert!(engine.removals().is_empty());
}

#[tokio::test]
async fn what_was_looked_at_on_another_engine_is_left_alone() {
    let web = FakeContainer::stopped("web", 30);
    let (engine, desk) = at_fake(vec![web.clone()]).await;
    let shown = desk.stale("web").await;
    engine.call_itself("ANOTHER");
    for body in [json!({}), json!({"remove_now": true})] {
        let answer = desk.clean(&shown, body).await;
        answer.is_refused(409, "conflict");
        assert!(answer.text.contains("Another engine"), "{}", answer.text);
    }
    assert_eq!(engine.container(&web.id).unwrap().name, "web");
    assert!(engine.removals().is_empty() && desk.quarantine().await.is_empty());
    desk.scan().await;
    let done = desk.clean(&shown, json!({"remove_now": true})).await.data();
    assert_eq!(done["outcome"], "removed", "a scan has looked at this one");
}

#[tokio::test]
async fn what_is_kept_aside_is_not_removed_from_another_engine_and_can_be_given_back_there() {
    let containers = ["web", "db"].map(|name| FakeContainer::stopped(name, 30));
    let (engine, mut desk) = at_fake(containers.to_vec()).await;
    let web = put_away(&desk, "web").await;
    let db = put_away(&desk, "db").await;
    engine.call_itself("ANOTHER");
    let ask = |id: &str, what: &str| format!("/api/containers/quarantine/{id}/{what}");
    desk.post(&ask(&web, "remove"), json!({}))
        .await
        .is_refused(503, "engine_unreachable");
    desk.post(&ask(&db, "restore"), json!({})).await.data();
    desk.wait_days(8).await;
    desk.scan().await;
    assert!(engine.removals().is_empty());
    let kept = desk.quarantine().await;
    assert_eq!(kept.len(), 1, "{kept:?}");
    let trouble = kept[0]["trouble"].as_str().unwrap_or_default();
    assert!(trouble.contains("another engine"), "{kept:?}");
    desk.told("container.not_removed", 1).await;
    engine.call_itself("FAKE");
    desk.scan().await;
    assert_eq!(engine.removals().len(), 1, "it is the one again");
    assert_eq!(engine.container(&containers[1].id).unwrap().name, "db");
}

#[tokio::test]
async fn that_another_engine_does_not_have_it_does_not_say_that_it_was_removed() {
    let web = FakeContainer {
        volumes: vec!["data".into()],
        ..FakeContainer::stopped("web", 30).label("fake.slow-removal", "yes")
    };
    let (engine, desk) = at_fake(vec![web.clone()]).await;
    engine.make_volumes(&["data"]);
    let shown = desk.stale("web").await;
    let body = json!({"remove_now": true, "volumes": ["data"]});
    desk.clean(&shown, body)
        .await
        .is_refused(503, "engine_unreachable");
    engine.call_itself("ANOTHER");
    engine.remove(&web.id);
    wait_for("it to be missed", SOON, || async {
        desk.scan().await;
        let all = desk.quarantine().await;
        let trouble = all[0]["trouble"].as_str().unwrap_or_default();
        if trouble.contains("no longer has it") {
            Ok(())
        } else {
            Err(format!("{all:?}"))
        }
    })
    .await;
    assert_eq!(engine.volumes(), ["data"]);
    desk.told("container.removed", 0).await;
}

#[tokio::test]
async fn only_the_engines_own_words_say_that_something_is_gone() {
    let web = FakeContainer::stopped("web", 30);
    let (engine, desk) = at_fake(vec![web.clone()]).await;
    let id = put_away(&desk, "web").await;
    engine.break_path(&format!("{}/json", web.id), Fault::Refuse(404));
    for what in ["restore", "remove"] {
        let path = format!("/api/containers/quarantine/{id}/{what}");
        let answer = desk.post(&path, json!({})).await;
        assert!([409, 503].contains(&answer.status), "{}", answer.text);
    }
    assert_eq!(desk.quarantine().await.len(), 1);
    engine.mend();
    wait_for("it to be restored", SOON, || async {
        desk.scan().await;
        let left = desk.quarantine().await;
        if left.is_empty() {
            Ok(())
        } else {
            Err(format!("{left:?}"))
        }
    })
    .await;
    assert_eq!(engine.container(&web.id).unwrap().name, "web");
}

#[tokio::test]
async fn while_an_engine_is_away_nothing_on_it_grows_older() {
    let (mut engine, mut desk) = at_fake(vec![FakeContainer::stopped("web", 1)]).await;
    let is_up = async |desk: &Desk, up: bool| {
        wait_for("the engine", std::time::Duration::from_secs(40), || async {
            let engines = desk.read("/api/engines").await;
            if engines[0]["up"] == up {
                Ok(())
            } else {
                Err(engines.to_string())
            }
        })
        .await;
    };
    engine.vanish().await;
    is_up(&desk, false).await;
    desk.wait_days(20).await;
    engine.listen().await;
    is_up(&desk, true).await;
    wait_for("it to be judged", SOON, || async {
        desk.scan().await;
        match desk.verdict("web").await {
            (verdict, reason)
                if (verdict.as_str(), reason.as_str()) == ("unknown", "unwatched") =>
            {
                Ok(())
            }
            other => Err(format!("{other:?}")),
        }
    })
    .await;
    desk.app.clock.advance(Duration::days(8));
    desk.wait_days(0).await;
    assert_eq!(desk.scan().await.len(), 1, "since it is back time goes by");
}
