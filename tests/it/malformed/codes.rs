//! What is typed where a one-time code belongs, while a second factor is set up and when it is asked for.

use chrono::Duration;
use reqwest::Method;
use serde_json::{Value, json};
use totp_rs::{Builder, Secret};

use super::names::names;
use crate::clocked::{ClockedApp, Session};
use crate::fake_engine::FakeEngine;
use crate::harness::ADMIN;
use crate::reply::{Answer, answer};

/// So few tries that none of them is refused unread; then the clock goes on.
const AT_ONCE: usize = 8;

/// Longer than failures are remembered.
const PAUSE: Duration = Duration::minutes(61);

async fn post(app: &ClockedApp, session: &Session, path: &str, body: &Value) -> Answer {
    let request = app.request(Method::POST, path);
    let request = request.header("cookie", &session.cookie);
    answer(request.json(body)).await
}

/// What the app on the phone says now.
fn code_of_now(app: &ClockedApp, secret: &str) -> String {
    let secret = Secret::try_from_base32(secret).expect("the secret is base32");
    let totp = Builder::new().with_secret(secret).build_noncompliant();
    let now = app.clock.now().timestamp();
    totp.generate(now.unsigned_abs()).to_string()
}

#[tokio::test]
async fn no_malformed_code_confirms_a_second_factor_or_gets_past_one() {
    let engine = FakeEngine::start().await;
    let app = ClockedApp::start(&engine.url()).await;
    let session = app.set_up().await;
    let password = json!({"password": ADMIN.1});
    let factor = "/api/auth/second-factor";
    let begin = async || post(&app, &session, factor, &password).await.data();
    let secret_of = |begun: &Value| begun["secret"].as_str().unwrap_or_default().to_owned();
    let mut secret = secret_of(&begin().await);
    let first = secret.clone();
    let names = names(&first);
    for (count, name) in names.iter().enumerate() {
        if count % AT_ONCE == 0 {
            app.clock.advance(PAUSE);
            // What was begun is over by then.
            secret = secret_of(&begin().await);
        }
        let confirm = format!("{factor}/confirm");
        let refused = post(&app, &session, &confirm, &json!({"code": name})).await;
        refused.is_invalid("code");
    }
    assert_eq!(app.read(&session, factor).await["since"], Value::Null);

    let code = json!({"code": code_of_now(&app, &secret)});
    post(&app, &session, &format!("{factor}/confirm"), &code)
        .await
        .data();
    for (count, name) in names.iter().enumerate() {
        if count % AT_ONCE == 0 {
            app.clock.advance(PAUSE);
        }
        let form = json!({"username": ADMIN.0, "password": ADMIN.1, "code": name});
        let refused = post(&app, &session, "/api/auth/login", &form).await;
        refused.is_refused(401, "second_factor");
    }
    println!(
        "malformed: {} codes in two places, all refused",
        names.len()
    );
}
