//! What was acknowledged survives a pulled plug, and what was changed behind our back is found.

use std::collections::BTreeMap;
use std::time::Duration;

use reqwest::Method;
use serde_json::json;
use tokio::sync::Semaphore;

use super::{change, lines};
use crate::cli;
use crate::harness::{SOON, TestApp, wait_for};

/// Writing goes as fast as the machine lets it.
const PATIENCE: Duration = Duration::from_secs(120);

/// `KILLS=100` in the environment makes it the hundred that are promised.
fn kills() -> usize {
    let text = std::env::var("KILLS").ok();
    text.and_then(|text| text.parse().ok()).unwrap_or(15)
}

#[tokio::test]
async fn a_pulled_plug_loses_no_line_that_was_acknowledged() {
    let mut app = TestApp::ready("unix:///nowhere/docker.sock").await;
    let mut acknowledged = Vec::new();
    for kill in 0..kills() {
        let written = Semaphore::new(0);
        let writers = (0..32).map(|writer| {
            let (written, app) = (&written, &app);
            async move {
                let mut done = Vec::new();
                for number in 0.. {
                    let name = format!("p-{kill}-{writer}-{number}");
                    let request = app.request(Method::POST, "/api/projects");
                    let sent = request.json(&json!({ "name": name })).send().await;
                    match sent {
                        Ok(answer) if answer.status().is_success() => {
                            done.push(name);
                            written.add_permits(1);
                        }
                        // The plug is pulled.
                        _ => break,
                    }
                }
                done
            }
        });
        let pull = async {
            // After so many lines, another number each time, while all of them write on.
            let lines = 32 + (kill as u32 * 37) % 160;
            let enough = tokio::time::timeout(PATIENCE, written.acquire_many(lines));
            let enough = enough.await.is_ok();
            app.signal("KILL");
            assert!(enough, "{lines} lines were not written in time");
        };
        let (done, ()) = tokio::join!(futures::future::join_all(writers), pull);
        acknowledged.extend(done.into_iter().flatten());
        app = app.crash_and_restart().await;
    }
    let told = lines(&app, "source=project").await;
    let mut counts = BTreeMap::new();
    for line in &told {
        let name = line["details"]["project"].as_str().unwrap_or_default();
        *counts.entry(name.to_owned()).or_insert(0) += line["count"].as_i64().unwrap_or_default();
    }
    for name in &acknowledged {
        assert_eq!(counts.get(name), Some(&1), "{name}");
    }
    let verified = cli::succeed(app.data_dir(), &["verify-log"]).await;
    assert!(verified.contains("intact"), "{verified}");
    println!(
        "{} kills, {} acknowledged lines, none lost; {verified}",
        kills(),
        acknowledged.len()
    );
}

#[tokio::test]
async fn a_log_that_was_changed_is_found_out() {
    let app = TestApp::ready("unix:///nowhere/docker.sock").await;
    for name in ["a", "b", "c"] {
        app.post("/api/projects", &json!({ "name": name }))
            .await
            .data();
    }
    let verified = cli::succeed(app.data_dir(), &["verify-log"]).await;
    assert!(verified.contains("intact"), "{verified}");
    let sql =
        "update event_log set message = 'nobody did anything' where message like '%project b%'";
    assert_eq!(change(&app, sql).await, 1);
    wait_for("the change to be found", SOON, || async {
        let output = cli::run(app.data_dir(), &["verify-log"], "").await;
        match output.status.code() {
            Some(1) => Ok(cli::texts(&output).1),
            _ => Err(format!("{:?}", cli::texts(&output))),
        }
    })
    .await;
}

async fn ready_when(app: &TestApp, status: u16) -> String {
    wait_for(&format!("/readyz to answer {status}"), SOON, || async {
        let answer = app.get("/readyz").await;
        if answer.status == status {
            Ok(answer.text)
        } else {
            Err(answer.text)
        }
    })
    .await
}

#[tokio::test]
async fn a_log_without_its_chain_is_broken_and_not_written_and_nothing_starts_on_it() {
    let mut app = TestApp::ready("unix:///nowhere/docker.sock").await;
    app.post("/api/projects", &json!({ "name": "before" }))
        .await
        .data();
    change(&app, "create table kept as select * from event_chain").await;
    assert_eq!(change(&app, "delete from event_chain").await, 1);
    let output = cli::run(app.data_dir(), &["verify-log"], "").await;
    assert_eq!(output.status.code(), Some(1), "{:?}", cli::texts(&output));
    assert!(cli::texts(&output).1.contains("line 1 "), "{output:?}");

    // It is done, and its line waits.
    app.post("/api/projects", &json!({ "name": "meanwhile" }))
        .await
        .data();
    let parts = ready_when(&app, 503).await;
    assert!(parts.contains("event_log"), "{parts}");
    assert!(lines(&app, "q=meanwhile").await.is_empty());

    let sql = "insert into event_chain select * from kept";
    assert_eq!(change(&app, sql).await, 1);
    ready_when(&app, 200).await;
    assert_eq!(lines(&app, "q=meanwhile").await.len(), 1);
    let verified = cli::succeed(app.data_dir(), &["verify-log"]).await;
    assert!(verified.contains("intact"), "{verified}");

    change(&app, "delete from event_chain").await;
    app.signal("TERM");
    assert_eq!(app.ended(PATIENCE).await, Some(0), "{}", app.output());
    let arguments = ["--listen", "127.0.0.1:0"];
    let output = cli::run(app.data_dir(), &arguments, "").await;
    assert_eq!(output.status.code(), Some(1), "{:?}", cli::texts(&output));
    let said = cli::texts(&output).1;
    assert!(
        said.contains("verify-log") && said.contains("SECURITY.md"),
        "{said}"
    );
}
