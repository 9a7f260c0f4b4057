//! A page that somebody may not have: a page that says so, and JSON for programs.

use std::net::Ipv4Addr;

use reqwest::Method;
use serde_json::json;

use crate::clocked::{ClockedApp, Session};
use crate::fake_engine::FakeEngine;
use crate::harness::{ADMIN, TestApp};
use crate::raw::{Request, send};

const VIEWER: (&str, &str) = ("vic", "a viewer's long password");

/// Status, media type and text of the page at `path`.
async fn page(
    app: &ClockedApp,
    session: &Session,
    path: &str,
    accept: &str,
) -> (u16, String, String) {
    let request = app.request(Method::GET, path).header("accept", accept);
    let request = request.header("cookie", &session.cookie);
    let response = request.send().await.expect("an answer");
    let kind = response.headers()["content-type"].to_str();
    let kind = kind.unwrap_or_default().to_owned();
    let status = response.status().as_u16();
    (status, kind, response.text().await.unwrap_or_default())
}

#[tokio::test]
async fn a_refused_page_says_so_on_a_page_and_holds_nothing_of_what_was_asked_for() {
    let engine = FakeEngine::start().await;
    let app = ClockedApp::start(&engine.url()).await;
    let admin = app.set_up().await;
    let form = json!({"username": VIEWER.0, "password": VIEWER.1, "role": "viewer"});
    let add = app.request(Method::POST, "/api/users").json(&form);
    let added = add.header("cookie", &admin.cookie).send().await;
    assert!(added.is_ok_and(|answer| answer.status().is_success()));
    let viewer = app.sign_in(VIEWER).await;
    for path in ["/settings/users", "/settings/sign-on"] {
        let (status, kind, text) = page(&app, &viewer, path, "text/html,*/*;q=0.8").await;
        assert_eq!(
            (status, &*kind),
            (403, "text/html; charset=utf-8"),
            "{path}"
        );
        assert!(text.contains("This page is for admins"), "{path}: {text}");
        assert!(text.contains("href=\"/\""), "{path} has no way back");
        assert!(!text.contains(ADMIN.0), "{path}: {text}");
        let (status, kind, text) = page(&app, &viewer, path, "*/*").await;
        assert_eq!((status, &*kind), (403, "application/json"), "{path}");
        assert!(text.contains("forbidden"), "{path}: {text}");
        let (status, _, text) = page(&app, &admin, path, "text/html").await;
        assert_eq!(status, 200, "{path}: {text}");
    }
    let (status, kind, _) = page(&app, &viewer, "/api/users", "text/html").await;
    assert_eq!((status, &*kind), (403, "application/json"));
    let (status, _, text) = page(&app, &viewer, "/settings/general", "text/html").await;
    assert_eq!(status, 200);
    assert!(!text.contains("<input"), "a viewer gets no form: {text}");
}

#[tokio::test]
async fn a_path_that_says_one_thing_and_means_another_leads_nowhere() {
    let engine = FakeEngine::start().await;
    let app = TestApp::ready(&engine.url()).await;
    let word = json!({"username": ADMIN.0, "password": ADMIN.1});
    let token = app.post("/api/auth/login", &word).await.data()["token"].clone();
    let bearer = format!(
        "Authorization: Bearer {}\r\n",
        token.as_str().unwrap_or_default()
    );
    let ask = async |target: &'static str, headers: &str| {
        let request = Request {
            address: &app.address,
            from: Ipv4Addr::LOCALHOST,
            method: "GET",
            target,
            headers,
            body: "",
        };
        send(request).await.expect("an answer")
    };
    for target in [
        "/pkg/../settings/users",
        "/pkg/%2e%2e/settings/sign-on",
        "/pkg/%2E%2e/settings/sign-on",
        "/generated/../account",
        "/generated/..%2faccount",
        "/pkg//../events",
        "/pkg/%00",
        "/pkg/\\..\\events",
    ] {
        let stranger = ask(target, "Accept: text/html\r\n").await;
        assert!(
            [303, 400].contains(&stranger.status),
            "{target}: {stranger:?}"
        );
        assert!(!stranger.body.contains("<html"), "{target}: {stranger:?}");
        let admin = ask(target, &bearer).await;
        assert!([404, 400].contains(&admin.status), "{target}: {admin:?}");
        assert!(!admin.body.contains("<html"), "{target}: {admin:?}");
    }
}
