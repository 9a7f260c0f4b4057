//! What can be set, within which bounds.

use serde_json::{Value, json};

use crate::fake_engine::FakeEngine;
use crate::harness::TestApp;

#[tokio::test]
async fn the_settings_begin_with_the_promised_values() {
    let engine = FakeEngine::start().await;
    let app = TestApp::ready(&engine.url()).await;
    let settings = app.read("/api/settings").await;
    for (name, value) in [
        ("stats_interval_secs", json!(30)),
        ("stale_threshold_days", json!(7)),
        ("event_retention_days", json!(30)),
        ("deploy_history_limit", json!(50)),
        ("proxy_check_interval_secs", json!(30)),
        ("public_url", Value::Null),
        ("language", Value::Null),
    ] {
        assert_eq!(settings[name], value, "{name}");
    }
}

#[tokio::test]
async fn a_change_stays_and_leaves_the_rest_alone() {
    let engine = FakeEngine::start().await;
    let app = TestApp::ready(&engine.url()).await;
    let before = app.read("/api/settings").await;
    let change = json!({"stats_interval_secs": 10, "public_url": "https://watch.example.org"});
    let changed = app.patch("/api/settings", &change).await.data();
    assert_eq!(changed["stats_interval_secs"], 10);
    assert_eq!(
        changed["stale_threshold_days"],
        before["stale_threshold_days"]
    );
    let app = app.restart().await;
    assert_eq!(app.read("/api/settings").await, changed);
    let cleared = app
        .patch("/api/settings", &json!({"public_url": null}))
        .await
        .data();
    assert_eq!(cleared["public_url"], Value::Null);
    assert_eq!(cleared["stats_interval_secs"], 10);
}

#[tokio::test]
async fn a_value_out_of_bounds_is_a_422_that_names_its_field_and_changes_nothing() {
    let engine = FakeEngine::start().await;
    let app = TestApp::ready(&engine.url()).await;
    let before = app.read("/api/settings").await;
    for (field, values) in [
        (
            "stats_interval_secs",
            vec![json!(0), json!(-1), json!(4), json!(3601)],
        ),
        ("stale_threshold_days", vec![json!(-1), json!(3651)]),
        ("stale_scan_interval_secs", vec![json!(0), json!(59)]),
        ("event_retention_days", vec![json!(0), json!(3651)]),
        ("stats_retention_days", vec![json!(0), json!(3651)]),
        ("deploy_history_limit", vec![json!(0), json!(1001)]),
        ("proxy_check_interval_secs", vec![json!(4), json!(3601)]),
        (
            "public_url",
            vec![json!("javascript:alert(1)"), json!("not a url")],
        ),
        ("language", vec![json!("tlh")]),
    ] {
        for value in values {
            let change = json!({field: value, "stats_interval_secs_": 0});
            let known = json!({field: value});
            app.patch("/api/settings", &known).await.is_invalid(field);
            let unknown = app.patch("/api/settings", &change).await;
            assert!((400..500).contains(&unknown.status), "{}", unknown.text);
        }
    }
    let half = json!({"event_retention_days": 5, "deploy_history_limit": 0});
    app.patch("/api/settings", &half)
        .await
        .is_invalid("deploy_history_limit");
    for fine in [
        json!({"stale_threshold_days": 0}),
        json!({"stale_threshold_days": 7}),
    ] {
        app.patch("/api/settings", &fine).await.data();
    }
    assert_eq!(app.read("/api/settings").await, before);
}

#[tokio::test]
async fn a_plain_form_is_led_back_to_its_page_and_an_empty_input_takes_a_value_away() {
    let engine = FakeEngine::start().await;
    let app = TestApp::ready(&engine.url()).await;
    let set = json!({"public_url": "https://watch.example.org", "stale_scan_interval_secs": 600});
    app.patch("/api/settings", &set).await.data();
    let submit = async |form: &'static str| {
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
        let client = client.build().expect("a client can be made");
        let request = app.request(reqwest::Method::POST, "/fn/settings/change");
        let request = request
            .header("accept", "text/html")
            .header(
                "referer",
                format!("{}/settings/general?saved=", app.address),
            )
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form);
        let request = request.build().expect("a request");
        let response = client.execute(request).await.expect("an answer");
        assert_eq!(response.status().as_u16(), 302);
        let place = response.headers()["location"].to_str();
        place.unwrap_or_default().to_owned()
    };
    let form = "patch%5Bpublic_url%5D=&patch%5Bstale_scan_interval_secs%5D=&patch%5Bstats_interval_secs%5D=11";
    assert_eq!(submit(form).await, "/settings/general?saved=");
    let settings = app.read("/api/settings").await;
    assert_eq!(settings["public_url"], Value::Null);
    assert_eq!(settings["stale_scan_interval_secs"], Value::Null);
    assert_eq!(settings["stats_interval_secs"], 11);
    let refused = submit("patch%5Bstats_interval_secs%5D=1").await;
    assert!(refused.contains("__err="), "{refused}");
    assert_eq!(app.read("/api/settings").await, settings);
}
