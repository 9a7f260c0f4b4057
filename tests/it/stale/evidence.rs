//! What makes nothing stale: a clock that was set, an engine that cannot be asked, and whatever lives.

use chrono::Duration;
use serde_json::json;

use super::{Desk, at_fake};
use crate::fake_engine::{FakeContainer, Fault};

fn in_state(name: &str, state: &str, days: u64) -> FakeContainer {
    FakeContainer {
        state: state.into(),
        ..FakeContainer::stopped(name, days)
    }
}

#[tokio::test]
async fn only_what_stands_still_for_long_is_stale() {
    let containers = vec![
        FakeContainer::stopped("old", 30),
        FakeContainer::stopped("young", 3),
        in_state("dead", "dead", 30),
        in_state("removing", "removing", 30),
        in_state("dreaming", "dreaming", 30),
        in_state("restarting", "restarting", 30),
        in_state("paused", "paused", 30),
        FakeContainer::named("running"),
    ];
    let (_engine, desk) = at_fake(containers).await;
    let stale = desk.scan().await;
    let mut names: Vec<_> = stale.iter().map(|one| one["name"].clone()).collect();
    names.sort_by_key(|name| name.to_string());
    assert_eq!(names, [json!("dead"), json!("old")]);
    let old = stale.iter().find(|one| one["name"] == "old").unwrap();
    assert_eq!(
        (
            &old["days_stale"],
            &old["managed"],
            &old["image_tag"],
            &old["size_bytes"]
        ),
        (&json!(30), &json!(false), &json!("1"), &json!(4096))
    );
    for (name, verdict, reason) in [
        ("young", "fresh", "recent"),
        ("removing", "fresh", "alive"),
        ("dreaming", "unknown", "strange_state"),
    ] {
        assert_eq!(
            desk.verdict(name).await,
            (verdict.into(), reason.into()),
            "{name}"
        );
    }
    let summary = crate::waiting::wait_for("the summary", crate::harness::SOON, || async {
        let summary = desk.read("/api/health/summary").await;
        if summary["stale"] == 2 {
            Ok(summary)
        } else {
            Err(summary.to_string())
        }
    })
    .await;
    assert_eq!(summary["containers"]["total"], 8);
    let scan = desk.read("/api/containers/stale/scan").await;
    assert_eq!((&scan["engines"], &scan["stale"]), (&json!(1), &json!(2)));
}

#[tokio::test]
async fn a_clock_that_jumps_makes_nothing_stale_and_time_that_goes_by_does() {
    let (_engine, mut desk) = at_fake(vec![FakeContainer::stopped("web", 1)]).await;
    desk.app.clock.jump(Duration::days(30));
    desk.wait_days(0).await;
    assert_eq!(desk.scan().await.len(), 0);
    assert_eq!(
        desk.verdict("web").await,
        ("unknown".into(), "unwatched".into())
    );
    desk.app.clock.jump(Duration::days(-30));
    desk.wait_days(0).await;
    assert_eq!(desk.scan().await.len(), 0);
    assert_eq!(desk.verdict("web").await, ("fresh".into(), "recent".into()));
    desk.wait_days(8).await;
    assert_eq!(desk.scan().await.len(), 1);
}

#[tokio::test]
async fn a_clock_that_is_set_back_makes_nothing_stale() {
    let (_engine, mut desk) = at_fake(vec![FakeContainer::stopped("web", 1)]).await;
    desk.app.clock.jump(Duration::days(-10));
    desk.wait_days(0).await;
    assert_eq!(desk.scan().await.len(), 0);
    assert_eq!(
        desk.verdict("web").await,
        ("unknown".into(), "strange_times".into())
    );
}

#[tokio::test]
async fn what_cannot_be_asked_is_unknown() {
    let (mut engine, desk) = at_fake(vec![FakeContainer::stopped("web", 30)]).await;
    assert_eq!(desk.scan().await.len(), 1);
    engine.break_path("/json", Fault::Refuse(500));
    assert_eq!(desk.scan().await.len(), 0);
    assert_eq!(
        desk.verdict("web").await,
        ("unknown".into(), "not_inspected".into())
    );
    engine.mend();
    assert_eq!(desk.scan().await.len(), 1);
    engine.vanish().await;
    let down = crate::waiting::wait_for("the engine to be down", crate::harness::SOON, || async {
        let engines = desk.read("/api/engines").await;
        if engines[0]["up"] == false {
            Ok(())
        } else {
            Err(engines.to_string())
        }
    });
    down.await;
    assert_eq!(desk.scan().await.len(), 0);
    assert_eq!(
        desk.verdict("web").await,
        ("unknown".into(), "engine_down".into())
    );
}

#[tokio::test]
async fn what_vanished_is_recorded_as_gone_and_a_lower_threshold_finds_more() {
    let containers = vec![
        FakeContainer::stopped("web", 30),
        FakeContainer::stopped("db", 2),
    ];
    let (engine, desk) = at_fake(containers.clone()).await;
    engine.keep_quiet(true);
    let removed = engine.container(&containers[0].id).expect("it is there");
    engine.forget(&removed.id);
    assert_eq!(desk.scan().await.len(), 0);
    assert_eq!(desk.judged().await.len(), 1, "only the other is left");
    set(&desk, json!({"stale_threshold_days": 0})).await;
    assert_eq!(desk.scan().await.len(), 1, "as soon as it stops");
    set(&desk, json!({"stale_threshold_days": 5})).await;
    assert_eq!(
        desk.read("/api/containers/stale").await,
        json!([]),
        "without a scan"
    );
}

async fn set(desk: &Desk, patch: serde_json::Value) {
    let answer = desk.change(reqwest::Method::PATCH, "/api/settings", patch);
    answer.await.data();
}
