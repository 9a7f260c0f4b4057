//! What the program refuses to start with: it says why and what to do, and ends with 1. And damage that a
//! start does not see.

use std::net::TcpListener;
use std::os::unix::fs::{FileExt, PermissionsExt};
use std::path::Path;
use std::process::{Output, Stdio};
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use crate::cli::texts;
use crate::fake_engine::FakeEngine;
use crate::harness::{SOON, TestApp, binary, command, wait_for};

/// Starts it to serve and holds it to end by itself, in good manners.
async fn refused(data_dir: &Path, listen: &str) -> String {
    let mut command = command(data_dir);
    command.args(["--listen", listen]);
    ended(command).await
}

async fn ended(mut command: tokio::process::Command) -> String {
    let child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let child = child.expect("the program can be started");
    let output: Output = tokio::time::timeout(SOON, child.wait_with_output())
        .await
        .expect("it ends by itself")
        .expect("its output can be read");
    let (out, error) = texts(&output);
    assert_eq!(output.status.code(), Some(1), "{out} {error}");
    assert!(
        !out.contains("listens on"),
        "it said that it listens: {out}"
    );
    assert!(
        !error.is_empty() && !error.contains("panicked"),
        "{out} {error}"
    );
    error
}

/// A data directory that has been used.
async fn used() -> tempfile::TempDir {
    let data_dir = tempfile::tempdir().expect("a temporary directory can be made");
    let output = crate::cli::run(
        data_dir.path(),
        &["token", "add", "t", "--role", "viewer"],
        "",
    );
    assert_eq!(output.await.status.code(), Some(0));
    data_dir
}

#[tokio::test]
async fn a_busy_port_is_said_with_its_number() {
    let busy = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let address = busy.local_addr().expect("it is bound").to_string();
    let data_dir = tempfile::tempdir().expect("a temporary directory can be made");
    let said = refused(data_dir.path(), &address).await;
    assert!(said.contains(&address), "{said}");
}

#[tokio::test]
async fn a_database_that_is_no_database_is_said_with_its_path_and_left_alone() {
    let data_dir = used().await;
    let file = data_dir.path().join("docker-watcher.db");
    for suffix in ["-wal", "-shm"] {
        drop(std::fs::remove_file(
            data_dir.path().join(format!("docker-watcher.db{suffix}")),
        ));
    }
    let garbage = b"this is not a database, and it is somebody's last copy of something".repeat(99);
    std::fs::write(&file, &garbage).expect("the file can be written");
    let said = refused(data_dir.path(), "127.0.0.1:0").await;
    assert!(said.contains("docker-watcher.db"), "{said}");
    assert_eq!(std::fs::read(&file).expect("it is still there"), garbage);
}

#[tokio::test]
async fn a_database_with_a_hole_in_it_is_said_to_be_damaged() {
    let data_dir = used().await;
    let file = data_dir.path().join("docker-watcher.db");
    let mut bytes = std::fs::read(&file).expect("the database can be read");
    assert!(bytes.len() > 3 * 4096, "too small to damage");
    // The first page stays, so that it still looks like a database.
    bytes[4096..].fill(0xa5);
    std::fs::write(&file, bytes).expect("the file can be written");
    let said = refused(data_dir.path(), "127.0.0.1:0").await;
    assert!(said.contains("docker-watcher.db"), "{said}");
}

/// The database of a program that does not run.
async fn open(file: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(file);
    let opened = SqliteConnection::connect_with(&options).await;
    opened.expect("the database can be opened")
}

#[tokio::test]
async fn a_page_of_the_samples_that_is_damaged_makes_the_program_not_ready() {
    let data_dir = Arc::new(used().await);
    let file = data_dir.path().join("docker-watcher.db");
    let mut database = open(&file).await;
    let root = "select rootpage from sqlite_master where name = 'samples'";
    let root: i64 = sqlx::query_scalar(root)
        .fetch_one(&mut database)
        .await
        .expect("there is a table of samples");
    let size: i64 = sqlx::query_scalar("pragma page_size")
        .fetch_one(&mut database)
        .await
        .expect("a page has a size");
    let closed = database.close().await;
    closed.expect("the database can be closed");
    let (root, size) = (root.unsigned_abs(), size.unsigned_abs());
    let raw = std::fs::File::options().write(true).open(&file);
    let raw = raw.expect("the file can be opened");
    let garbage = vec![0xa5; usize::try_from(size).expect("a page is small")];
    raw.write_all_at(&garbage, (root - 1) * size)
        .expect("the file can be written");
    drop(raw);

    let engine = FakeEngine::absent();
    let app = TestApp::start_in(data_dir, &engine.url()).await;
    let readyz = wait_for("the damage to be found", SOON, || async {
        let readyz = app.get("/readyz").await;
        if readyz.text.contains("is damaged") {
            Ok(readyz)
        } else {
            Err(readyz.text)
        }
    })
    .await;
    readyz.is_refused(503, "internal");
    let line = &readyz.json["data"]["parts"][0];
    assert_eq!(
        (&line["part"], &line["ok"]),
        (&json!("database"), &json!(false))
    );
    let message = readyz.json["error"]["message"].as_str().unwrap_or_default();
    assert!(message.contains("database"), "{message}");
    let said = wait_for("the line of the log", SOON, || async {
        let said = app.output();
        match said.contains("the database is damaged") {
            true => Ok(said),
            false => Err(said),
        }
    })
    .await;
    assert_eq!(said.matches("the database is damaged").count(), 1, "{said}");
    assert_eq!(app.get("/healthz").await.status, 200);
}

