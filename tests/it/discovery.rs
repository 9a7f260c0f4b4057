//! What the engine has, where it belongs, and what stays of it.

use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::fake_engine::{FakeContainer, FakeEngine};
use crate::harness::{SOON, TestApp, wait_for};
use crate::private_engine::{PrivateEngine, unique};

#[tokio::test]
async fn labels_then_compose_then_the_name_say_where_a_container_belongs() {
    let engine = FakeEngine::start().await;
    engine.run(
        FakeContainer::named("shop-web-1")
            .at("shop", "prod")
            .label("com.docker.compose.project", "other"),
    );
    engine.run(FakeContainer::named("plain").label("docker-watcher.project", "tools"));
    for number in ["1", "2"] {
        engine.run(
            FakeContainer::named(&format!("blog_web_{number}"))
                .label("com.docker.compose.project", "blog")
                .label("com.docker.compose.service", "web")
                .label("com.docker.compose.container-number", number),
        );
    }
    engine.run(FakeContainer::named("alone"));
    let app = TestApp::ready(&engine.url()).await;
    for (project, stage, names) in [
        ("shop", "prod", vec!["shop-web-1"]),
        ("tools", "default", vec!["plain"]),
        ("blog", "default", vec!["blog_web_1", "blog_web_2"]),
        ("alone", "default", vec!["alone"]),
    ] {
        let workload = app.workload(project, stage).await;
        assert_eq!(workload["source"], "discovered");
        let containers = app.containers(&workload["id"]).await;
        let mut found = names_of(&containers);
        found.sort();
        assert_eq!(found, names, "{project}/{stage}");
    }
    let all = app.read("/api/workloads").await;
    assert_eq!(all.as_array().map(Vec::len), Some(4), "{all}");
}

#[tokio::test]
async fn a_container_that_starts_later_shows_without_asking_again() {
    let engine = FakeEngine::start().await;
    let app = TestApp::ready(&engine.url()).await;
    app.engine_when(true).await;
    let id = engine.run(FakeContainer::named("late").at("shop", "prod"));
    let workload = app.workload("shop", "prod").await;
    let container = app
        .container_when(&workload["id"], "it to run", |one| {
            one["status"] == "running"
        })
        .await;
    assert_eq!(
        (&container["docker_id"], &container["name"]),
        (&json!(id), &json!("late"))
    );
    assert_eq!(container["health"], Value::Null);
    assert_eq!(container["image"], "rig/app:1");
    assert_eq!(container["ports"][0]["public"], 8080);

    engine.set_health(&id, "unhealthy");
    app.container_when(&workload["id"], "it to be unhealthy", |one| {
        one["health"] == "unhealthy"
    })
    .await;
    assert_eq!(app.workload("shop", "prod").await["status"], "degraded");
    engine.set_health(&id, "healthy");
    app.container_when(&workload["id"], "it to be healthy", |one| {
        one["health"] == "healthy"
    })
    .await;
    engine.change(&id, |container| container.state = "paused".into());
    engine.tell(&engine.change(&id, |_| {}).event("pause"));
    app.container_when(&workload["id"], "it to be paused", |one| {
        one["status"] == "paused"
    })
    .await;
}

#[tokio::test]
async fn a_recreated_container_keeps_its_id_and_its_history() {
    let engine = FakeEngine::start().await;
    let old = engine.run(FakeContainer::named("web").at("shop", "prod"));
    let app = TestApp::ready(&engine.url()).await;
    let workload = app.workload("shop", "prod").await;
    let before = app
        .container_when(&workload["id"], "the first", |one| one["name"] == "web")
        .await;
    let id = workload["id"].as_str().unwrap_or_default();
    let history = format!("/api/workloads/{id}/stats/history?window=30m");
    let mut stream = app.stream("stats").await;
    stream.sample(&before["id"], SOON, |_| true).await;
    let points = wait_for("points", SOON, || async {
        let points = app
            .read(&history)
            .await
            .as_array()
            .cloned()
            .unwrap_or_default();
        if points.is_empty() {
            Err("no points".into())
        } else {
            Ok(points)
        }
    })
    .await;

    engine.stop(&old, 0);
    engine.remove(&old);
    let new = engine.run(FakeContainer::named("web").at("shop", "prod"));
    let after = app
        .container_when(&workload["id"], "the second", |one| {
            one["docker_id"] == json!(new)
        })
        .await;
    assert_ne!(old, new);
    assert_eq!(after["id"], before["id"]);
    let later = app.read(&history).await;
    assert!(
        later
            .as_array()
            .is_some_and(|later| later.contains(&points[0])),
        "{later}"
    );
}

#[tokio::test]
async fn a_recreate_that_makes_the_new_one_first_leaves_no_second_instance() {
    let engine = FakeEngine::start().await;
    let compose = |name: &str| {
        FakeContainer::named(name)
            .label("com.docker.compose.project", "blog")
            .label("com.docker.compose.service", "web")
            .label("com.docker.compose.container-number", "1")
    };
    let old = engine.run(compose("blog_web_1"));
    let app = TestApp::ready(&engine.url()).await;
    let workload = app.workload("blog", "default").await;
    let before = app
        .container_when(&workload["id"], "the first", |one| {
            one["status"] == "running"
        })
        .await;
    let new = engine.run(compose("blog_web_1_new"));
    wait_for("both at once", SOON, || async {
        let both = app.containers(&workload["id"]).await;
        if both.len() == 2 {
            Ok(())
        } else {
            Err(format!("{both:?}"))
        }
    })
    .await;
    engine.stop(&old, 0);
    engine.remove(&old);
    wait_for(
        "the new one alone, in the place of the old",
        SOON,
        || async {
            match app.containers(&workload["id"]).await.as_slice() {
                [one] if one["docker_id"] == json!(new) && one["id"] == before["id"] => Ok(()),
                other => Err(format!("{other:?}")),
            }
        },
    )
    .await;
}

