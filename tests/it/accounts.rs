//! Who gets in: the first admin, sign-in and sign-out, roles, and writes from other sites.

use std::sync::Mutex;
use std::time::Duration;

use reqwest::header::{HeaderMap, SET_COOKIE};
use reqwest::{Method, redirect};
use serde_json::{Value, json};

use crate::cli;
use crate::fake_engine::FakeEngine;
use crate::harness::{ADMIN, SOON, TestApp, client, wait_for};
use crate::reply::answer;

#[tokio::test]
async fn the_first_admin_is_made_once_and_only_with_the_token() {
    let engine = FakeEngine::start().await;
    let app = TestApp::start(&engine.url()).await;
    let state = app.read("/api/auth/state").await;
    assert_eq!(
        state,
        json!({"setup_required": true, "oidc": null, "user": null})
    );

    let mut form = app.setup_form();
    for wrong in ["", "wrong", "0000000000000000000000000000000000000000"] {
        form["setup_token"] = json!(wrong);
        let refused = app.post("/api/auth/setup", &form).await;
        assert!(
            [403, 422].contains(&refused.status),
            "{} {}",
            refused.status,
            refused.text
        );
    }
    let mut short = app.setup_form();
    short["password"] = json!("short");
    app.post("/api/auth/setup", &short)
        .await
        .is_invalid("password");
    let mut nameless = app.setup_form();
    nameless["username"] = json!(" ");
    app.post("/api/auth/setup", &nameless)
        .await
        .is_invalid("username");

    let form = app.setup_form();
    let signed_in = app.post("/api/auth/setup", &form).await.data();
    assert_eq!(signed_in["user"]["username"], ADMIN.0);
    assert_eq!(signed_in["user"]["role"], "admin");
    assert!(
        !app.data_dir().join("setup-token").exists(),
        "the token has done its work"
    );
    app.post("/api/auth/setup", &form)
        .await
        .is_refused(409, "conflict");
    assert_eq!(app.read("/api/auth/state").await["setup_required"], false);
}

#[tokio::test]
async fn of_two_hundred_who_would_be_the_first_admin_one_is() {
    let engine = FakeEngine::start().await;
    let app = TestApp::start(&engine.url()).await;
    let form = app.setup_form();
    let tries = (0..200).map(|number| {
        let mut form = form.clone();
        form["username"] = json!(format!("admin{number}"));
        let app = &app;
        async move { app.post("/api/auth/setup", &form).await.status }
    });
    let statuses = futures::future::join_all(tries).await;
    let winners = statuses
        .iter()
        .filter(|status| (200..300).contains(*status))
        .count();
    assert_eq!(winners, 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| *status < 500), "{statuses:?}");
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_name_are_refused_alike() {
    let engine = FakeEngine::start().await;
    let app = TestApp::ready(&engine.url()).await;
    app.forget_token();
    let wrong = json!({"username": ADMIN.0, "password": "not the password at all"});
    let wrong = app.post("/api/auth/login", &wrong).await;
    let unknown = json!({"username": "nobody", "password": "not the password at all"});
    let unknown = app.post("/api/auth/login", &unknown).await;
    assert_eq!((wrong.status, unknown.status), (401, 401), "{}", wrong.text);
    assert_eq!(wrong.json, unknown.json, "the answers tell who exists");
    app.sign_in().await;
    assert_eq!(
        app.read("/api/auth/state").await["user"]["username"],
        ADMIN.0
    );
}

#[tokio::test]
async fn a_token_is_refused_once_signed_out() {
    let engine = FakeEngine::start().await;
    let app = TestApp::ready(&engine.url()).await;
    app.read("/api/engines").await;
    app.post("/api/auth/logout", &json!({})).await.data();
    app.get("/api/engines")
        .await
        .is_refused(401, "not_signed_in");
    app.use_token("made-up");
    app.get("/api/engines")
        .await
        .is_refused(401, "not_signed_in");
}

