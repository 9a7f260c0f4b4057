//! What is done at a terminal: accounts and tokens before any start, the doctor, and help.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Output, Stdio};
use std::sync::Arc;

use serde_json::json;
use tokio::io::AsyncWriteExt;

use crate::fake_engine::FakeEngine;
use crate::harness::{SOON, TestApp, command, wait_for};

/// Runs the program to its end, with this on standard input.
pub async fn run(data_dir: &Path, arguments: &[&str], input: &str) -> Output {
    let mut child = command(data_dir)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program can be started");
    let mut stdin = child.stdin.take().expect("stdin is piped");
    // A program that does not read its input has closed it; its exit code says the rest.
    drop(stdin.write_all(input.as_bytes()).await);
    drop(stdin);
    let output = tokio::time::timeout(crate::harness::SOON, child.wait_with_output()).await;
    output
        .expect("the program ends")
        .expect("its output can be read")
}

/// The same, for a command that has to succeed: answers its standard output.
pub async fn succeed(data_dir: &Path, arguments: &[&str]) -> String {
    let output = run(data_dir, arguments, "").await;
    let (out, error) = texts(&output);
    assert_eq!(
        output.status.code(),
        Some(0),
        "{arguments:?}: {out} {error}"
    );
    out
}

/// Standard output and standard error.
pub fn texts(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr))
}

#[tokio::test]
async fn an_admin_can_be_made_before_the_first_start() {
    let data_dir = Arc::new(tempfile::tempdir().expect("a temporary directory can be made"));
    let arguments = ["user", "add", "bob", "--role", "admin"];
    let output = run(data_dir.path(), &arguments, "a long enough password\n").await;
    assert_eq!(output.status.code(), Some(0), "{:?}", texts(&output));

    let again = run(data_dir.path(), &arguments, "a long enough password\n").await;
    assert_eq!(again.status.code(), Some(1), "{:?}", texts(&again));
    assert!(texts(&again).1.contains("user"), "{:?}", texts(&again));

    let engine = FakeEngine::start().await;
    let app = TestApp::start_in(data_dir, &engine.url()).await;
    assert_eq!(app.read("/api/auth/state").await["setup_required"], false);
    let form = json!({"username": "bob", "password": "a long enough password"});
    assert_eq!(
        app.post("/api/auth/login", &form).await.data()["user"]["role"],
        "admin"
    );
}

#[tokio::test]
async fn a_bad_password_or_role_makes_nobody() {
    let data_dir = tempfile::tempdir().expect("a temporary directory can be made");
    let empty = run(
        data_dir.path(),
        &["user", "add", "bob", "--role", "admin"],
        "\n",
    )
    .await;
    assert_eq!(empty.status.code(), Some(1), "{:?}", texts(&empty));
    let left = std::fs::read_dir(data_dir.path()).expect("the folder can be read");
    assert_eq!(
        left.count(),
        0,
        "nothing was made for a password that cannot be"
    );
    let role = run(
        data_dir.path(),
        &["user", "add", "bob", "--role", "king"],
        "password\n",
    )
    .await;
    assert_eq!(role.status.code(), Some(2), "{:?}", texts(&role));
}

#[tokio::test]
async fn an_empty_level_of_the_log_is_none_at_all() {
    let engine = FakeEngine::start().await;
    let app = TestApp::start_with(&engine.url(), ("RUST_LOG", "")).await;
    wait_for("a line of the log", SOON, || async {
        let said = app.output();
        match said.contains("the engine answers") {
            true => Ok(()),
            false => Err(said),
        }
    })
    .await;
}

#[tokio::test]
async fn a_token_made_before_the_first_start_works() {
    let data_dir = Arc::new(tempfile::tempdir().expect("a temporary directory can be made"));
    let arguments = ["token", "add", "ci", "--role", "admin"];
    let token = succeed(data_dir.path(), &arguments).await;
    let token = token.trim();
    assert_eq!(
        token.lines().count(),
        1,
        "the token alone is on standard output: {token}"
    );
    let engine = FakeEngine::start().await;
    let app = TestApp::start_in(data_dir, &engine.url()).await;
    app.use_token(token);
    app.patch("/api/settings", &json!({"stats_interval_secs": 10}))
        .await
        .data();
}

#[tokio::test]
async fn the_doctor_finds_nothing_where_all_is_well_and_says_how_to_mend_what_is_not() {
    let engine = FakeEngine::start().await;
    let data_dir = tempfile::tempdir().expect("a temporary directory can be made");
    let url = engine.url();
    let fine = [
        "--docker-host",
        url.as_str(),
        "--listen",
        "127.0.0.1:0",
        "doctor",
    ];
    let output = run(data_dir.path(), &fine, "").await;
    assert_eq!(output.status.code(), Some(0), "{:?}", texts(&output));

    let nowhere = [
        "--docker-host",
        "unix:///nowhere.sock",
        "--listen",
        "127.0.0.1:0",
        "doctor",
    ];
    let output = run(data_dir.path(), &nowhere, "").await;
    let (out, error) = texts(&output);
    assert_eq!(output.status.code(), Some(1), "{out} {error}");
    assert!(
        format!("{out}{error}").contains("/nowhere.sock"),
        "{out} {error}"
    );

    let busy = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let address = busy.local_addr().expect("it is bound").to_string();
    let taken = [
        "--docker-host",
        url.as_str(),
        "--listen",
        &address,
        "doctor",
    ];
    let output = run(data_dir.path(), &taken, "").await;
    let (out, error) = texts(&output);
    assert_eq!(output.status.code(), Some(1), "{out} {error}");
    assert!(format!("{out}{error}").contains(&address), "{out} {error}");
}

#[tokio::test]
async fn help_mentions_every_flag_and_its_variable() {
    let data_dir = tempfile::tempdir().expect("a temporary directory can be made");
    let help = succeed(data_dir.path(), &["--help"]).await;
    for word in [
        "--listen",
        "DOCKER_WATCHER_LISTEN",
        "--data-dir",
        "DOCKER_WATCHER_DATA_DIR",
        "--docker-host",
        "DOCKER_HOST",
        "--log-format",
        "DOCKER_WATCHER_LOG_FORMAT",
        "serve",
        "user",
        "token",
        "doctor",
    ] {
        assert!(help.contains(word), "{word} is not in the help:\n{help}");
    }
    let version = succeed(data_dir.path(), &["--version"]).await;
    assert!(version.contains(env!("CARGO_PKG_VERSION")), "{version}");
}

#[tokio::test]
async fn a_wrong_flag_is_wrong_usage() {
    let data_dir = tempfile::tempdir().expect("a temporary directory can be made");
    for arguments in [
        &["--no-such-flag"][..],
        &["no-such-command"],
        &["--listen", "nonsense"],
        &["--log-format", "poem"],
        &["user", "add"],
    ] {
        let output = run(data_dir.path(), arguments, "").await;
        let (_, error) = texts(&output);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {error}");
        assert!(!error.is_empty(), "{arguments:?} says nothing");
    }
}
