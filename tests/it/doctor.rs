//! What the doctor says of an engine that does not let everybody do everything.

use crate::cli::{run, texts};
use crate::fake_engine::{FakeContainer, FakeEngine, Fault};
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
        "stop yes, remove yes, create yes, exec yes",
        "POST=0",
    ] {
        assert!(said.contains(part), "{part} is not in:\n{said}");
    }
    let writes = engine.times_asked("POST ") + engine.times_asked("DELETE ");
    assert_eq!(writes, 4);
    let harmless = engine.times_asked("_docker-watcher-doctor");
    assert_eq!(harmless, 2 + writes, "no write names a container");
}

#[tokio::test]
async fn a_real_engine_gives_every_right_and_has_no_container_more() {
    let engine = PrivateEngine::shared();
    let (said, code) = say_of(engine.url()).await;
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(said.matches(" yes").count(), 12, "{said}");
    let names = engine.docker(&["ps", "--all", "--format", "{{.Names}}"]);
    assert!(!names.contains("doctor"), "{names}");
}

#[tokio::test]
async fn behind_a_socket_proxy_that_only_reads_all_is_well() {
    let engine = FakeEngine::start().await;
    for writing in ["POST /", "DELETE /", "GET /images"] {
        engine.break_path(writing, Fault::Refuse(403));
    }
    let (said, code) = say(&engine).await;
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("images no (403)"), "{said}");
    let none = "stop no (403), remove no (403), create no (403), exec no (403)";
    assert!(said.contains(none), "{said}");
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
