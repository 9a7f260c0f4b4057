//! An engine that misbehaves on demand: the engine's API on a Unix socket, with no containers behind it.
//!
//! `container` what it pretends to run · `routes` how it answers · `acts` what may be done to it · `plots` what
//! happens to a container between two questions about it · `socket` whether it listens at all

mod acts;
mod container;
mod plots;
mod routes;
mod socket;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::broadcast;

pub use acts::Removal;
pub use container::{Cgroup, FakeContainer, HOST_MEMORY};
pub use plots::{Plot, Twist};
use socket::Listening;

/// What one listener of `/events` is sent.
#[derive(Clone, Debug)]
enum Sent {
    Line(String),
    /// Half a line, then the connection is cut without an end.
    Cut(String),
}

/// What goes wrong with requests whose path contains some text.
#[derive(Clone, Debug)]
pub enum Fault {
    /// Accepts the request and never answers, not even with headers.
    Hang,
    /// Answers, after a while.
    Slow(Duration),
    /// Answers with this status and an error as the engine words it.
    Refuse(u16),
    /// Answers 200 with a body that is not JSON.
    Garbage,
}

#[derive(Debug, Default)]
struct State {
    containers: BTreeMap<String, FakeContainer>,
    faults: Vec<(String, Fault)>,
    /// Methods and paths with their queries, in the order in which they were asked for.
    asked: Vec<String>,
    /// Events with their Unix nanoseconds, for those who come back with `since`.
    past: Vec<(u64, String)>,
    /// Volumes that are there.
    volumes: std::collections::BTreeSet<String>,
    /// Every container that was removed by a request, as it was then.
    removals: Vec<Removal>,
    plots: BTreeMap<String, Plot>,
    /// What is done to it is not told.
    quiet: bool,
    /// What it calls itself, if not as all of these do.
    identity: Option<String>,
}

/// What the routes see.
#[derive(Clone)]
struct Shared {
    state: Arc<Mutex<State>>,
    events: broadcast::Sender<Sent>,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The handle that a test turns. Dropping it ends the engine.
pub struct FakeEngine {
    dir: TempDir,
    shared: Shared,
    listening: Option<Listening>,
}

impl FakeEngine {
    /// An engine that answers and has no containers.
    pub async fn start() -> Self {
        let mut engine = Self::absent();
        engine.listen().await;
        engine
    }

    /// An engine that does not listen yet.
    pub fn absent() -> Self {
        Self {
            dir: tempfile::tempdir().expect("a temporary directory can be made"),
            shared: Shared {
                state: Arc::default(),
                events: broadcast::channel(65_536).0,
            },
            listening: None,
        }
    }

    fn socket(&self) -> PathBuf {
        self.dir.path().join("docker.sock")
    }

    /// What `--docker-host` takes.
    pub fn url(&self) -> String {
        format!("unix://{}", self.socket().display())
    }

    /// Begins to listen.
    pub async fn listen(&mut self) {
        self.listening = Some(Listening::on(
            &self.socket(),
            routes::router(self.shared.clone()),
        ));
    }

    /// Goes away in the middle of whatever it does: every connection is cut, the socket is gone.
    pub async fn vanish(&mut self) {
        if let Some(listening) = self.listening.take() {
            listening.end().await;
        }
        drop(std::fs::remove_file(self.socket()));
    }

    /// Adds a container, with the events of making and starting it. Answers its Docker id.
    pub fn run(&self, container: FakeContainer) -> String {
        let id = container.id.clone();
        let runs = container.runs();
        self.tell(&container.event("create"));
        if runs {
            self.tell_after(container, "start");
        } else {
            self.shared.lock().containers.insert(id.clone(), container);
        }
        id
    }

    /// Adds many at once and says nothing of them, as if they had always been there.
    pub fn fill(&self, containers: impl IntoIterator<Item = FakeContainer>) {
        let mut state = self.shared.lock();
        for container in containers {
            state.containers.insert(container.id.clone(), container);
        }
    }

    /// Changes what the engine knows of a container and says nothing.
    pub fn change(&self, id: &str, change: impl FnOnce(&mut FakeContainer)) -> FakeContainer {
        let mut state = self.shared.lock();
        let container = state
            .containers
            .get_mut(id)
            .expect("the container is on the engine");
        change(container);
        container.clone()
    }

    /// Ends a container with this code.
    pub fn stop(&self, id: &str, exit_code: i64) {
        let container = self.change(id, |container| {
            container.state = "exited".into();
            container.exit_code = exit_code;
            container.finished = Some(SystemTime::now());
        });
        self.tell(&container.event("die"));
        self.tell(&container.event("stop"));
    }

    /// A container fails, and its policy is about to start it again: that restart is counted now, as Docker does.
    pub fn fail(&self, id: &str, exit_code: i64) {
        let container = self.change(id, |container| {
            container.state = "restarting".into();
            container.exit_code = exit_code;
            container.finished = Some(SystemTime::now());
            container.restarts += 1;
        });
        self.tell(&container.event("die"));
    }

