//! Signing out of a session that a sign-on opened, and of one that a password did.

use super::browser::{World, location, query};

#[tokio::test]
async fn whoever_came_by_sign_on_signs_out_there_too() {
    let world = World::new().await;
    let browser = world.browser();
    browser.sign_on().await;
    let answer = browser.submit("/fn/auth/logout").await;
    assert_eq!(location(&answer), "/api/auth/oidc/end");
    assert!(browser.who().await.is_null());
    let page = browser.get("/api/auth/oidc/end").await;
    assert_eq!(page.status(), 200);
    let refresh = page.headers()["refresh"].to_str().unwrap().to_owned();
    let there = refresh.strip_prefix("0; url=").unwrap();
    let end = format!("{}/end?a=b&", world.provider.issuer());
    assert!(there.starts_with(&end), "{there}");
    assert_eq!(query(there, "client_id").as_deref(), Some("docker-watcher"));
    let back = format!("{}/login", world.app.address);
    assert_eq!(query(there, "post_logout_redirect_uri"), Some(back));
}

#[tokio::test]
async fn a_provider_without_such_a_place_is_left_alone() {
    let world = World::new().await;
    world.provider.lock().has_end = false;
    let browser = world.browser();
    browser.sign_on().await;
    browser.submit("/fn/auth/logout").await;
    assert_eq!(browser.led("/api/auth/oidc/end").await, "/login");
}

#[tokio::test]
async fn a_session_of_before_ends_and_a_password_leads_to_our_own_page() {
    let world = World::new().await;
    let browser = world.browser();
    browser.sign_on().await;
    let sessions = || async {
        let answer = browser.get("/api/auth/sessions").await;
        let answer: serde_json::Value = answer.json().await.unwrap();
        answer["data"].as_array().map_or(0, Vec::len)
    };
    browser.sign_on().await;
    assert_eq!(sessions().await, 1, "the one before it has ended");

    let form = serde_json::json!({
        "username": crate::harness::ADMIN.0, "password": crate::harness::ADMIN.1,
    });
    let signed_in = world.app.post("/api/auth/login", &form).await.data();
    let request = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap()
        .post(format!("{}/fn/auth/logout", world.app.address))
        .bearer_auth(signed_in["token"].as_str().unwrap())
        .header("content-type", "application/x-www-form-urlencoded")
        .header("accept", "text/html");
    assert_eq!(location(&request.send().await.unwrap()), "/login");
}
