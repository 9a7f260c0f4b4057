//! People and API tokens, managed over HTTP and by the command line.

use reqwest::Method;
use serde_json::{Value, json};

use crate::cli;
use crate::event_log::lines_when;
use crate::fake_engine::FakeEngine;
use crate::harness::{ADMIN, SOON, TestApp};
use crate::reply::{Answer, answer};

async fn delete(app: &TestApp, path: &str) -> Answer {
    answer(app.request(Method::DELETE, path)).await
}

fn path(house: &str, row: &Value) -> String {
    format!("/api/{house}/{}", row["id"].as_str().unwrap_or_default())
}

#[tokio::test]
async fn an_admin_adds_changes_and_removes_people_and_stays_one() {
    let engine = FakeEngine::start().await;
    let app = TestApp::ready(&engine.url()).await;
    let new = json!({"username": "bob", "password": "a long enough phrase", "role": "viewer"});
    let bob = app.post("/api/users", &new).await.data();
    assert_eq!(
        (&bob["role"], &bob["has_password"]),
        (&json!("viewer"), &json!(true))
    );
    app.post("/api/users", &new)
        .await
        .is_refused(409, "conflict");
    for (field, value) in [
        ("username", "b b"),
        ("password", "password"),
        ("password", "short"),
    ] {
        let mut wrong = new.clone();
        wrong["username"] = json!("carol");
        wrong[field] = json!(value);
        app.post("/api/users", &wrong).await.is_invalid(field);
    }
    let mut king = new.clone();
    king["role"] = json!("king");
    assert!((400..500).contains(&app.post("/api/users", &king).await.status));

    let users = app.read("/api/users").await;
    let names: Vec<_> = users
        .as_array()
        .into_iter()
        .flatten()
        .map(|user| &user["username"])
        .collect();
    assert_eq!(names, [ADMIN.0, "bob"]);
    let ann = path("users", &users[0]);
    app.patch(&ann, &json!({"role": "viewer"}))
        .await
        .is_refused(409, "conflict");
    delete(&app, &ann).await.is_refused(409, "conflict");
    app.patch(&path("users", &bob), &json!({"role": "admin"}))
        .await
        .data();
    app.patch(&path("users", &bob), &json!({"king": true}))
        .await
        .is_invalid("king");
    delete(&app, &path("users", &bob)).await.data();
    delete(&app, &path("users", &bob))
        .await
        .is_refused(404, "not_found");
    let text = app.read("/api/users").await.to_string();
    assert!(!text.contains("argon2") && !text.contains("hash"), "{text}");
}

#[tokio::test]
async fn people_are_managed_by_the_command_line_too() {
    let dir = tempfile::tempdir().expect("a temporary directory can be made");
    let add = |name: &'static str, role: &'static str| {
        let dir = dir.path();
        async move {
            let arguments = ["user", "add", name, "--role", role];
            cli::run(dir, &arguments, "a long enough phrase\n").await
        }
    };
    assert!(add("ann", "admin").await.status.success());
    assert!(add("bob", "viewer").await.status.success());
    let list = cli::succeed(dir.path(), &["user", "list"]).await;
    assert!(list.contains("ann\tadmin\tnever signed in"), "{list}");
    assert!(list.contains("bob\tviewer"), "{list}");
    let refused = cli::run(dir.path(), &["user", "remove", "ann"], "").await;
    assert_eq!(refused.status.code(), Some(1));
    assert!(
        cli::texts(&refused).1.contains("last admin"),
        "{:?}",
        cli::texts(&refused)
    );
    cli::succeed(dir.path(), &["user", "set-role", "bob", "--role", "admin"]).await;
    cli::succeed(dir.path(), &["user", "remove", "ann"]).await;
    let list = cli::succeed(dir.path(), &["user", "list"]).await;
    assert!(
        !list.contains("ann") && list.contains("bob\tadmin"),
        "{list}"
    );
    let nobody = cli::run(dir.path(), &["user", "remove", "carol"], "").await;
    assert_eq!(nobody.status.code(), Some(1));
}

#[tokio::test]
async fn a_token_is_shown_once_says_when_it_was_used_and_is_refused_when_taken_back() {
    let engine = FakeEngine::start().await;
    let app = TestApp::ready(&engine.url()).await;
    let new = json!({"name": "ci", "role": "viewer", "expires_at": "2999-01-01T00:00:00Z"});
    let made = app.post("/api/tokens", &new).await.data();
    let secret = made["token"].as_str().unwrap_or_default().to_owned();
    assert!(secret.starts_with("dwt_") && secret.len() > 40, "{secret}");
    assert_eq!(made["created_by"], ADMIN.0);
    app.post("/api/tokens", &new)
        .await
        .is_refused(409, "conflict");
    let mut old = new.clone();
    old["name"] = json!("old");
    old["expires_at"] = json!("2001-01-01T00:00:00Z");
    app.post("/api/tokens", &old).await.is_invalid("expires_at");

    let listed = app.read("/api/tokens").await;
    assert!(!listed.to_string().contains(&secret));
    assert_eq!(listed[0]["last_used_at"], Value::Null);
    let use_it = || {
        let client = reqwest::Client::new();
        let request = client.get(format!("{}/api/engines", app.address));
        answer(request.bearer_auth(&secret))
    };
    use_it().await.data();
    assert!(app.read("/api/tokens").await[0]["last_used_at"].is_string());
    let file = std::fs::read(app.data_dir().join("docker-watcher.db")).unwrap_or_default();
    assert!(
        !file
            .windows(secret.len())
            .any(|window| window == secret.as_bytes())
    );
    delete(&app, &path("tokens", &made)).await.data();
    use_it().await.is_refused(401, "not_signed_in");
    let list = cli::succeed(app.data_dir(), &["token", "list"]).await;
    assert!(list.is_empty(), "{list}");
}

