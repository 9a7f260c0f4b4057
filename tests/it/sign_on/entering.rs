//! Signing in as it should be: there, back, and inside.

use serde_json::{Value, json};

use super::browser::{World, location, query};
use super::provider::CLIENT_ID;
use super::signing::Key;
use crate::harness::{ADMIN, TestApp};

#[tokio::test]
async fn somebody_new_comes_in_as_a_viewer_and_gets_where_they_wanted_to() {
    let world = World::new().await;
    let browser = world.browser();
    let state = browser.get("/api/auth/state").await;
    let state: Value = state.json().await.unwrap();
    assert_eq!(
        state["data"]["oidc"],
        json!({"name": "Home", "url": "/api/auth/oidc/start"})
    );
    let page = browser.get("/login?next=/apps").await.text().await.unwrap();
    assert!(page.contains("Sign in with Home"), "{page}");
    assert!(page.contains("href=\"/api/auth/oidc/start\""), "{page}");

    let there = browser.get("/api/auth/oidc/start?next=/apps%3Fx=1").await;
    let cookie = there.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(
        cookie.starts_with("docker_watcher_sign_on=")
            && cookie.contains("; HttpOnly; SameSite=Lax"),
        "{cookie}"
    );
    let there = location(&there);
    for (name, value) in [
        ("response_type", "code"),
        ("client_id", CLIENT_ID),
        ("code_challenge_method", "S256"),
        ("scope", "openid profile email"),
    ] {
        assert_eq!(query(&there, name).as_deref(), Some(value), "{there}");
    }
    for name in ["state", "nonce", "code_challenge"] {
        assert!(
            query(&there, name).is_some_and(|one| one.len() > 20),
            "{there}"
        );
    }
    let back = browser.led(&there).await;
    let callback = format!("{}/api/auth/oidc/callback?", world.app.address);
    assert!(back.starts_with(&callback), "{back}");
    assert_eq!(browser.led(&back).await, "/apps?x=1");

    let who = browser.who().await;
    assert_eq!(
        (&who["username"], &who["role"]),
        (&json!("jane"), &json!("viewer"))
    );
    let jane = world.user("jane").await;
    assert_eq!(jane["has_password"], false);
    assert_eq!(jane["issuer"], json!(world.provider.issuer()));
}

#[tokio::test]
async fn the_way_on_is_on_our_site() {
    let world = World::new().await;
    let browser = world.browser();
    for (next, ends) in [
        ("//evil.example.org", "/"),
        ("/%5Cevil.example.org", "/"),
        ("https://evil.example.org", "/"),
        ("javascript:alert(1)", "/"),
        ("/%0d%0aSet-Cookie:a=b", "/"),
        ("", "/"),
        ("/apps", "/apps"),
    ] {
        let start = format!("/api/auth/oidc/start?next={next}");
        let back = browser.to_the_way_back(&start).await;
        assert_eq!(browser.led(&back).await, ends, "{next}");
    }
    let long = format!("/api/auth/oidc/start?next=/{}", "x".repeat(4000));
    let back = browser.to_the_way_back(&long).await;
    assert_eq!(browser.led(&back).await, "/");
}

#[tokio::test]
async fn a_second_sign_in_is_the_same_user_whatever_they_are_called_then() {
    let world = World::new().await;
    assert_eq!(world.browser().sign_on().await, "/");
    let before = world.user("jane").await;
    world.provider.say("preferred_username", json!("mary"));
    let browser = world.browser();
    assert_eq!(browser.sign_on().await, "/");
    assert_eq!(browser.who().await["id"], before["id"]);
    assert_eq!(world.users().await.len(), 2);

    world.provider.say("sub", json!("somebody else"));
    world.provider.say("preferred_username", json!("jane"));
    let other = world.browser();
    assert_eq!(other.sign_on().await, "/");
    assert_eq!(other.who().await["username"], "jane-2");
}

#[tokio::test]
async fn a_user_of_the_same_name_or_address_is_not_taken_over() {
    let world = World::new().await;
    world.provider.say("preferred_username", json!("ANN"));
    world.provider.say("email", json!("ann"));
    let browser = world.browser();
    assert_eq!(browser.sign_on().await, "/");
    let who = browser.who().await;
    assert_eq!(
        (&who["username"], &who["role"]),
        (&json!("ANN-2"), &json!("viewer"))
    );
    let ann = world.user(ADMIN.0).await;
    assert_eq!(
        (&ann["issuer"], &ann["role"]),
        (&Value::Null, &json!("admin"))
    );
    world.app.sign_in().await;
}

#[tokio::test]
async fn what_the_user_info_says_counts_for_the_same_person() {
    let world = World::with_roles().await;
    world.provider.say("groups", json!(["ops"]));
    world.provider.lock().in_user_info = true;
    let browser = world.browser();
    assert_eq!(browser.sign_on().await, "/");
    let who = browser.who().await;
    assert_eq!(
        (&who["username"], &who["role"]),
        (&json!("jane"), &json!("admin"))
    );

    world.provider.lock().other_in_user_info = Some("somebody else".into());
    let browser = world.browser();
    assert_eq!(browser.sign_on().await, "/login?sign_on=untrusted&next=%2F");
}

#[tokio::test]
async fn a_provider_may_change_its_keys() {
    let world = World::new().await;
    assert_eq!(world.browser().sign_on().await, "/");
    let asked = world.provider.count("keys");
    let key = Key::new("second");
    {
        let mut inside = world.provider.lock();
        inside.published = vec![key.clone()];
        inside.key = key;
    }
    assert_eq!(world.browser().sign_on().await, "/");
    assert_eq!(world.provider.count("keys"), asked + 1);
    assert_eq!(world.browser().sign_on().await, "/");
    assert_eq!(world.provider.count("keys"), asked + 1);
    assert_eq!(world.provider.count("discovery"), 1);
}

#[tokio::test]
async fn before_there_is_an_admin_nobody_comes_in_so() {
    let engine = crate::fake_engine::FakeEngine::start().await;
    let app = TestApp::start(&engine.url()).await;
    let url = format!("{}/api/auth/oidc/start", app.address);
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    let answer = client.build().unwrap().get(url).send().await.unwrap();
    assert_eq!(location(&answer), "/login?sign_on=off");
}

#[tokio::test]
async fn two_tabs_of_one_browser_sign_in_side_by_side() {
    let world = World::new().await;
    let browser = world.browser();
    let first = browser
        .to_the_way_back("/api/auth/oidc/start?next=/one")
        .await;
    let second = browser
        .to_the_way_back("/api/auth/oidc/start?next=/two")
        .await;
    assert_ne!(query(&first, "state"), query(&second, "state"));
    assert_eq!(browser.led(&first).await, "/one");
}