    /// A container fails and its engine starts it again at once, as its policy says.
    pub fn die_and_start_again(&self, id: &str, exit_code: i64) {
        self.fail(id, exit_code);
        self.begin_run(id, |_| {});
    }

    /// Somebody starts a container, again or for the first time: its counters begin anew.
    pub fn start_again(&self, id: &str) {
        self.begin_run(id, |container| container.restarts = 0);
    }

    fn begin_run(&self, id: &str, change: impl FnOnce(&mut FakeContainer)) {
        let container = self.change(id, |container| {
            container.state = "running".into();
            container.started = SystemTime::now();
            container.oom_killed = false;
            change(container);
        });
        self.tell(&container.event("start"));
    }

    /// The kernel kills something in a container for want of memory, and the container runs on.
    pub fn run_out_of_memory(&self, id: &str) {
        let container = self.change(id, |container| container.oom_killed = true);
        self.tell(&container.event("oom"));
    }

    /// Somebody sends a container a signal.
    pub fn signal(&self, id: &str, signal: u8) {
        let mut event = self.change(id, |_| {}).event("kill");
        event["Actor"]["Attributes"]["signal"] = json!(signal.to_string());
        self.tell(&event);
    }

    /// Sets a container's health and says so.
    pub fn set_health(&self, id: &str, health: &str) {
        let container = self.change(id, |container| container.health = Some(health.into()));
        self.tell(&container.event(&format!("health_status: {health}")));
    }

    /// Removes a container.
    pub fn remove(&self, id: &str) {
        let container = self.shared.lock().containers.remove(id);
        let container = container.expect("the container is on the engine");
        self.tell(&container.event("destroy"));
    }

    /// Takes a container away and says nothing.
    pub fn forget(&self, id: &str) {
        self.shared.lock().containers.remove(id);
    }

    /// Sends an event to whoever listens, and keeps it for `since`.
    pub fn tell(&self, event: &Value) {
        let line = event.to_string();
        let nano = event["timeNano"].as_u64().unwrap_or_default();
        // Under one lock, so that whoever begins to listen gets it from the past or live, and not both.
        let mut state = self.shared.lock();
        state.past.push((nano, line.clone()));
        // Nobody listening is fine: they come back with `since`.
        drop(self.shared.events.send(Sent::Line(line)));
        drop(state);
    }

    fn tell_after(&self, container: FakeContainer, action: &str) {
        let event = container.event(action);
        self.shared
            .lock()
            .containers
            .insert(container.id.clone(), container);
        self.tell(&event);
    }

    /// Sends a line that is no event.
    pub fn tell_garbage(&self, line: &str) {
        drop(self.shared.events.send(Sent::Line(line.to_owned())));
    }

    /// Cuts every event stream in the middle of a line.
    pub fn cut_events(&self) {
        let half = r#"{"status":"start","id":"deadbeef","Type":"contai"#.to_owned();
        drop(self.shared.events.send(Sent::Cut(half)));
    }

    /// Requests whose method, path and query contain `text`, such as `POST /`, go wrong from now on.
    pub fn break_path(&self, text: &str, fault: Fault) {
        self.shared.lock().faults.push((text.into(), fault));
    }

    /// Makes volumes.
    pub fn make_volumes(&self, names: &[&str]) {
        let names = names.iter().map(|name| (*name).to_owned());
        self.shared.lock().volumes.extend(names);
    }

    /// The volumes that are there.
    pub fn volumes(&self) -> Vec<String> {
        self.shared.lock().volumes.iter().cloned().collect()
    }

    /// What requests removed so far.
    pub fn removals(&self) -> Vec<Removal> {
        self.shared.lock().removals.clone()
    }

    /// The ids of all containers.
    pub fn ids(&self) -> std::collections::BTreeSet<String> {
        self.shared.lock().containers.keys().cloned().collect()
    }

    /// A container as it is, if it is.
    pub fn container(&self, id: &str) -> Option<FakeContainer> {
        self.shared.lock().containers.get(id).cloned()
    }

    /// Lets something happen to a container when it is asked about.
    pub fn plot(&self, id: &str, plot: Plot) {
        self.shared.lock().plots.insert(id.into(), plot);
    }

    /// Tells nobody what requests do to it, from now on or no longer.
    pub fn keep_quiet(&self, quiet: bool) {
        self.shared.lock().quiet = quiet;
    }

    /// Is another engine behind the same address from now on, with copies of the same containers.
    pub fn call_itself(&self, identity: &str) {
        self.shared.lock().identity = Some(identity.to_owned());
    }

    /// Nothing more happens by itself.
    pub fn forget_plots(&self) {
        self.shared.lock().plots.clear();
    }

    /// Nothing goes wrong from now on; requests that hang already go on hanging.
    pub fn mend(&self) {
        self.shared.lock().faults.clear();
    }

    /// Every path that it was asked for so far, with its query.
    pub fn asked(&self) -> Vec<String> {
        self.shared.lock().asked.clone()
    }

    /// How often it was asked for a path that contains `text`.
    pub fn times_asked(&self, text: &str) -> usize {
        self.shared
            .lock()
            .asked
            .iter()
            .filter(|path| path.contains(text))
            .count()
    }
}
