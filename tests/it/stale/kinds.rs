//! Containers of each kind, on a real engine, by a clock that the test turns.

use serde_json::json;

use super::Desk;
use crate::private_engine::{PrivateEngine, unique};

/// A desk at the shared engine, once these stand still on it and are known.
async fn desk_with(engine: &PrivateEngine, names: &[&str]) -> Desk {
    let mut desk = Desk::at(engine.url()).await;
    desk.wait_days(8).await;
    desk.known(names).await;
    desk
}

#[tokio::test]
async fn exited_and_created_ones_are_stale_and_go_and_those_that_live_stay() {
    let engine = PrivateEngine::shared();
    let names = ["ended", "made", "runs", "paused", "gone"].map(unique);
    let [ended, made, runs, paused, gone] = &names;
    let _ended = engine.run(ended, &["--restart", "on-failure:3"], "exit 0");
    engine.docker(&["create", "--name", made, "rig/busybox:1", "true"]);
    let _runs = engine.run(runs, &[], "sleep 1000");
    let _paused = engine.run(paused, &[], "sleep 1000");
    engine.docker(&["pause", paused]);
    let _gone = engine.run(gone, &["--rm"], "exit 0");
    engine.docker(&["wait", ended]);
    let mut desk = desk_with(engine, &[ended, made]).await;
    let (old, never) = (desk.stale(ended).await, desk.stale(made).await);
    assert_eq!(
        (&old["reason"], &never["reason"]),
        (&json!("ended"), &json!("never_ran"))
    );
    assert_eq!(old["days_stale"], 8);
    assert!(never["size_bytes"].is_number(), "{never}");
    for name in [runs, paused, gone] {
        assert_eq!(
            desk.verdict(name).await,
            (String::new(), String::new()),
            "{name}"
        );
    }
    let planned = desk.clean(&old, json!({"dry_run": true})).await.data();
    assert_eq!(planned["plan"]["restart_policy"], "on-failure");

    let done = desk.clean(&old, json!({})).await.data();
    let kept = desk.quarantine().await;
    let kept = kept
        .iter()
        .find(|one| one["id"] == done["quarantine_id"])
        .unwrap();
    let as_kept = engine.inspect(kept["kept_name"].as_str().unwrap());
    assert_eq!(as_kept["HostConfig"]["RestartPolicy"]["Name"], "no");
    let path = format!(
        "/api/containers/quarantine/{}/restore",
        kept["id"].as_str().unwrap()
    );
    desk.post(&path, json!({})).await.data();
    let back = engine.inspect(ended);
    let policy = &back["HostConfig"]["RestartPolicy"];
    assert_eq!(
        (&policy["Name"], &policy["MaximumRetryCount"]),
        (&json!("on-failure"), &json!(3))
    );

    let old = desk.stale(ended).await;
    desk.clean(&old, json!({})).await.data();
    desk.wait_days(8).await;
    desk.scan().await;
    let removed = desk.clean(&never, json!({"remove_now": true})).await.data();
    assert_eq!(removed["outcome"], "removed");
    let all = engine.docker(&["ps", "--all", "--format", "{{.Names}}"]);
    assert!(
        !all.contains(ended.as_str()) && !all.contains(made.as_str()),
        "{all}"
    );
    assert!(
        all.contains(runs.as_str()) && all.contains(paused.as_str()),
        "{all}"
    );
}

#[tokio::test]
async fn one_that_ran_or_was_made_anew_between_the_scan_and_the_click_is_left_alone() {
    let engine = PrivateEngine::shared();
    let names = ["again", "anew", "runs"].map(unique);
    let [again, anew, runs] = &names;
    let containers = names.each_ref().map(|name| engine.run(name, &[], "exit 0"));
    for name in &names {
        engine.docker(&["wait", name]);
    }
    let desk = desk_with(engine, &[again, anew, runs]).await;
    let shown = [
        desk.stale(again).await,
        desk.stale(anew).await,
        desk.stale(runs).await,
    ];
    engine.docker(&["start", again]);
    engine.docker(&["wait", again]);
    containers[1].remove();
    let _anew = engine.run(anew, &[], "exit 0");
    containers[2].remove();
    let _runs = engine.run(runs, &[], "sleep 1000");
    for (one, name) in shown.iter().zip(&names) {
        let answer = desk.clean(one, json!({"remove_now": true})).await;
        // Where the follower was slow, the one that was shown is simply gone.
        let gone = answer.status == 200 && answer.json["data"]["outcome"] == "gone";
        assert!(
            gone || [404, 409].contains(&answer.status),
            "{name}: {}",
            answer.text
        );
        engine.inspect(name);
    }
}

#[tokio::test]
async fn members_of_compose_know_their_siblings_and_volumes_stay() {
    let engine = PrivateEngine::shared();
    let project = unique("shop");
    let (db, web, data) = (
        format!("{project}-db-1"),
        format!("{project}-web-1"),
        unique("data"),
    );
    let label = format!("com.docker.compose.project={project}");
    let service = |name: &str| format!("com.docker.compose.service={name}");
    let mount = format!("{data}:/data");
    let flags = [
        "--label",
        &label,
        "--label",
        &service("db"),
        "--volume",
        &mount,
        "--volume",
        "/scratch",
    ];
    let _db = engine.run(&db, &flags, "exit 0");
    let _web = engine.run(
        &web,
        &["--label", &label, "--label", &service("web")],
        "sleep 1000",
    );
    engine.docker(&["wait", &db]);
    let desk = desk_with(engine, &[&db]).await;
    let stale = desk.stale(&db).await;
    assert_eq!(stale["project"], project);
    let plan = desk.clean(&stale, json!({"dry_run": true})).await.data()["plan"].clone();
    assert_eq!(
        (
            &plan["dependents"][0]["name"],
            &plan["dependents"][0]["status"]
        ),
        (&json!(web), &json!("running"))
    );
    let mut kinds: Vec<_> = plan["volumes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["kind"].as_str().unwrap())
        .collect();
    kinds.sort_unstable();
    assert_eq!(kinds, ["anonymous", "named"]);
    desk.clean(&stale, json!({"remove_now": true})).await.data();
    let volumes = engine.docker(&["volume", "ls", "--quiet"]);
    let anonymous = plan["volumes"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["kind"] == "anonymous")
        .unwrap();
    assert!(volumes.contains(&data) && volumes.contains(anonymous["name"].as_str().unwrap()));

    let _next = engine.run(&db, &flags, "exit 0");
    engine.docker(&["wait", &db]);
    let desk = desk_with(engine, &[&db]).await;
    let stale = desk.stale(&db).await;
    let body = json!({"remove_now": true, "volumes": [data]});
    let done = desk.clean(&stale, body).await.data();
    assert_eq!(done["volumes"][0]["outcome"], "removed", "{done}");
    assert!(!engine.docker(&["volume", "ls", "--quiet"]).contains(&data));
}