#[tokio::test]
async fn an_open_page_is_not_enough_to_change_ones_own_password() {
    let engine = FakeEngine::start().await;
    let app = TestApp::ready(&engine.url()).await;
    let ann = path("users", &app.read("/api/users").await[0]);
    let change = json!({"password": "quite another phrase"});
    for own in [&change, &json!({"remove_second_factor": true})] {
        app.patch(&ann, own).await.is_refused(409, "conflict");
    }
    app.patch(&ann, &json!({"role": "admin"})).await.data();
    app.sign_in().await;
    let new = json!({"username": "bob", "password": "a long enough phrase", "role": "viewer"});
    let bob = path("users", &app.post("/api/users", &new).await.data());
    app.patch(&bob, &change).await.data();
}

#[tokio::test]
async fn an_api_token_does_not_take_the_account_of_whom_it_belongs_to() {
    let engine = FakeEngine::start().await;
    let app = TestApp::ready(&engine.url()).await;
    let bob = json!({"username": "bob", "password": "a long enough phrase", "role": "admin"});
    let bob = path("users", &app.post("/api/users", &bob).await.data());
    let ann = path("users", &app.read("/api/users").await[0]);
    let token = json!({"name": "deploys", "role": "admin"});
    let token = app.post("/api/tokens", &token).await.data()["token"].clone();
    let patch = |path: &str, change: &Value| {
        let request = reqwest::Client::new().patch(format!("{}{path}", app.address));
        let request = request.bearer_auth(token.as_str().unwrap_or_default());
        answer(request.json(change))
    };
    let change = json!({"password": "quite another phrase"});
    for own in [&change, &json!({"remove_second_factor": true})] {
        let refused = patch(&ann, own).await;
        assert!(refused.text.contains("account's page"), "{}", refused.text);
        refused.is_refused(403, "forbidden");
    }
    app.sign_in().await;
    patch(&bob, &change).await.data();
}

#[tokio::test]
async fn api_tokens_end_with_what_their_maker_was() {
    let engine = FakeEngine::start().await;
    let app = TestApp::ready(&engine.url()).await;
    let bob = json!({"username": "bob", "password": "a long enough phrase", "role": "admin"});
    let id = path("users", &app.post("/api/users", &bob).await.data());
    let as_whom = |token: &Value, method: Method, path: &str, body: &Value| {
        let request = reqwest::Client::new().request(method, format!("{}{path}", app.address));
        let request = request.bearer_auth(token.as_str().unwrap_or_default());
        answer(request.json(body))
    };
    let form = json!({"username": "bob", "password": "a long enough phrase"});
    let session = app.post("/api/auth/login", &form).await.data()["token"].clone();
    let make = async |by: &Value, name: &str, role: &str| {
        let wanted = json!({"name": name, "role": role});
        let made = as_whom(by, Method::POST, "/api/tokens", &wanted).await;
        made.data()["token"].clone()
    };
    let changes = make(&session, "changes", "admin").await;
    let reads = make(&session, "reads", "viewer").await;
    let by_a_token = make(&changes, "by a token", "admin").await;
    let anns = app
        .post("/api/tokens", &json!({"name": "ann's", "role": "admin"}))
        .await
        .data()["token"]
        .clone();
    let status = async |token: &Value| {
        let read = as_whom(token, Method::GET, "/api/engines", &json!({})).await;
        read.status
    };
    for token in [&changes, &reads, &by_a_token, &anns] {
        assert_eq!(status(token).await, 200);
    }

    app.patch(&id, &json!({"role": "viewer"})).await.data();
    for (token, expected) in [
        (&changes, 401),
        (&by_a_token, 401),
        (&reads, 200),
        (&anns, 200),
    ] {
        assert_eq!(status(token).await, expected);
    }
    delete(&app, &id).await.data();
    for (token, expected) in [(&reads, 401), (&anns, 200)] {
        assert_eq!(status(token).await, expected);
    }
    let told = lines_when(&app, "token.removed", SOON, |lines| lines.len() == 3).await;
    for line in told {
        assert_eq!(line["details"]["by"], ADMIN.0, "{line}");
        assert!(line["operation_id"].is_string(), "{line}");
    }
}
