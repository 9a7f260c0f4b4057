//! The master key: made at the first start, refused when it is another, changed while somebody pulls
//! the plug.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Output, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::json;
use tempfile::TempDir;

use crate::cli::texts;
use crate::fake_engine::FakeEngine;
use crate::harness::{SOON, TestApp, command};
use crate::sealed_values::{Key, key_file, keys, open_all, put, shown_id, text_of};

const VARIABLE: &str = "DOCKER_WATCHER_SECRET_KEY";
const NEW_VARIABLE: &str = "DOCKER_WATCHER_NEW_SECRET_KEY";

async fn run(data_dir: &Path, argument: &str, variables: &[(&str, &str)]) -> Output {
    let mut program = command(data_dir);
    program
        .arg(argument)
        .args(["--listen", "127.0.0.1:0"])
        .args(["--proxy-http", "off", "--proxy-https", "off"])
        .envs(variables.iter().copied())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let output = tokio::time::timeout(SOON, program.output()).await;
    output
        .expect("the program ends")
        .expect("the program can be started")
}

/// What it says where it is to succeed, or not.
async fn said(data_dir: &Path, argument: &str, variables: &[(&str, &str)], fine: bool) -> String {
    let output = run(data_dir, argument, variables).await;
    let (out, error) = texts(&output);
    let said = format!("{out}{error}");
    assert_eq!(output.status.code(), Some(i32::from(!fine)), "{said}");
    said
}

/// A data folder that was served from once and holds `count` sealed values in two columns, and its key.
async fn used_folder(count: usize) -> (Arc<TempDir>, Key) {
    let data_dir = Arc::new(tempfile::tempdir().expect("a temporary directory can be made"));
    let engine = FakeEngine::start().await;
    let mut app = TestApp::start_in(data_dir.clone(), &engine.url()).await;
    app.signal("TERM");
    assert_eq!(app.ended(SOON).await, Some(0), "{}", app.output());
    let key = keys(data_dir.path())[0];
    put(data_dir.path(), &key, count).await;
    (data_dir, key)
}

#[tokio::test]
async fn the_first_start_makes_a_key_that_only_its_owner_reads() {
    let (data_dir, key) = used_folder(0).await;
    let file = key_file(data_dir.path());
    let mode = |file: &Path| {
        let metadata = std::fs::metadata(file).expect("the file is there");
        metadata.permissions().mode() & 0o777
    };
    assert_eq!(mode(&file), 0o600);
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644))
        .expect("it can be opened");
    let engine = FakeEngine::start().await;
    let app = TestApp::start_in(data_dir.clone(), &engine.url()).await;
    assert_eq!(mode(&file), 0o600);
    let output = app.output();
    assert!(output.contains("open to others"), "{output}");
    assert!(!output.contains(&text_of(&key)), "{output}");
    assert_eq!(keys(data_dir.path()), [key]);
}

#[tokio::test]
async fn with_another_key_or_none_it_does_not_start_and_says_which_is_needed() {
    let (data_dir, key) = used_folder(1).await;
    let file = key_file(data_dir.path());
    let other = [7; 32];
    std::fs::write(&file, text_of(&other)).expect("the file can be written");
    let refusal = said(data_dir.path(), "serve", &[], false).await;
    for part in [&shown_id(&key), &shown_id(&other), "restore"] {
        assert!(refusal.contains(part), "{part} is not in: {refusal}");
    }
    std::fs::remove_file(&file).expect("the file can be removed");
    let refusal = said(data_dir.path(), "serve", &[], false).await;
    assert!(refusal.contains(&shown_id(&key)), "{refusal}");
    assert!(!file.exists(), "no other key takes its place");

    let wrong = text_of(&other);
    let refusal = said(data_dir.path(), "serve", &[(VARIABLE, &wrong)], false).await;
    assert!(
        refusal.contains(&shown_id(&key)) && refusal.contains(VARIABLE),
        "{refusal}"
    );
    assert!(!refusal.contains(&wrong), "{refusal}");
    let nonsense = "c2VjcmV0-that-is-no-key";
    let refusal = said(data_dir.path(), "serve", &[(VARIABLE, nonsense)], false).await;
    assert!(
        refusal.contains(VARIABLE) && !refusal.contains(nonsense),
        "{refusal}"
    );
    let help = said(data_dir.path(), "--help", &[(VARIABLE, &wrong)], true).await;
    assert!(help.contains(VARIABLE) && !help.contains(&wrong), "{help}");

    std::fs::write(&file, text_of(&key)).expect("the file can be written");
    let engine = FakeEngine::start().await;
    TestApp::start_in(data_dir, &engine.url()).await;
}

#[tokio::test]
async fn a_running_server_keeps_its_key() {
    let (data_dir, key) = used_folder(2).await;
    let engine = FakeEngine::start().await;
    let app = TestApp::start_in(data_dir.clone(), &engine.url()).await;
    let refusal = said(data_dir.path(), "rotate-key", &[], false).await;
    assert!(refusal.contains("stop it"), "{refusal}");
    assert_eq!(keys(data_dir.path()), [key]);
    drop(app);
}

#[tokio::test]
async fn a_change_of_the_key_is_whole_and_the_server_starts_with_it() {
    let (data_dir, old) = used_folder(20).await;
    let (count, _) = open_all(data_dir.path(), &[old]).await;
    let told = said(data_dir.path(), "rotate-key", &[], true).await;
    let [new] = keys(data_dir.path())[..] else {
        panic!("there is one key");
    };
    assert_ne!(new, old);
    for part in [shown_id(&new), shown_id(&old), format!("{count} values")] {
        assert!(told.contains(&part), "{part} is not in: {told}");
    }
    assert_eq!(open_all(data_dir.path(), &[new]).await, (count, count));
    let engine = FakeEngine::start().await;
    TestApp::start_in(data_dir, &engine.url()).await;
}

