//! Sessions as their owner sees them, and what ends with one: its streams, wherever it was ended.

use std::time::{Duration, Instant};

use reqwest::Method;
use reqwest::header::SET_COOKIE;
use serde_json::{Value, json};

use crate::cli;
use crate::fake_engine::FakeEngine;
use crate::harness::{ADMIN, TestApp};
use crate::reply::{Answer, answer};
use crate::stream::EventSource;

/// What is promised of a stream whose session has ended.
const PROMISED: Duration = Duration::from_secs(5);

async fn log_in(app: &TestApp, (username, password): (&str, &str)) -> String {
    let form = json!({"username": username, "password": password});
    let answer = app.post("/api/auth/login", &form).await.data();
    answer["token"].as_str().unwrap_or_default().to_owned()
}

async fn with(app: &TestApp, token: &str, method: Method, path: &str, body: &Value) -> Answer {
    let client = reqwest::Client::new();
    let request = client.request(method, format!("{}{path}", app.address));
    answer(request.bearer_auth(token).json(body)).await
}

async fn listen(app: &TestApp, token: &str) -> EventSource {
    let request = reqwest::Client::new().get(format!("{}/api/stream?topics=health", app.address));
    EventSource::open(request.bearer_auth(token)).await
}

/// How long after `since` the stream ended.
#[expect(clippy::print_stderr, reason = "the figure is what this test is for")]
async fn end_of(mut stream: EventSource, since: Instant, why: &str) {
    while stream.next(crate::harness::SOON).await.is_some() {}
    let took = since.elapsed();
    eprintln!("{why}: the stream ended after {} ms", took.as_millis());
    assert!(took <= PROMISED, "{why}: {took:?}");
}

#[tokio::test]
async fn a_stream_ends_with_what_it_was_opened_with() {
    let engine = FakeEngine::start().await;
    let app = TestApp::ready(&engine.url()).await;
    let bob = ("bob", "a long enough phrase");
    let new = json!({"username": bob.0, "password": bob.1, "role": "viewer"});
    let id = app.post("/api/users", &new).await.data()["id"].clone();
    let path = format!("/api/users/{}", id.as_str().unwrap_or_default());

    let token = log_in(&app, bob).await;
    let stream = listen(&app, &token).await;
    let ended = Instant::now();
    with(&app, &token, Method::POST, "/api/auth/logout", &json!({}))
        .await
        .data();
    end_of(stream, ended, "sign-out").await;

    let token = log_in(&app, bob).await;
    let stream = listen(&app, &token).await;
    let ended = Instant::now();
    app.patch(&path, &json!({"role": "admin"})).await.data();
    end_of(stream, ended, "another role").await;
    let refused = with(&app, &token, Method::GET, "/api/engines", &json!({})).await;
    refused.is_refused(401, "not_signed_in");

    let token = log_in(&app, bob).await;
    let stream = listen(&app, &token).await;
    let ended = Instant::now();
    let new = "quite another phrase\n";
    let done = cli::run(app.data_dir(), &["user", "reset-password", "bob"], new).await;
    assert!(done.status.success(), "{:?}", cli::texts(&done));
    end_of(stream, ended, "a new password by the command line").await;

    let made = app
        .post("/api/tokens", &json!({"name": "ci", "role": "viewer"}))
        .await
        .data();
    let stream = listen(&app, made["token"].as_str().unwrap_or_default()).await;
    let ended = Instant::now();
    let token = format!("/api/tokens/{}", made["id"].as_str().unwrap_or_default());
    answer(app.request(Method::DELETE, &token)).await.data();
    end_of(stream, ended, "a token taken back").await;

    let stream = listen(&app, &log_in(&app, ("bob", new.trim())).await).await;
    let stays = listen(&app, &log_in(&app, ADMIN).await).await;
    let ended = Instant::now();
    answer(app.request(Method::DELETE, &path)).await.data();
    end_of(stream, ended, "the user removed").await;
    drop(stays);
}

