//! What the doctor says of an engine that does not let everybody do everything and of who has the port, and what
//! a start says of a folder that everybody may read.

use std::fs::Permissions;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;

use crate::cli::{run, texts};
use crate::fake_engine::{FakeContainer, FakeEngine, Fault};
use crate::harness::{SOON, TestApp, command, wait_for};
use crate::private_engine::PrivateEngine;

/// What it says, and the exit code.
async fn say(engine: &FakeEngine) -> (String, Option<i32>) {
    say_of(&engine.url()).await
}

async fn say_of(url: &str) -> (String, Option<i32>) {
    let data_dir = tempfile::tempdir().expect("a temporary directory can be made");
    let arguments = ["--docker-host", url, "--listen", "127.0.0.1:0", "doctor"];
    let output = run(data_dir.path(), &arguments, "").await;
    let (out, error) = texts(&output);
    (format!("{out}{error}"), output.status.code())
}

#[tokio::test]
async fn a_bare_socket_gives_every_right_and_asking_changes_nothing() {
    let engine = FakeEngine::start().await;
    engine.run(FakeContainer::named("web"));
    let (said, code) = say(&engine).await;
    assert_eq!(code, Some(0), "{said}");
    for part in [
        "version yes, ping yes, info yes, list yes, inspect yes, stats yes, events yes, images yes",
        "rename yes, update yes, remove yes, remove volume yes, stop yes, create yes, exec yes",
        "nothing needs stop, create, exec",
        "POST=0",
    ] {
        assert!(said.contains(part), "{part} is not in:\n{said}");
    }
    let writes = engine.times_asked("POST ") + engine.times_asked("DELETE ");
    assert_eq!(writes, 7);
    let harmless = engine.times_asked("_docker-watcher-doctor");
    assert_eq!(harmless, 2 + writes, "no write names what there is");
    assert_eq!(engine.ids().len(), 1);
    assert!(engine.removals().is_empty());
}

#[tokio::test]
async fn a_real_engine_gives_every_right_and_has_no_container_more() {
    let engine = PrivateEngine::shared();
    let (said, code) = say_of(engine.url()).await;
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(said.matches(" yes").count(), 15, "{said}");
    let names = engine.docker(&["ps", "--all", "--format", "{{.Names}}"]);
    assert!(!names.contains("doctor"), "{names}");
}

#[tokio::test]
async fn behind_a_socket_proxy_that_only_reads_what_cannot_be_done_is_said_and_is_no_failure() {
    let engine = FakeEngine::start().await;
    for writing in ["POST /", "DELETE /", "GET /images"] {
        engine.break_path(writing, Fault::Refuse(403));
    }
    let (said, code) = say(&engine).await;
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("images no (403)"), "{said}");
    let none = "rename no (403), update no (403), remove no (403), remove volume no (403), \
                stop no (403), create no (403), exec no (403)";
    assert!(said.contains(none), "{said}");
    assert!(!said.contains("no feature needs them"), "{said}");
    let clearing = warning(&said, "clearing stale containers away");
    for part in [
        "`rename` (403)",
        "`update` (403)",
        "`remove` (403)",
        "POST=1",
    ] {
        assert!(clearing.contains(part), "{clearing}");
    }
    let volumes = warning(&said, "removing volumes that are named");
    assert!(volumes.contains("`remove volume` (403)"), "{volumes}");
    assert!(volumes.contains("VOLUMES=1 POST=1"), "{volumes}");
}

/// The only warning about a feature.
fn warning<'s>(said: &'s str, feature: &str) -> &'s str {
    let mut lines = said
        .lines()
        .filter(|line| line.starts_with("warn") && line.contains(feature));
    let line = lines.next();
    assert!(lines.next().is_none(), "{feature} twice in:\n{said}");
    line.unwrap_or_else(|| panic!("no warning about {feature} in:\n{said}"))
}

#[tokio::test]
async fn one_right_that_is_missing_is_the_one_that_is_named() {
    for (path, feature, right) in [
        ("/rename", "clearing stale containers away", "`rename`"),
        ("/update", "clearing stale containers away", "`update`"),
        (
            "DELETE /containers",
            "clearing stale containers away",
            "`remove`",
        ),
        (
            "DELETE /volumes",
            "removing volumes that are named",
            "`remove volume`",
        ),
    ] {
        let engine = FakeEngine::start().await;
        engine.break_path(path, Fault::Refuse(403));
        let (said, code) = say(&engine).await;
        assert_eq!(code, Some(0), "{said}");
        let line = warning(&said, feature);
        assert!(
            line.contains(&format!("denied: {right} (403)  →")),
            "{line}"
        );
        assert_eq!(said.matches("what is denied").count(), 1, "{said}");
    }
}