#[tokio::test]
async fn a_database_from_the_future_is_not_touched() {
    let data_dir = used().await;
    let file = data_dir.path().join("docker-watcher.db");
    let sql = "insert into _sqlx_migrations (version, description, success, checksum, execution_time) \
               values (99990101000000, 'from the future', 1, x'00', 0)";
    let mut database = open(&file).await;
    let written = sqlx::query(sql).execute(&mut database).await;
    written.expect("the table of the migrations can be written");
    let closed = database.close().await;
    closed.expect("the database can be closed");
    let said = refused(data_dir.path(), "127.0.0.1:0").await;
    assert!(said.contains("docker-watcher.db"), "{said}");
    assert!(said.contains("another version of this program"), "{said}");
}

#[tokio::test]
async fn a_database_that_may_not_be_written_is_to_be_let_and_not_to_be_moved_away() {
    let data_dir = used().await;
    let file = data_dir.path().join("docker-watcher.db");
    set_mode(&file, 0o400);
    let said = ended(unprivileged(data_dir.path())).await;
    set_mode(&file, 0o600);
    assert!(said.contains("docker-watcher.db"), "{said}");
    assert!(said.contains("chown or chmod"), "{said}");
    assert!(!said.contains("move the file away"), "{said}");
}

#[tokio::test]
async fn an_address_that_another_engine_has_is_said_with_its_name_and_what_to_do() {
    let (near, far) = (FakeEngine::start().await, FakeEngine::start().await);
    let mut app = TestApp::ready(&near.url()).await;
    let added = json!({"name": "far away", "url": far.url()});
    app.post("/api/engines", &added).await.data();
    app.signal("TERM");
    assert_eq!(app.ended(SOON).await, Some(0), "{}", app.output());

    let mut moved = command(app.data_dir());
    moved.args(["--listen", "127.0.0.1:0", "--docker-host", &far.url()]);
    let said = ended(moved).await;
    assert!(
        said.contains("\"far away\"") && said.contains("--docker-host"),
        "{said}"
    );
    assert!(
        !said.contains("UNIQUE") && !said.contains("backup"),
        "{said}"
    );
    // Nothing was changed: with the old address it goes on.
    let app = app.restart_after_end().await;
    let engines = app.read("/api/engines").await;
    let local = |one: &Value| one["name"] == "local" && one["url"] == near.url();
    assert!(
        engines.as_array().is_some_and(|all| all.iter().any(local)),
        "{engines}"
    );
}

#[tokio::test]
async fn a_data_directory_that_cannot_be_written_is_said_with_its_path() {
    for data_dir in [
        tempfile::tempdir().expect("a directory can be made"),
        used().await,
    ] {
        let path = data_dir.path();
        for entry in std::fs::read_dir(path).expect("it can be read").flatten() {
            set_mode(&entry.path(), 0o444);
        }
        set_mode(path, 0o555);
        let said = ended(unprivileged(path)).await;
        assert!(said.contains(&*path.to_string_lossy()), "{said}");
        set_mode(path, 0o755);
    }
}

#[tokio::test]
async fn a_file_in_the_place_of_the_data_directory_is_said() {
    let file = tempfile::NamedTempFile::new().expect("a file can be made");
    let said = refused(file.path(), "127.0.0.1:0").await;
    assert!(said.contains(&*file.path().to_string_lossy()), "{said}");
}

#[tokio::test]
async fn a_second_start_on_the_same_data_is_refused_and_the_first_goes_on() {
    let engine = FakeEngine::start().await;
    let mut first = TestApp::ready(&engine.url()).await;
    let said = refused(first.data_dir(), "127.0.0.1:0").await;
    assert!(
        said.contains(&*first.data_dir().to_string_lossy()),
        "{said}"
    );
    first.read("/api/engines").await;
    first.signal("INT");
    assert_eq!(
        first.ended(Duration::from_secs(10)).await,
        Some(0),
        "{}",
        first.output()
    );
}

#[tokio::test]
async fn an_address_of_an_engine_that_is_none_is_wrong_usage_or_said() {
    let data_dir = tempfile::tempdir().expect("a temporary directory can be made");
    for url in ["nonsense", "ftp://x", "unix://"] {
        let output = crate::cli::run(data_dir.path(), &["--docker-host", url, "doctor"], "").await;
        let (out, error) = texts(&output);
        assert!(
            [Some(1), Some(2)].contains(&output.status.code()),
            "{url}: {out} {error}"
        );
        assert!(
            !error.contains("panicked") && !format!("{out}{error}").is_empty(),
            "{url}"
        );
    }
}

fn set_mode(path: &Path, mode: u32) {
    let permissions = std::fs::Permissions::from_mode(mode);
    std::fs::set_permissions(path, permissions).expect("its mode can be set");
}

/// Root may write anywhere, so it gives up that right first.
fn unprivileged(data_dir: &Path) -> tokio::process::Command {
    let mut plain = command(data_dir);
    let mut bounded = tokio::process::Command::new("setpriv");
    bounded
        .args([
            "--bounding-set",
            "-dac_override,-dac_read_search",
            "--inh-caps",
            "-all",
        ])
        .arg(binary())
        .args(["--listen", "127.0.0.1:0"])
        .env("DOCKER_HOST", "unix:///nowhere/docker.sock")
        .env("DOCKER_WATCHER_DATA_DIR", data_dir)
        .kill_on_drop(true);
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    if status.lines().any(|line| line.starts_with("Uid:\t0\t")) {
        bounded
    } else {
        plain.args(["--listen", "127.0.0.1:0"]);
        plain
    }
}
