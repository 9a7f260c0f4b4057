//! What is asked for: planned, then done one by one, each by its own check.

use serde_json::{Value, json};

use super::at_fake;
use crate::fake_engine::{FakeContainer, Fault, Plot, Twist};
use crate::harness::{SOON, wait_for};

fn outcomes(answer: &Value) -> Vec<(String, String)> {
    let word = |one: &Value, key: &str| one[key].as_str().unwrap_or_default().to_owned();
    let all = answer.as_array().cloned().unwrap_or_default();
    all.iter()
        .map(|one| (word(one, "outcome"), word(one, "reason")))
        .collect()
}

#[tokio::test]
async fn a_plan_says_everything_and_touches_nothing() {
    let made_up = "ab".repeat(32);
    let db = FakeContainer {
        volumes: vec!["data".into(), made_up.clone()],
        policy: "always".into(),
        ..FakeContainer::stopped("shop-db-1", 30).label("com.docker.compose.project", "shop")
    };
    let web = FakeContainer::named("shop-web-1").label("com.docker.compose.project", "shop");
    let (engine, desk) = at_fake(vec![db, web]).await;
    let stale = desk.stale("shop-db-1").await;
    let planned = desk.clean(&stale, json!({"dry_run": true})).await.data();
    assert_eq!(planned["outcome"], "planned");
    let plan = &planned["plan"];
    assert_eq!(
        (
            &plan["restart_policy"],
            &plan["size_bytes"],
            &plan["verdict"]
        ),
        (&json!("always"), &json!(4096), &json!("stale"))
    );
    let kinds: Vec<_> = plan["volumes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["kind"])
        .collect();
    assert_eq!(kinds, ["named", "anonymous"]);
    assert_eq!(plan["dependents"][0]["name"], "shop-web-1");
    assert_eq!(plan["dependents"][0]["status"], "running");
    assert_eq!(plan["networks"], json!(["bridge"]));
    for method in ["POST", "DELETE"] {
        assert_eq!(
            engine.times_asked(&format!("{method} /v1.41/containers")),
            0
        );
    }
    assert!(engine.removals().is_empty());
}

#[tokio::test]
async fn what_was_only_found_goes_only_where_it_is_named() {
    let names = ["a", "b", "c"];
    let containers = names.map(|name| FakeContainer::stopped(name, 30));
    let (engine, desk) = at_fake(containers.to_vec()).await;
    let path = "/api/containers/stale/cleanup";
    let none = desk.post(path, json!({"remove_now": true})).await.data();
    assert_eq!(none, json!([]), "nothing here was made by us");
    let one = desk.stale("a").await;
    let body = json!({"ids": [one["id"], "nobody"], "remove_now": true});
    let done = desk.post(path, body).await.data();
    assert_eq!(
        outcomes(&done),
        [
            ("removed".into(), String::new()),
            ("refused".into(), "not_found".into())
        ]
    );
    let body = json!({"include_discovered": true, "remove_now": true});
    desk.post(path, body).await.is_invalid("remove_now");
    assert_eq!(engine.removals().len(), 1, "nobody named the others");
    let body = json!({"include_discovered": true});
    let done = desk.post(path, body).await.data();
    let aside = ("quarantined".to_owned(), String::new());
    assert_eq!(outcomes(&done), [aside.clone(), aside]);
    for one in desk.quarantine().await {
        let path = format!(
            "/api/containers/quarantine/{}/remove",
            one["id"].as_str().unwrap()
        );
        desk.post(&path, json!({})).await.data();
    }
    assert_eq!(engine.removals().len(), 3);
    assert!(engine.removals().iter().all(|one| !one.ruthless));
    desk.told("container.removed", 3).await;
    let shown = desk.read("/api/workloads").await;
    assert_eq!(shown, json!([]), "what was removed is forgotten");
}

#[tokio::test]
async fn one_that_is_no_longer_stale_is_refused() {
    let containers = ["web", "api"].map(|name| FakeContainer::stopped(name, 30));
    let (engine, desk) = at_fake(containers.to_vec()).await;
    let (web, api) = (desk.stale("web").await, desk.stale("api").await);
    engine.change(&containers[0].id, |one| one.state = "running".into());
    desk.clean(&web, json!({}))
        .await
        .is_refused(409, "conflict");
    engine.plot(&containers[1].id, Plot::before(3, Twist::RunAndEnd));
    desk.clean(&api, json!({"remove_now": true}))
        .await
        .is_refused(409, "conflict");
    let back = engine
        .container(&containers[1].id)
        .expect("it is still there");
    assert_eq!(back.name, "api", "its name is back");
    assert!(engine.removals().is_empty() && desk.quarantine().await.is_empty());
    desk.post("/api/containers/stale/nobody/cleanup", json!({}))
        .await
        .is_refused(404, "not_found");
}

#[tokio::test]
async fn a_volume_goes_only_where_it_is_named_and_the_engine_has_the_last_word() {
    let with = |name: &str, volumes: &[&str]| FakeContainer {
        volumes: volumes.iter().map(|name| (*name).to_owned()).collect(),
        ..FakeContainer::stopped(name, 30)
    };
    let containers = vec![
        with("web", &["cache", "shared", "data"]),
        with("api", &["shared"]),
    ];
    let (engine, desk) = at_fake(containers).await;
    engine.make_volumes(&["cache", "shared", "data", "foreign"]);
    let web = desk.stale("web").await;
    desk.clean(&web, json!({"volumes": ["cache"]}))
        .await
        .is_invalid("volumes");
    let body = json!({"remove_now": true, "volumes": ["cache", "shared", "foreign"]});
    let done = desk.clean(&web, body).await.data();
    let volumes: Vec<_> = done["volumes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            (
                one["name"].as_str().unwrap(),
                one["outcome"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(volumes, [("cache", "removed"), ("shared", "refused")]);
    assert_eq!(engine.volumes(), ["data", "foreign", "shared"]);
}

#[tokio::test]
async fn two_at_once_do_it_once() {
    let containers: Vec<_> = (0..20)
        .map(|number| FakeContainer::stopped(&format!("job-{number}"), 30))
        .collect();
    let (engine, desk) = at_fake(containers).await;
    let ids: Vec<_> = desk
        .scan()
        .await
        .iter()
        .map(|one| one["id"].clone())
        .collect();
    let body = json!({"ids": ids, "remove_now": true});
    let path = "/api/containers/stale/cleanup";
    let (one, other) = tokio::join!(desk.post(path, body.clone()), desk.post(path, body));
    let all = [outcomes(&one.data()), outcomes(&other.data())].concat();
    let removed = all
        .iter()
        .filter(|(outcome, _)| outcome == "removed")
        .count();
    assert_eq!((removed, engine.removals().len()), (20, 20));
    let allowed = ["", "busy", "in_quarantine", "not_found"];
    assert!(
        all.iter()
            .all(|(_, reason)| allowed.contains(&reason.as_str())),
        "{all:?}"
    );
}

#[tokio::test]
async fn what_is_another_than_was_shown_is_left_alone() {
    let (engine, desk) = at_fake(vec![FakeContainer::stopped("web", 30)]).await;
    let web = desk.stale("web").await;
    let plan = desk.clean(&web, json!({"dry_run": true})).await.data()["plan"].clone();
    let (id, docker_id) = (web["id"].as_str().unwrap(), &web["docker_id"]);
    let another = "ab".repeat(32);
    for wrong in [
        json!({"docker_id": another}),
        json!({"finished": "2001-01-01T00:00:00Z"}),
    ] {
        desk.clean(&web, wrong).await.is_refused(409, "conflict");
    }
    let path = "/api/containers/stale/cleanup";
    for shown in [
        json!({"id": id, "docker_id": another}),
        json!({"id": id, "finished": "2001-01-01T00:00:00Z"}),
    ] {
        let wrong = json!({"ids": [id], "shown": [shown], "remove_now": true});
        let done = desk.post(path, wrong).await.data();
        assert_eq!(outcomes(&done), [("refused".into(), "changed".into())]);
    }
    assert!(engine.removals().is_empty() && desk.quarantine().await.is_empty());
    let shown = json!({"id": id, "docker_id": docker_id, "finished": plan["finished"]});
    let right = json!({"ids": [id], "shown": [shown]});
    let done = desk.post(path, right).await.data();
    assert_eq!(outcomes(&done), [("quarantined".into(), String::new())]);
}

#[tokio::test]
async fn a_wish_that_is_misspelt_is_refused_and_not_done_without() {
    let (engine, desk) = at_fake(vec![FakeContainer::stopped("web", 30)]).await;
    let web = desk.stale("web").await;
    desk.clean(&web, json!({"dryrun": true}))
        .await
        .is_invalid("dryrun");
    let id = web["id"].as_str().unwrap();
    let path = format!("/api/containers/stale/{id}/cleanup?dry_run=true");
    desk.post(&path, json!({})).await.is_refused(422, "invalid");
    let many = json!({"ids": [id], "removenow": true});
    desk.post("/api/containers/stale/cleanup", many)
        .await
        .is_invalid("removenow");
    for shown in [
        json!({"id": id, "finish": "x"}),
        json!({"id": "another", "finished": "x"}),
    ] {
        let shown = json!({"ids": [id], "shown": [shown]});
        let answer = desk.post("/api/containers/stale/cleanup", shown).await;
        answer.is_refused(422, "invalid");
    }
    let spare = json!({"kind": "pattern", "value": "web", "reason": "x", "untill": null});
    desk.post("/api/containers/exemptions", spare)
        .await
        .is_invalid("untill");
    assert!(desk.quarantine().await.is_empty());
    assert_eq!(engine.times_asked("/rename"), 0);
}

#[tokio::test]
async fn one_whose_name_could_not_be_given_back_does_not_go_in() {
    let long = "n".repeat(300);
    let (engine, desk) = at_fake(vec![FakeContainer::stopped(&long, 30)]).await;
    let one = desk.stale(&long).await;
    for body in [json!({}), json!({"remove_now": true})] {
        desk.clean(&one, body).await.is_refused(409, "conflict");
    }
    let planned = desk.clean(&one, json!({"dry_run": true})).await.data();
    assert_eq!(planned["outcome"], "refused", "the plan says so, too");
    assert!(desk.quarantine().await.is_empty());
    assert_eq!(engine.times_asked("/rename"), 0);
}

#[tokio::test]
async fn more_than_can_be_named_go_all_the_same_where_none_is_named() {
    let containers = (0..1001).map(|number| FakeContainer::stopped(&format!("job-{number}"), 30));
    let (_engine, desk) = at_fake(containers.collect()).await;
    wait_for("all of them to be stale", SOON, || async {
        match desk.scan().await.len() {
            1001 => Ok(()),
            count => Err(count.to_string()),
        }
    })
    .await;
    let path = "/api/containers/stale/cleanup";
    let body = json!({"include_discovered": true, "dry_run": true});
    let planned = desk.post(path, body).await.data();
    assert_eq!(outcomes(&planned).len(), 1001);
    let ids: Vec<_> = (0..1001).map(|number| number.to_string()).collect();
    desk.post(path, json!({"ids": ids, "dry_run": true}))
        .await
        .is_invalid("ids");
}

#[tokio::test]
async fn a_size_that_takes_too_long_is_left_out_and_nobody_waits_for_it_again() {
    let (engine, desk) = at_fake(Vec::new()).await;
    engine.break_path("size=true", Fault::Hang);
    engine.run(FakeContainer::stopped("big", 30));
    let big = desk.stale("big").await;
    desk.scan().await;
    desk.scan().await;
    let tries = engine.times_asked("size=true");
    let planned = desk.clean(&big, json!({"dry_run": true})).await.data();
    assert_eq!(planned["outcome"], "planned");
    assert_eq!(planned["plan"]["size_bytes"], Value::Null);
    assert_eq!(
        engine.times_asked("size=true"),
        tries,
        "it is not tried for ever"
    );
}