#[tokio::test]
async fn a_feature_that_misses_a_right_is_named_with_what_gives_it() {
    for (path, feature, variable) in [
        ("GET /version", "connecting", "VERSION=1"),
        ("GET /containers", "figures", "CONTAINERS=1"),
        ("GET /events", "following", "EVENTS=1"),
    ] {
        let engine = FakeEngine::start().await;
        engine.break_path(path, Fault::Refuse(403));
        let (said, code) = say(&engine).await;
        assert_eq!(code, Some(1), "{said}");
        let line = said
            .lines()
            .find(|line| line.starts_with("fail") && line.contains(feature));
        let line = line.unwrap_or_else(|| panic!("{feature} is not in:\n{said}"));
        assert!(line.contains("(403)") && line.contains(variable), "{line}");
    }
}

#[tokio::test]
async fn an_engine_that_fails_is_told_from_one_that_refuses() {
    let engine = FakeEngine::start().await;
    engine.break_path("/stats", Fault::Refuse(502));
    let (said, code) = say(&engine).await;
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("stats unclear"), "{said}");
    assert!(
        said.lines()
            .any(|line| line.starts_with("warn") && line.contains("502")),
        "{said}"
    );
}

#[tokio::test]
async fn one_that_serves_is_told_from_one_with_another_data_folder() {
    let engine = FakeEngine::start().await;
    let url = engine.url();
    let app = TestApp::start(&url).await;
    let address = app.address.trim_start_matches("http://");
    let line = |said: &str| {
        let line = said.lines().find(|line| line.contains("  port  "));
        line.unwrap_or_else(|| panic!("nothing about the port in:\n{said}"))
            .to_owned()
    };
    let at = |address| ["--docker-host", url.as_str(), "--listen", address, "doctor"];

    let output = run(app.data_dir(), &at(address), "").await;
    let (out, error) = texts(&output);
    assert_eq!(output.status.code(), Some(0), "{out} {error}");
    assert!(line(&out).starts_with("ok"), "{out}");

    let output = run(app.data_dir(), &at("127.0.0.1:0"), "").await;
    let (out, error) = texts(&output);
    assert_eq!(output.status.code(), Some(0), "{out} {error}");
    assert!(line(&out).starts_with("warn"), "{out}");

    let beside = tempfile::tempdir().expect("a temporary directory can be made");
    let output = run(beside.path(), &at(address), "").await;
    let (out, error) = texts(&output);
    assert_eq!(output.status.code(), Some(1), "{out} {error}");
    let said = line(&out);
    for part in ["fail", address, "another data folder", "--data-dir"] {
        assert!(said.contains(part), "{part} is not in {said}");
    }
    let left = std::fs::read_dir(beside.path()).expect("the folder can be read");
    assert_eq!(left.count(), 0, "nothing is made there");
}

#[tokio::test]
async fn without_a_flag_the_port_is_the_one_that_a_start_would_take() {
    let busy = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let address = busy.local_addr().expect("it is bound").to_string();
    let data_dir = tempfile::tempdir().expect("a temporary directory can be made");
    for goal in ["doctor", "serve"] {
        let mut command = command(data_dir.path());
        let output = command.env("LEPTOS_SITE_ADDR", &address).arg(goal).output();
        let output = tokio::time::timeout(SOON, output).await;
        let output = output
            .expect("the program ends")
            .expect("its output can be read");
        let (out, error) = texts(&output);
        assert_eq!(output.status.code(), Some(1), "{out} {error}");
        assert!(
            format!("{out}{error}").contains(&address),
            "{goal}: {out} {error}"
        );
    }
}

#[tokio::test]
async fn a_folder_that_is_open_to_others_is_told_at_the_start_and_what_is_in_it_is_closed() {
    let data_dir = Arc::new(tempfile::tempdir().expect("a temporary directory can be made"));
    let open = Permissions::from_mode(0o755);
    std::fs::set_permissions(data_dir.path(), open).expect("the folder is ours");
    let engine = FakeEngine::start().await;
    let app = TestApp::start_in(data_dir.clone(), &engine.url()).await;
    wait_for("the warning", SOON, || async {
        let output = app.output();
        match output.contains("the data folder is open to others") {
            true => Ok(()),
            false => Err(output),
        }
    })
    .await;
    let mut seen = Vec::new();
    for entry in std::fs::read_dir(data_dir.path()).expect("the folder can be read") {
        let entry = entry.expect("the folder can be read");
        let mode = entry
            .metadata()
            .expect("the file is there")
            .permissions()
            .mode();
        let name = entry.file_name().to_string_lossy().into_owned();
        assert_eq!(mode & 0o077, 0, "{name} has the mode {mode:o}");
        seen.push(name);
    }
    for name in [
        "docker-watcher.db",
        "docker-watcher.db-wal",
        "docker-watcher.db-shm",
    ] {
        assert!(seen.iter().any(|one| one == name), "{name}: {seen:?}");
    }
}