/// Starts a change of the key, and pulls the plug after `delay`; answers how long the change took where
/// that was too late.
async fn killed(data_dir: &Path, variables: &[(&str, &str)], delay: Duration) -> Option<Duration> {
    let begun = Instant::now();
    let mut child = command(data_dir)
        .arg("rotate-key")
        .envs(variables.iter().copied())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program can be started");
    tokio::select! {
        // The moment is what this test is about.
        () = tokio::time::sleep(delay) => {}
        status = child.wait() => {
            assert!(status.expect("its end can be awaited").success());
            return Some(begun.elapsed());
        }
    }
    child.kill().await.expect("it can be killed");
    None
}

/// How often the plug is pulled.
const KILLS: u32 = 60;

/// Spreads the kills over the time that a change takes: strides of the golden ratio fall everywhere and
/// never twice on the same place.
fn moment(number: u32, whole: Duration) -> Duration {
    whole.mul_f64((f64::from(number) * 0.618_034).fract())
}

#[tokio::test]
async fn a_change_that_is_killed_at_any_moment_loses_nothing_and_the_next_one_finishes() {
    let (data_dir, _) = used_folder(400).await;
    let folder = data_dir.path();
    let begun = Instant::now();
    said(folder, "rotate-key", &[], true).await;
    let mut whole = begun.elapsed();
    let (count, _) = open_all(folder, &keys(folder)).await;
    let (mut in_time, mut unfinished, mut tries) = (0, 0, 0);
    while in_time < KILLS {
        tries += 1;
        assert!(tries < 10 * KILLS, "only {in_time} were killed in time");
        match killed(folder, &[], moment(tries, whole)).await {
            None => in_time += 1,
            // How long it takes depends on what else this machine does.
            Some(took) => whole = whole.min(took),
        }
        let kept = keys(folder);
        unfinished += usize::from(kept.len() == 2);
        assert_eq!(open_all(folder, &kept).await.0, count);
    }
    assert!(
        unfinished > 0,
        "no kill fell between the first step and the last"
    );
    said(folder, "rotate-key", &[], true).await;
    let kept = keys(folder);
    assert_eq!(kept.len(), 1);
    assert_eq!(open_all(folder, &kept).await, (count, count));
    let left = std::fs::read_dir(folder).expect("the folder can be read");
    let left = left.filter(|entry| {
        let entry = entry.as_ref().expect("the folder can be read");
        entry.file_name().to_string_lossy().ends_with(".new")
    });
    assert_eq!(left.count(), 0);
}

#[tokio::test]
async fn a_key_of_the_environment_is_changed_in_one_step_whenever_it_is_killed() {
    let (data_dir, first) = used_folder(200).await;
    let folder = data_dir.path();
    std::fs::remove_file(key_file(folder)).expect("the file can be removed");
    let (one, two) = (text_of(&first), text_of(&[9; 32]));
    let alone = said(folder, "rotate-key", &[(VARIABLE, &one)], false).await;
    assert!(alone.contains(NEW_VARIABLE), "{alone}");
    let variables = [(VARIABLE, one.as_str()), (NEW_VARIABLE, two.as_str())];
    let begun = Instant::now();
    let told = said(folder, "rotate-key", &variables, true).await;
    let whole = begun.elapsed();
    assert!(told.contains("now"), "{told}");
    assert!(!told.contains(&one) && !told.contains(&two), "{told}");
    let again = said(folder, "rotate-key", &variables, true).await;
    assert!(again.contains("nothing to do"), "{again}");
    let refusal = said(folder, "serve", &[(VARIABLE, &one)], false).await;
    assert!(refusal.contains(&shown_id(&[9; 32])), "{refusal}");

    let (mut old, mut new) = ([9; 32], first);
    let (count, _) = open_all(folder, &[old]).await;
    for number in 1..=20 {
        let delay = moment(number, whole);
        let (from, to) = (text_of(&old), text_of(&new));
        killed(folder, &[(VARIABLE, &from), (NEW_VARIABLE, &to)], delay).await;
        let (all, anew) = open_all(folder, &[new, old]).await;
        assert_eq!(all, count);
        assert!(anew == 0 || anew == count, "{anew} of {count}");
        if anew == count {
            (old, new) = (new, old);
        }
    }
    assert!(
        !key_file(folder).exists(),
        "no file is made beside the variable"
    );
}

#[tokio::test]
async fn the_log_shows_the_setup_token_once_and_no_answer_shows_a_token() {
    let engine = FakeEngine::start().await;
    let app = TestApp::start(&engine.url()).await;
    let form = app.setup_form();
    let setup = form["setup_token"].as_str().expect("it is a text");
    assert_eq!(app.output().matches(setup).count(), 1, "{}", app.output());
    app.set_up().await;
    let token = "dwt_c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2U";
    for secret in [setup, token, "tcp://ann:hunter2@host"] {
        let api = app.request(Method::PATCH, "/api/settings");
        let api = api.json(&json!({"stats_interval_secs": secret}));
        let page = app.request(Method::POST, "/fn/settings/change");
        let page = page.header("content-type", "application/x-www-form-urlencoded");
        let page = page.body(format!("patch[stats_interval_secs]={secret}"));
        for request in [api, page] {
            let response = request.send().await.expect("it answers");
            assert!(!response.status().is_success(), "{response:?}");
            let text = response.text().await.expect("the answer can be read");
            assert!(
                !text.contains(secret) && !text.contains("hunter2"),
                "{text}"
            );
        }
    }
    assert_eq!(app.output().matches(setup).count(), 1, "{}", app.output());
    assert!(!app.output().contains(token), "{}", app.output());
}