#[tokio::test]
async fn a_container_that_is_removed_is_gone_and_not_an_error() {
    let engine = FakeEngine::start().await;
    let id = engine.run(FakeContainer::named("web").at("shop", "prod"));
    let app = TestApp::ready(&engine.url()).await;
    let workload = app.workload("shop", "prod").await;
    app.container_when(&workload["id"], "it to run", |one| {
        one["status"] == "running"
    })
    .await;
    engine.remove(&id);
    wait_for("the workload to be gone", SOON, || async {
        let now = app.workload("shop", "prod").await;
        if now["status"] == "gone" {
            Ok(())
        } else {
            Err(now.to_string())
        }
    })
    .await;
    let now = app.workload("shop", "prod").await;
    assert_eq!(
        (&now["id"], &now["instances"]),
        (&workload["id"], &json!(0))
    );
    let path = format!(
        "/api/workloads/{}",
        workload["id"].as_str().unwrap_or_default()
    );
    assert!(
        app.read(&format!("{path}/stats/history?window=30m"))
            .await
            .is_array()
    );
    assert_eq!(
        app.read(&format!("{path}/runtime-state")).await["status"],
        "gone"
    );
    assert!(!app.output().contains("ERROR"), "{}", app.output());
}

#[tokio::test]
async fn the_engines_own_word_says_when_a_container_was_last_alive() {
    let engine = FakeEngine::start().await;
    let day = Duration::from_secs(86_400);
    let finished = SystemTime::now() - 3 * day;
    let mut old = FakeContainer::named("old").at("shop", "prod");
    old.state = "exited".into();
    old.exit_code = 137;
    old.started = finished - day;
    old.finished = Some(finished);
    let mut never = FakeContainer::named("never").at("shop", "test");
    never.state = "created".into();
    engine.fill([old, never]);
    let app = TestApp::ready(&engine.url()).await;

    let workload = app.workload("shop", "prod").await;
    let inspected = |one: &Value| one["last_alive_at"].is_string();
    let container = app
        .container_when(&workload["id"], "its last life", inspected)
        .await;
    assert_eq!(container["status"], "exited");
    let last = container["last_alive_at"].as_str().unwrap_or_default();
    let last: DateTime<Utc> = last.parse().expect("times are RFC 3339");
    let apart = (last - DateTime::<Utc>::from(finished))
        .num_milliseconds()
        .abs();
    assert!(apart < 1000, "{apart} ms from the engine's word");

    let workload = app.workload("shop", "test").await;
    let container = app
        .container_when(&workload["id"], "it", |one| one["name"] == "never")
        .await;
    assert_eq!(container["status"], "created");
}

#[tokio::test]
async fn a_real_container_is_followed_from_its_start_to_its_end() {
    let engine = PrivateEngine::shared();
    let app = TestApp::ready(engine.url()).await;
    let up = app.engine_when(true).await;
    assert!(
        up["version"].is_string() && up["api_version"].is_string(),
        "{up}"
    );
    assert!(
        ["v1", "v2"].map(Value::from).contains(&up["cgroup"]),
        "{up}"
    );
    let mut stream = app.stream("containers").await;

    let project = unique("life");
    let label = format!("docker-watcher.project={project}");
    let running = engine.run(&project, &["--label", &label], "sleep 1000000");
    let is_ours = |wanted: &'static str| {
        let name = project.clone();
        move |change: &Value| change["name"] == json!(name) && change["status"] == wanted
    };
    stream
        .event("container_state", SOON, is_ours("running"))
        .await;
    let workload = app.workload(&project, "default").await;
    let first = app
        .container_when(&workload["id"], "it to run", |one| {
            one["started_at"].is_string()
        })
        .await;
    assert_eq!(first["docker_id"], json!(running.id));

    running.stop();
    stream
        .event("container_state", SOON, is_ours("exited"))
        .await;
    let stopped = app
        .container_when(&workload["id"], "it to be stopped", |one| {
            one["status"] == "exited"
        })
        .await;
    let last: DateTime<Utc> = stopped["last_alive_at"]
        .as_str()
        .unwrap_or_default()
        .parse()
        .expect("RFC 3339");
    let finished = engine.inspect(&project)["State"]["FinishedAt"].clone();
    let finished: DateTime<Utc> = finished
        .as_str()
        .unwrap_or_default()
        .parse()
        .expect("RFC 3339");
    assert!(
        (last - finished).num_milliseconds().abs() < 1000,
        "{last} is not {finished}"
    );

    running.start();
    stream
        .event("container_state", SOON, is_ours("running"))
        .await;
    running.remove();
    let again = engine.run(&project, &["--label", &label], "sleep 1000000");
    let recreated = app
        .container_when(&workload["id"], "the second", |one| {
            one["docker_id"] == json!(again.id)
        })
        .await;
    assert_eq!(recreated["id"], first["id"]);
    again.remove();
    stream.event("container_state", SOON, is_ours("gone")).await;
}

fn names_of(containers: &[Value]) -> Vec<&str> {
    containers
        .iter()
        .filter_map(|one| one["name"].as_str())
        .collect()
}
