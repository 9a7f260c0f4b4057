//! Bodies that are too large or too deep, and streams that are too many.

use axum::body::Bytes;
use futures::stream;
use reqwest::{Body, Method};
use serde_json::json;

use crate::cli;
use crate::fake_engine::FakeEngine;
use crate::harness::{SOON, TestApp, wait_for};
use crate::reply::answer;

const DEEP: usize = 100_000;

/// The same thing in itself, many times.
fn nested(open: &str, inside: &str, close: &str) -> String {
    open.repeat(DEEP) + inside + &close.repeat(DEEP)
}

#[tokio::test]
async fn json_that_is_nested_without_an_end_is_malformed() {
    let engine = FakeEngine::start().await;
    let app = TestApp::ready(&engine.url()).await;
    let bodies = [
        nested("[", "", "]"),
        nested(r#"{"a":"#, "1", "}"),
        format!(r#"{{"username":{}}}"#, nested("[", "1", "]")),
        "[".repeat(DEEP),
    ];
    for body in bodies {
        for (method, path) in [
            (Method::POST, "/api/auth/login"),
            (Method::POST, "/api/projects"),
            (Method::PATCH, "/api/settings"),
        ] {
            let request = app.request(method, path).body(body.clone());
            let request = request.header("content-type", "application/json");
            answer(request).await.is_refused(400, "malformed");
        }
        let request = app.request(Method::POST, "/fn/auth/login").body(body);
        let answer = answer(request.header("content-type", "application/json")).await;
        answer.is_refused(415, "unsupported_media_type");
    }
    assert_eq!(app.get("/healthz").await.status, 200);
}

#[tokio::test]
async fn a_form_whose_keys_are_nested_without_an_end_is_malformed() {
    let engine = FakeEngine::start().await;
    let app = TestApp::ready(&engine.url()).await;
    let keys = [
        format!("username{}=1", "[a]".repeat(DEEP)),
        format!("id{}=1", "[0]".repeat(DEEP)),
        format!("username{}=1", "[".repeat(DEEP)),
        format!("a{}=1&username=ann&password=x", "[a]".repeat(DEEP)),
        "username[a]=1&".repeat(10_000),
    ];
    for body in keys {
        for path in [
            "/fn/auth/login",
            "/fn/workloads/read",
            "/fn/projects/create",
        ] {
            let request = app.request(Method::POST, path).body(body.clone());
            let request = request.header("content-type", "application/x-www-form-urlencoded");
            let answer = answer(request).await;
            // One that only has more keys than are asked for is a form like another.
            let is_form = body.contains("password=x") && path == "/fn/auth/login";
            let expected = if is_form { 401 } else { 400 };
            assert_eq!(answer.status, expected, "{path}: {}", answer.text);
        }
    }
    assert_eq!(app.get("/healthz").await.status, 200);
}

#[tokio::test]
async fn a_body_in_chunks_has_the_same_limit_as_one_that_says_its_size() {
    let engine = FakeEngine::start().await;
    let app = TestApp::ready(&engine.url()).await;
    for path in ["/api/auth/login", "/fn/auth/login"] {
        let chunks = (0..4096).map(|_| Ok::<_, std::io::Error>(Bytes::from_static(&[b' '; 1024])));
        let body = Body::wrap_stream(stream::iter(chunks));
        let request = app.request(Method::POST, path).body(body);
        let answer = answer(request.header("content-type", "application/json")).await;
        answer.is_refused(413, "too_large");
    }
}

#[tokio::test]
async fn a_user_has_so_many_streams_and_gets_one_back_by_closing_one() {
    const OF_ONE: usize = 32;
    let engine = FakeEngine::start().await;
    let app = TestApp::ready(&engine.url()).await;
    let mut streams = Vec::new();
    for _ in 0..OF_ONE {
        streams.push(app.stream("deploys").await);
    }
    let refused = app.request(Method::GET, "/api/stream").send().await;
    let refused = refused.expect("an answer");
    assert!(refused.headers().contains_key("retry-after"), "{refused:?}");
    app.get("/api/stream").await.is_refused(429, "too_many");

    let another = ["token", "add", "robot", "--role", "viewer"];
    let another = cli::succeed(app.data_dir(), &another).await;
    let request = app.request(Method::GET, "/api/stream?topics=deploys");
    let mut request = request.build().expect("a request");
    let token = format!("Bearer {}", another.trim())
        .parse()
        .expect("a header");
    request.headers_mut().insert("authorization", token);
    let client = reqwest::Client::new();
    let theirs = client.execute(request).await.expect("an answer");
    assert_eq!(
        theirs.status().as_u16(),
        200,
        "another's seats are their own"
    );

    drop(streams.pop());
    wait_for("a seat to be free again", SOON, || async {
        let request = app.request(Method::GET, "/api/stream?topics=deploys");
        let answer = request.send().await.expect("an answer");
        match answer.status().as_u16() {
            200 => Ok(()),
            status => Err(json!(status).to_string()),
        }
    })
    .await;
}
