//! Quarantine: in, out again, and out for good.

use serde_json::{Value, json};

use super::{Desk, at_fake, put_away};
use crate::fake_engine::{FakeContainer, FakeEngine};
use crate::harness::{SOON, wait_for};

async fn ask(desk: &Desk, id: &str, what: &str) -> crate::reply::Answer {
    let path = format!("/api/containers/quarantine/{id}/{what}");
    desk.post(&path, json!({})).await
}

fn always(name: &str) -> FakeContainer {
    FakeContainer {
        policy: "always".into(),
        ..FakeContainer::stopped(name, 30)
    }
}

#[tokio::test]
async fn what_is_kept_aside_is_on_no_other_list_and_comes_back_as_it_was() {
    let web = always("web");
    let (engine, desk) = at_fake(vec![web.clone()]).await;
    let project = desk.read("/api/projects").await[0]["name"].clone();
    let id = put_away(&desk, "web").await;
    let kept = engine.container(&web.id).expect("it is still there");
    assert!(kept.name.starts_with("docker-watcher-quarantine-") && kept.name.ends_with("-web"));
    assert_eq!(kept.policy, "no");
    assert_eq!(desk.scan().await, Vec::<Value>::new());
    assert_eq!(desk.read("/api/workloads").await, json!([]));
    let listed = desk.quarantine().await;
    assert_eq!(
        (
            &listed[0]["name"],
            &listed[0]["restart_policy"],
            &listed[0]["author"]
        ),
        (
            &json!("web"),
            &json!("always"),
            &json!(crate::harness::ADMIN.0)
        )
    );
    assert_eq!(listed[0]["size_bytes"], 4096, "as the scan counted it");
    // Until the follower has seen the new name.
    engine.tell(&kept.event("rename"));
    let done = ask(&desk, &id, "restore").await.data();
    assert_eq!(done["outcome"], "restored");
    // At once, and not only when the engine's word of it comes.
    let judged = desk.judged().await;
    assert_eq!(judged[0]["name"], "web", "{judged:?}");
    let back = engine.container(&web.id).expect("it is still there");
    assert_eq!(
        (back.name.as_str(), back.policy.as_str()),
        ("web", "always")
    );
    assert!(desk.quarantine().await.is_empty());
    assert_eq!(desk.stale("web").await["project"], project);
    assert_eq!(desk.read("/api/projects").await[0]["name"], project);
    desk.told("container.quarantined", 1).await;
    let told = desk.told("container.restored", 1).await;
    assert_eq!(
        (&told[0]["severity"], &told[0]["details"]["name"]),
        (&json!("info"), &json!("web"))
    );
    ask(&desk, &id, "restore")
        .await
        .is_refused(404, "not_found");
}

#[tokio::test]
async fn its_place_is_free_and_its_name_is_not_taken_back_from_a_successor() {
    let web = FakeContainer::stopped("web", 30).at("shop", "prod");
    let (engine, desk) = at_fake(vec![web.clone()]).await;
    let before = desk.stale("web").await;
    let id = put_away(&desk, "web").await;
    let next = FakeContainer::named("web").at("shop", "prod");
    engine.run(next.clone());
    let taken = wait_for("the successor", SOON, || async {
        let all = desk.read("/api/workloads").await;
        let Some(workload) = all[0]["id"].as_str() else {
            return Err("no workload".to_owned());
        };
        let state = desk
            .read(&format!("/api/workloads/{workload}/runtime-state"))
            .await;
        match state["containers"].as_array().map(Vec::as_slice) {
            Some([one]) if one["docker_id"] == next.id => Ok(one.clone()),
            _ => Err(state.to_string()),
        }
    })
    .await;
    assert_eq!(taken["id"], before["id"], "the history goes on");
    let refused = ask(&desk, &id, "restore").await;
    refused.is_refused(409, "conflict");
    assert!(refused.text.contains(&next.id[..12]), "{}", refused.text);
    assert_eq!(desk.quarantine().await.len(), 1);
    engine.remove(&next.id);
    ask(&desk, &id, "restore").await.data();
    assert_eq!(engine.container(&web.id).unwrap().name, "web");
}

#[tokio::test]
async fn when_its_time_is_over_it_is_removed_and_not_by_a_clock_that_jumps() {
    let (engine, mut desk) = at_fake(vec![FakeContainer::stopped("web", 30)]).await;
    put_away(&desk, "web").await;
    desk.wait_days(6).await;
    desk.scan().await;
    assert_eq!(desk.quarantine().await.len(), 1);
    desk.app.clock.jump(chrono::Duration::days(30));
    desk.wait_days(0).await;
    desk.scan().await;
    assert_eq!(desk.quarantine().await.len(), 1, "no time went by");
    desk.wait_days(2).await;
    desk.scan().await;
    assert!(desk.quarantine().await.is_empty());
    assert_eq!(engine.removals().len(), 1);
    desk.told("container.removed", 1).await;
}