#[tokio::test]
async fn a_session_outlives_a_restart_and_its_cookie_is_for_the_server_alone() {
    let engine = FakeEngine::start().await;
    let app = TestApp::ready(&engine.url()).await;
    let (headers, signed_in) = log_in(&app).await;
    let cookie = headers[SET_COOKIE]
        .to_str()
        .unwrap_or_default()
        .to_lowercase();
    assert!(
        cookie.contains("httponly") && cookie.contains("samesite=lax"),
        "{cookie}"
    );
    assert!(cookie.contains("path=/"), "{cookie}");
    let token = signed_in["token"].as_str().unwrap_or_default();
    assert!(token.len() >= 32, "too short to be a secret: {token}");
    let app = app.restart().await;
    app.use_token(token);
    app.read("/api/engines").await;
    let cookie = cookie_pair(&headers);
    app.forget_token();
    let by_cookie = app
        .request(Method::GET, "/api/engines")
        .header("cookie", cookie);
    answer(by_cookie).await.data();
}

#[tokio::test]
async fn a_write_from_another_site_is_refused_though_the_cookie_came_along() {
    let engine = FakeEngine::start().await;
    let app = TestApp::ready(&engine.url()).await;
    let (headers, _) = log_in(&app).await;
    app.forget_token();
    let cookie = cookie_pair(&headers);
    let write = |path: &str, extra: &[(&'static str, &str)]| {
        let method = if path.starts_with("/fn") {
            Method::POST
        } else {
            Method::PATCH
        };
        let mut request = app
            .request(method, path)
            .header("cookie", &cookie)
            .json(&json!({}));
        for (name, value) in extra {
            request = request.header(*name, *value);
        }
        answer(request)
    };
    let own = app.address.as_str();
    for path in ["/api/settings", "/fn/settings/change"] {
        for extra in [
            [
                ("sec-fetch-site", "cross-site"),
                ("origin", "https://evil.example"),
            ],
            [
                ("sec-fetch-site", "same-site"),
                ("origin", "http://app.127.0.0.1"),
            ],
            [("x-nothing", "1"), ("origin", "https://evil.example")],
            [("x-nothing", "1"), ("origin", "null")],
        ] {
            assert_eq!(write(path, &extra).await.status, 403, "{path} {extra:?}");
        }
    }
    let refused = write("/api/settings", &[("sec-fetch-site", "cross-site")]).await;
    refused.is_refused(403, "forbidden");
    write(
        "/api/settings",
        &[("sec-fetch-site", "same-origin"), ("origin", own)],
    )
    .await
    .data();
    write("/api/settings", &[]).await.data();
}

#[tokio::test]
async fn a_viewer_reads_everything_and_changes_nothing() {
    let engine = FakeEngine::start().await;
    let app = TestApp::ready(&engine.url()).await;
    let token = cli::succeed(
        app.data_dir(),
        &["token", "add", "grafana", "--role", "viewer"],
    )
    .await;
    app.use_token(token.trim());
    assert_eq!(app.read("/api/auth/state").await["user"]["role"], "viewer");
    for path in [
        "/api/settings",
        "/api/engines",
        "/api/workloads",
        "/api/projects",
    ] {
        app.read(path).await;
    }
    app.stream("stats").await;
    let change = json!({"stats_interval_secs": 10});
    app.patch("/api/settings", &change)
        .await
        .is_refused(403, "forbidden");
    app.post("/api/projects", &json!({"name": "mine"}))
        .await
        .is_refused(403, "forbidden");
}

#[tokio::test]
async fn the_forms_work_without_javascript_and_lead_back() {
    let engine = FakeEngine::start().await;
    let app = TestApp::ready(&engine.url()).await;
    let client = client().redirect(redirect::Policy::none()).build();
    let client = client.expect("a client can be made");
    let response = client
        .post(format!("{}/fn/auth/login", app.address))
        .header("content-type", "application/x-www-form-urlencoded")
        .header("accept", "text/html")
        .header("referer", format!("{}/sign-in", app.address))
        .body(format!(
            "username={}&password={}",
            ADMIN.0,
            ADMIN.1.replace(' ', "+")
        ))
        .timeout(Duration::from_secs(20))
        .send()
        .await
        .expect("the form is answered");
    let status = response.status().as_u16();
    assert!((300..400).contains(&status), "{status}");
    assert!(
        response.headers().contains_key(SET_COOKIE),
        "{:?}",
        response.headers()
    );
}

/// Whether this token opens anything.
async fn is_inside(app: &TestApp, token: &str) -> bool {
    let request = reqwest::Client::new().get(format!("{}/api/engines", app.address));
    let status = answer(request.bearer_auth(token)).await.status;
    assert!([200, 401].contains(&status), "{status}");
    status == 200
}

/// So many sign in at the same moment, again and again, for as long as the password opens.
const AT_ONCE: usize = 4;

/// More sign-ins of each of them than fit into the time that a reset takes.
const ROUNDS: usize = 500;

#[tokio::test]
async fn nobody_is_inside_with_the_password_of_before_who_signed_in_while_it_was_reset() {
    let engine = FakeEngine::start().await;
    let app = TestApp::ready(&engine.url()).await;
    let phrases = [
        "a long enough phrase",
        "quite another phrase",
        "and one more phrase",
    ];
    let new = json!({"username": "bob", "password": phrases[0], "role": "viewer"});
    let bob = app.post("/api/users", &new).await.data();
    let path = format!("/api/users/{}", bob["id"].as_str().unwrap_or_default());
    for passwords in phrases.windows(2) {
        let form = json!({"username": "bob", "password": passwords[0]});
        let opened = Mutex::new(Vec::<String>::new());
        let sign_in = async || {
            for _ in 0..ROUNDS {
                let answer = app.post("/api/auth/login", &form).await;
                if answer.status != 200 {
                    assert_eq!(answer.status, 401, "{}", answer.text);
                    return;
                }
                let token = answer.data()["token"].as_str().map(str::to_owned);
                opened.lock().unwrap().extend(token);
            }
        };
        let reset = async {
            wait_for("each to have signed in", SOON, || async {
                let count = opened.lock().unwrap().len();
                if count >= AT_ONCE {
                    Ok(())
                } else {
                    Err(count.to_string())
                }
            })
            .await;
            let change = json!({"password": passwords[1]});
            app.patch(&path, &change).await.data();
        };
        tokio::join!(reset, sign_in(), sign_in(), sign_in(), sign_in());
        for token in opened.into_inner().unwrap() {
            assert!(!is_inside(&app, &token).await);
        }
        let form = json!({"username": "bob", "password": passwords[1]});
        app.post("/api/auth/login", &form).await.data();
    }
}

#[tokio::test]
async fn a_sign_in_ends_the_session_whose_cookie_it_replaces() {
    let engine = FakeEngine::start().await;
    let app = TestApp::ready(&engine.url()).await;
    let (headers, first) = log_in(&app).await;
    let first = first["token"].as_str().unwrap_or_default();
    app.forget_token();
    let again = |password: &str| {
        let request = app.request(Method::POST, "/api/auth/login");
        let form = json!({"username": ADMIN.0, "password": password});
        answer(request.header("cookie", cookie_pair(&headers)).json(&form))
    };
    again("not the password at all")
        .await
        .is_refused(401, "not_signed_in");
    assert!(is_inside(&app, first).await);
    let second = again(ADMIN.1).await.data();
    let second = second["token"].as_str().unwrap_or_default();
    assert!(!is_inside(&app, first).await);

    // A program that sends its token in a header still has it.
    app.use_token(second);
    log_in(&app).await;
    assert!(is_inside(&app, second).await);
}

async fn log_in(app: &TestApp) -> (HeaderMap, Value) {
    let form = json!({"username": ADMIN.0, "password": ADMIN.1});
    let request = app.request(Method::POST, "/api/auth/login").json(&form);
    let response = request.send().await.expect("the sign-in is answered");
    let headers = response.headers().clone();
    let body: Value = response.json().await.expect("the answer is JSON");
    (headers, body["data"].clone())
}

/// `name=value` as a browser would send it back.
fn cookie_pair(headers: &HeaderMap) -> String {
    let cookie = headers[SET_COOKIE].to_str().unwrap_or_default();
    cookie.split(';').next().unwrap_or_default().to_owned()
}
