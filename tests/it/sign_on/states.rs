//! Answers to questions that nobody asked, that somebody else asked, or that were answered already.

use chrono::Duration;
use reqwest::Method;

use super::browser::{Browser, World, query};
use super::provider::FakeProvider;
use crate::clocked::ClockedApp;
use crate::event_log::lines_when;
use crate::fake_engine::FakeEngine;
use crate::harness::SOON;
use crate::reply::answer;

const STALE: &str = "/login?sign_on=stale";

#[tokio::test]
async fn an_answer_counts_once_and_only_for_a_question() {
    let world = World::new().await;
    let browser = world.browser();
    for wrong in [
        "",
        "?",
        "?code=x",
        "?code=x&state=",
        "?code=x&state=made-up",
        "?state=a&state=b",
        "?code=%ff&state=%ff",
        "?error=access_denied",
    ] {
        let callback = format!("/api/auth/oidc/callback{wrong}");
        assert_eq!(browser.led(&callback).await, STALE, "{wrong}");
    }
    let back = browser.to_the_way_back("/api/auth/oidc/start").await;
    assert_eq!(browser.led(&back).await, "/");
    assert_eq!(browser.led(&back).await, STALE, "a replay");
    assert_eq!(world.provider.count("token"), 1);
    // Nine came back in vain, from one place.
    let failed = "access.sign_in_failed";
    let told = lines_when(&world.app, failed, SOON, |lines| {
        lines.iter().any(|line| line["count"] == 9)
    });
    let told = told.await;
    assert_eq!(told.len(), 1, "{told:#?}");
    assert!(told[0]["details"]["username"].is_null(), "{told:#?}");
}

#[tokio::test]
async fn an_answer_that_another_browser_asked_for_signs_nobody_in() {
    let world = World::new().await;
    let (attacker, victim) = (world.browser(), world.browser());
    let back = attacker.to_the_way_back("/api/auth/oidc/start").await;
    assert_eq!(victim.led(&back).await, STALE);
    assert!(victim.who().await.is_null());
    // Not even where that browser has begun one of its own.
    let back = attacker.to_the_way_back("/api/auth/oidc/start").await;
    victim.to_the_way_back("/api/auth/oidc/start").await;
    assert_eq!(victim.led(&back).await, STALE);
    assert!(victim.who().await.is_null());
    assert_eq!(world.provider.count("token"), 0);
}

#[tokio::test]
async fn a_code_of_another_sign_in_is_not_taken() {
    let world = World::new().await;
    let (attacker, victim) = (world.browser(), world.browser());
    let stolen = victim.to_the_way_back("/api/auth/oidc/start").await;
    let stolen = query(&stolen, "code").unwrap();
    let own = attacker.to_the_way_back("/api/auth/oidc/start").await;
    let state = query(&own, "state").unwrap();
    let mixed = format!("/api/auth/oidc/callback?code={stolen}&state={state}");
    let end = attacker.led(&mixed).await;
    assert_eq!(end, "/login?sign_on=untrusted&next=%2F");
    assert!(attacker.who().await.is_null());
}

#[tokio::test]
async fn an_answer_that_says_it_is_another_providers_is_not_taken() {
    let world = World::new().await;
    world.provider.lock().other_iss = Some("https://evil.example.org".into());
    let browser = world.browser();
    assert_eq!(browser.sign_on().await, "/login?sign_on=untrusted&next=%2F");
    assert_eq!(world.provider.count("token"), 0);
}

#[tokio::test]
async fn a_provider_that_was_changed_meanwhile_answers_in_vain() {
    let world = World::new().await;
    let browser = world.browser();
    let back = browser.to_the_way_back("/api/auth/oidc/start").await;
    let other = serde_json::json!({"oidc_client_id": "another-client"});
    world.app.patch("/api/settings", &other).await.data();
    assert!(browser.led(&back).await.starts_with(STALE));
}

#[tokio::test]
async fn whoever_takes_too_long_begins_again() {
    let engine = FakeEngine::start().await;
    let app = ClockedApp::start(&engine.url()).await;
    let session = app.set_up().await;
    let provider = FakeProvider::start().await;
    let change = app.request(Method::PATCH, "/api/settings");
    let change = change.header("cookie", &session.cookie);
    answer(change.json(&provider.settings())).await.data();
    let browser = Browser::new(&app.address);
    let back = browser.to_the_way_back("/api/auth/oidc/start").await;
    app.clock.advance(Duration::minutes(10));
    assert_eq!(browser.led(&back).await, STALE);
    assert_eq!(provider.count("token"), 0);
}