#[tokio::test]
async fn one_that_somebody_started_leaves_quarantine_and_is_never_removed() {
    let web = always("web");
    let (engine, mut desk) = at_fake(vec![web.clone()]).await;
    let id = put_away(&desk, "web").await;
    // Nobody hears of it.
    engine.change(&web.id, |one| {
        one.state = "exited".into();
        one.started = std::time::SystemTime::now();
        one.finished = Some(one.started);
    });
    ask(&desk, &id, "remove").await.is_refused(409, "conflict");
    let back = engine.container(&web.id).expect("it is still there");
    assert_eq!(
        (back.name.as_str(), back.policy.as_str()),
        ("web", "always")
    );
    desk.told("container.left_quarantine", 1).await;
    desk.wait_days(40).await;
    let id = put_away(&desk, "web").await;
    engine.start_again(&web.id);
    wait_for("it to leave", SOON, || async {
        desk.scan().await;
        let left = desk.quarantine().await;
        if left.is_empty() {
            Ok(())
        } else {
            Err(format!("{left:?}"))
        }
    })
    .await;
    ask(&desk, &id, "remove").await.is_refused(404, "not_found");
    assert_eq!(engine.container(&web.id).unwrap().name, "web");
    assert!(engine.removals().is_empty());
}

#[tokio::test]
async fn it_is_removed_before_its_time_where_somebody_says_so_and_nobody_spares_it() {
    let (engine, desk) = at_fake(vec![FakeContainer::stopped("web", 30)]).await;
    let id = put_away(&desk, "web").await;
    let spare = json!({"kind": "container", "value": "web", "reason": "wait"});
    let spared = desk.post("/api/containers/exemptions", spare).await.data();
    ask(&desk, &id, "remove").await.is_refused(409, "conflict");
    let path = format!(
        "/api/containers/exemptions/{}",
        spared["id"].as_str().unwrap()
    );
    desk.change(reqwest::Method::DELETE, &path, json!({}))
        .await
        .data();
    let done = ask(&desk, &id, "remove").await.data();
    assert_eq!(done["outcome"], "removed");
    assert_eq!(engine.removals().len(), 1);
}

#[tokio::test]
async fn before_it_is_removed_one_can_ask_what_that_would_do() {
    let db = FakeContainer {
        volumes: vec!["data".into()],
        ..FakeContainer::stopped("db", 30)
    };
    let (engine, desk) = at_fake(vec![db]).await;
    let id = put_away(&desk, "db").await;
    let path = format!("/api/containers/quarantine/{id}/remove");
    let look = |body: Value| desk.post(&path, body);
    let asked = json!({"dry_run": true, "volumes": ["data"]});
    let planned = look(asked.clone()).await.data();
    assert_eq!(
        (&planned["outcome"], &planned["reason"], &planned["name"]),
        (&json!("planned"), &Value::Null, &json!("db"))
    );
    let volume = &planned["plan"]["volumes"][0];
    assert_eq!(
        (&volume["name"], &volume["removed"]),
        (&json!("data"), &json!(true))
    );
    assert!(engine.removals().is_empty());
    assert_eq!(desk.quarantine().await.len(), 1);
    let spare = json!({"kind": "container", "value": "db", "reason": "wait"});
    desk.post("/api/containers/exemptions", spare).await.data();
    assert_eq!(look(asked).await.data()["reason"], "exempt");
}

#[tokio::test]
async fn what_is_kept_of_it_is_sealed() {
    let secret = "PASSWORD=swordfish-in-a-label";
    let web = FakeContainer::stopped("web", 30).label("secret", secret);
    let (_engine, desk): (FakeEngine, Desk) = at_fake(vec![web]).await;
    put_away(&desk, "web").await;
    let kept: Vec<u8> = {
        let file = desk.app.data_dir().join("docker-watcher.db");
        let options = sqlx::sqlite::SqliteConnectOptions::new()
            .filename(file)
            .read_only(true);
        let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
        let sealed = "select inspect_sealed from quarantine";
        sqlx::query_scalar(sealed).fetch_one(&pool).await.unwrap()
    };
    assert!(kept.len() > 500, "the whole inspection is there");
    let text = String::from_utf8_lossy(&kept);
    assert!(!text.contains("swordfish") && !text.contains("Config"));
}
