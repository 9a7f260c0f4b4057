//! Stale containers: found by evidence, cleared by plan, kept aside for a while.
//!
//! `kinds` each on a real engine · `evidence` what makes nothing stale · `cleanup` what is asked for ·
//! `custody` quarantine · `exempting` what is spared · `lasting` the last moment, and what takes longer · `trouble`
//! an engine that refuses, hangs or dies · `doubles` engines that are mistaken for each other · `told` once ·
//! `interleavings` ten thousand

mod cleanup;
mod custody;
mod doubles;
mod evidence;
mod exempting;
mod interleavings;
mod kinds;
mod lasting;
mod told;
mod trouble;

use chrono::Duration;
use reqwest::Method;
use serde_json::{Value, json};

use crate::clocked::{ClockedApp, Session};
use crate::fake_engine::{FakeContainer, FakeEngine};
use crate::harness::{ADMIN, SOON, wait_for};
use crate::reply::Answer;

/// The program by a clock of ours, and somebody who is signed in.
pub struct Desk {
    pub app: ClockedApp,
    session: Session,
}

impl Desk {
    pub async fn at(docker_host: &str) -> Self {
        let app = ClockedApp::start(docker_host).await;
        let session = app.set_up().await;
        Self { app, session }
    }

    /// Lets days go by, which ends sessions.
    pub async fn wait_days(&mut self, days: i64) {
        self.app.clock.advance(Duration::days(days));
        self.session = self.app.sign_in(ADMIN).await;
    }

    pub async fn read(&self, path: &str) -> Value {
        self.app.read(&self.session, path).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        let session = &self.session;
        self.app.write(session, Method::POST, path, &body).await
    }

    pub async fn change(&self, method: Method, path: &str, body: Value) -> Answer {
        self.app.write(&self.session, method, path, &body).await
    }

    /// Scans, and answers what is stale.
    pub async fn scan(&self) -> Vec<Value> {
        let answer = self.post("/api/containers/stale/scan", json!({})).await;
        answer.data().as_array().cloned().unwrap_or_default()
    }

    /// Every container that does not run, with its verdict.
    pub async fn judged(&self) -> Vec<Value> {
        let all = self.read("/api/containers/stale?all=true").await;
        all.as_array().cloned().unwrap_or_default()
    }

    /// Verdict and reason of one of this name.
    pub async fn verdict(&self, name: &str) -> (String, String) {
        let judged = self.judged().await;
        let one = judged.iter().find(|one| one["name"] == name);
        let word = |key: &str| one.map_or("", |one| one[key].as_str().unwrap_or_default());
        (word("verdict").to_owned(), word("reason").to_owned())
    }

    /// Scans until all of these names are known and judged, and answers the one asked for.
    pub async fn known(&self, names: &[&str]) {
        wait_for("the containers to be known", SOON, || async {
            self.scan().await;
            let judged = self.judged().await;
            let is_known = |name: &&str| judged.iter().any(|one| one["name"] == **name);
            if names.iter().all(is_known) {
                Ok(())
            } else {
                Err(format!("{judged:?}"))
            }
        })
        .await;
    }

    /// The container of this name on the list of what is stale.
    pub async fn stale(&self, name: &str) -> Value {
        wait_for(&format!("{name} to be stale"), SOON, || async {
            let all = self.scan().await;
            let found = all.iter().find(|one| one["name"] == name).cloned();
            found.ok_or_else(|| format!("{all:?}"))
        })
        .await
    }

    /// Cleans one up by its id.
    pub async fn clean(&self, one: &Value, body: Value) -> Answer {
        let id = one["id"].as_str().expect("a container has an id");
        self.post(&format!("/api/containers/stale/{id}/cleanup"), body)
            .await
    }

    pub async fn quarantine(&self) -> Vec<Value> {
        let all = self.read("/api/containers/quarantine").await;
        all.as_array().cloned().unwrap_or_default()
    }

    /// The lines of the log of this kind, the newest first.
    pub async fn events(&self, kind: &str) -> Vec<Value> {
        let all = self.read("/api/events?source=container&limit=500").await;
        let all = all["items"].as_array().cloned().unwrap_or_default();
        all.into_iter()
            .filter(|one| one["type"] == kind || one["kind"] == kind)
            .collect()
    }

    /// Waits until the log has so many lines of this kind.
    pub async fn told(&self, kind: &str, count: usize) -> Vec<Value> {
        wait_for(&format!("{count} lines of {kind}"), SOON, || async {
            let found = self.events(kind).await;
            if found.len() == count {
                Ok(found)
            } else {
                Err(format!("{found:?}"))
            }
        })
        .await
    }
}

/// A fake engine with these containers, and a desk at it.
pub async fn at_fake(containers: Vec<FakeContainer>) -> (FakeEngine, Desk) {
    let engine = FakeEngine::start().await;
    engine.fill(containers.clone());
    let desk = Desk::at(&engine.url()).await;
    // Those that run are on no list of this house.
    let still = containers
        .iter()
        .filter(|one| !one.runs() && one.state != "restarting");
    let still: Vec<_> = still.map(|one| one.name.as_str()).collect();
    desk.known(&still).await;
    (engine, desk)
}

/// Puts one of this name into quarantine, and answers its id there.
pub async fn put_away(desk: &Desk, name: &str) -> String {
    let one = desk.stale(name).await;
    let done = desk.clean(&one, json!({})).await.data();
    assert_eq!(done["outcome"], "quarantined", "{done}");
    let id = done["quarantine_id"].as_str();
    id.expect("it has an id").to_owned()
}