#[tokio::test]
async fn somebody_sees_where_they_are_signed_in_and_ends_the_others() {
    let engine = FakeEngine::start().await;
    let app = TestApp::ready(&engine.url()).await;
    let others = [log_in(&app, ADMIN).await, log_in(&app, ADMIN).await];
    let sessions = app.read("/api/auth/sessions").await;
    let sessions = sessions.as_array().cloned().unwrap_or_default();
    assert_eq!(sessions.len(), 3, "{sessions:?}");
    let current: Vec<_> = sessions
        .iter()
        .filter(|one| one["is_current"] == true)
        .collect();
    assert_eq!(current.len(), 1);
    assert_eq!(current[0]["address"], "127.0.0.1");
    let other = sessions.iter().find(|one| one["is_current"] == false);
    let id = other
        .and_then(|other| other["id"].as_str())
        .unwrap_or_default();
    let path = format!("/api/auth/sessions/{id}");
    answer(app.request(Method::DELETE, &path)).await.data();
    answer(app.request(Method::DELETE, &path))
        .await
        .is_refused(404, "not_found");
    let ended = answer(app.request(Method::DELETE, "/api/auth/sessions"))
        .await
        .data();
    assert_eq!(ended, 1);
    for token in &others {
        let refused = with(&app, token, Method::GET, "/api/engines", &json!({})).await;
        refused.is_refused(401, "not_signed_in");
    }
    app.read("/api/engines").await;
}

#[tokio::test]
async fn a_new_password_ends_every_session_and_goes_on_under_a_new_one() {
    let engine = FakeEngine::start().await;
    let app = TestApp::ready(&engine.url()).await;
    let other = log_in(&app, ADMIN).await;
    let old = log_in(&app, ADMIN).await;
    let wrong = json!({"password": "wrong", "new_password": "quite another phrase"});
    let refused = with(&app, &old, Method::POST, "/api/auth/password", &wrong).await;
    refused.is_invalid("password");
    let right = json!({"password": ADMIN.1, "new_password": "quite another phrase"});
    let changed = with(&app, &old, Method::POST, "/api/auth/password", &right)
        .await
        .data();
    for token in [&other, &old] {
        let refused = with(&app, token, Method::GET, "/api/engines", &json!({})).await;
        refused.is_refused(401, "not_signed_in");
    }
    let new = changed["token"].as_str().unwrap_or_default();
    with(&app, new, Method::GET, "/api/engines", &json!({}))
        .await
        .data();
}

#[tokio::test]
async fn the_cookie_is_tied_to_this_host_over_https_and_only_a_proxy_of_ours_says_so() {
    let engine = FakeEngine::start().await;
    let trusting = ("DOCKER_WATCHER_TRUSTED_PROXIES", "127.0.0.0/8,::1");
    for (environment, is_https) in [(trusting, true), (("NOTHING", ""), false)] {
        let app = TestApp::start_with(&engine.url(), environment).await;
        app.set_up().await;
        let form = json!({"username": ADMIN.0, "password": ADMIN.1});
        let request = app.request(Method::POST, "/api/auth/login").json(&form);
        let request = request.header("x-forwarded-proto", "https");
        let response = request.send().await.expect("the sign-in is answered");
        let headers = response.headers();
        let cookie = headers[SET_COOKIE].to_str().unwrap_or_default();
        assert_eq!(cookie.starts_with("__Host-"), is_https, "{cookie}");
        assert_eq!(cookie.contains("; Secure"), is_https, "{cookie}");
        assert_eq!(headers.contains_key("strict-transport-security"), is_https);
    }
}

#[tokio::test]
async fn an_address_is_a_headers_word_only_where_a_proxy_of_ours_wrote_it() {
    let engine = FakeEngine::start().await;
    let trusting = ("DOCKER_WATCHER_TRUSTED_PROXIES", "127.0.0.1");
    for (environment, refused) in [(trusting, 0), (("NOTHING", ""), 20)] {
        let app = TestApp::start_with(&engine.url(), environment).await;
        let mut statuses = Vec::new();
        for number in 0..30 {
            // Another name each time, so that only the address can be what is counted.
            let form = json!({"username": format!("user{number}"), "password": "wrong"});
            let request = app.request(Method::POST, "/api/auth/login").json(&form);
            let request = request.header("x-forwarded-for", format!("203.0.113.{number}"));
            statuses.push(answer(request).await.status);
        }
        let too_many = statuses.iter().filter(|status| **status == 429).count();
        assert_eq!(too_many, refused, "{statuses:?}");
    }
}
