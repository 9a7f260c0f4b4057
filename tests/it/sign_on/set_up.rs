//! How single sign-on is set up, as admins see it: what to register, whether the provider can be used, and
//! never the secret.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::browser::World;
use super::provider::{CLIENT_ID, CLIENT_SECRET, FakeProvider, Fault};
use crate::fake_engine::FakeEngine;
use crate::harness::TestApp;

const STATE: &str = "/api/auth/oidc";

#[tokio::test]
async fn it_is_off_at_first_and_says_where_people_come_back_to() {
    let engine = FakeEngine::start().await;
    let app = TestApp::ready(&engine.url()).await;
    let state = app.read(STATE).await;
    assert_eq!(state["issuer"], Value::Null);
    assert_eq!(
        (&state["fault"], &state["is_fixed"]),
        (&Value::Null, &json!(false))
    );
    let back = format!("{}/api/auth/oidc/callback", app.address);
    assert_eq!(state["redirect_uri"], json!(back));
    let public = json!({"public_url": "https://watch.example.org/"});
    app.patch("/api/settings", &public).await.data();
    let state = app.read(STATE).await;
    let back = "https://watch.example.org/api/auth/oidc/callback";
    assert_eq!(state["redirect_uri"], back);
    let after = "https://watch.example.org/login";
    assert_eq!(state["post_logout_redirect_uri"], after);
}

#[tokio::test]
async fn a_provider_that_cannot_be_used_is_said_why_and_soon() {
    for (fault, reason) in [
        (None, Value::Null),
        (Some(Fault::Hang), json!("unreachable")),
        (Some(Fault::Redirect), json!("no_provider")),
        (Some(Fault::Huge), json!("no_provider")),
        (Some(Fault::Garbage), json!("no_provider")),
        (Some(Fault::OtherIssuer), json!("other_name")),
        (Some(Fault::ForeignEndpoint), json!("unfit")),
    ] {
        let world = World::new().await;
        world.provider.lock().fault = fault;
        let start = Instant::now();
        let state = world.app.get(STATE).await;
        assert!(start.elapsed() < Duration::from_secs(8), "{fault:?}");
        assert!(!state.text.contains(CLIENT_SECRET), "{}", state.text);
        let state = state.data();
        assert_eq!(state["fault"], reason, "{fault:?}");
        assert_eq!(state["client_id"], CLIENT_ID);
        assert_eq!(state["has_client_secret"], true);
    }
}

#[tokio::test]
async fn the_environments_provider_is_shown_in_place_of_the_settings() {
    let engine = FakeEngine::start().await;
    let provider = FakeProvider::start().await;
    let issuer = provider.issuer();
    let variables = [
        ("DOCKER_WATCHER_OIDC_ISSUER", issuer.as_str()),
        ("DOCKER_WATCHER_OIDC_CLIENT_ID", CLIENT_ID),
        ("DOCKER_WATCHER_OIDC_CLIENT_SECRET", CLIENT_SECRET),
        ("DOCKER_WATCHER_OIDC_ROLE_CLAIM", "groups"),
        ("DOCKER_WATCHER_OIDC_ADMIN_VALUES", "ops,root"),
    ];
    let app = TestApp::start_with_all(&engine.url(), &variables).await;
    app.set_up().await;
    let other = json!({"oidc_issuer": "https://id.example.org", "oidc_client_id": "other"});
    app.patch("/api/settings", &other).await.data();
    let answer = app.get(STATE).await;
    assert!(!answer.text.contains(CLIENT_SECRET), "{}", answer.text);
    let state = answer.data();
    for (name, value) in [
        ("is_fixed", json!(true)),
        ("issuer", json!(issuer)),
        ("client_id", json!(CLIENT_ID)),
        ("has_client_secret", json!(true)),
        ("role_claim", json!("groups")),
        ("admin_values", json!("ops, root")),
        ("viewer_values", Value::Null),
        ("fault", Value::Null),
    ] {
        assert_eq!(state[name], value, "{name}");
    }
    let request = app.request(reqwest::Method::GET, "/settings/sign-on");
    let page = request.send().await.expect("a page").text().await;
    let page = page.expect("a whole page");
    assert!(page.contains("Set in the environment"), "{page}");
    assert!(!page.contains("name=\"patch[oidc_issuer]\""), "{page}");
}
