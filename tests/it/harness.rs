//! The real program, started as its users start it, with methods that are what a user does.
//!
//! It is a process and not a router in this one: signals, exit codes, a busy port and a kill are part
//! of what is promised.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::{Client, ClientBuilder, Method, RequestBuilder};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, Command};

use crate::reply::{Answer, answer};
use crate::stream::EventSource;
pub use crate::waiting::{SOON, wait_for};

/// The first admin of every test.
pub const ADMIN: (&str, &str) = ("ann", "correct horse battery staple");

/// The program under test: a release build where the environment names one, else Cargo's.
pub fn binary() -> PathBuf {
    std::env::var_os("DOCKER_WATCHER_BINARY").map_or_else(
        || env!("CARGO_BIN_EXE_docker-watcher").into(),
        PathBuf::from,
    )
}

/// The program with its arguments, and nothing of the environment that could lead it to another engine.
pub fn command(data_dir: &Path) -> Command {
    let mut command = Command::new(binary());
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("DOCKER") || name.starts_with("LEPTOS_SITE_ADDR") {
            command.env_remove(name.as_ref());
        }
    }
    command
        .env("DOCKER_HOST", "unix:///nowhere/docker.sock")
        .env("DOCKER_WATCHER_DATA_DIR", data_dir)
        .env("RUST_LOG", "info")
        .env("NO_COLOR", "1")
        .stdin(Stdio::null())
        .kill_on_drop(true);
    command
}

/// A client of ours: it speaks plain HTTP, and is not made without somebody who could speak TLS.
pub fn client() -> ClientBuilder {
    // All but the first find one there.
    drop(rustls::crypto::ring::default_provider().install_default());
    Client::builder()
}

/// The program, running, and one person who uses it.
pub struct TestApp {
    /// `http://127.0.0.1:PORT`.
    pub address: String,
    data_dir: Arc<TempDir>,
    docker_host: String,
    child: Child,
    output: Arc<Mutex<Vec<String>>>,
    client: Client,
    token: Mutex<Option<String>>,
}

impl TestApp {
    /// Starts it against this engine, with a data directory of its own.
    pub async fn start(docker_host: &str) -> Self {
        let data_dir = tempfile::tempdir().expect("a temporary directory can be made");
        Self::start_in(Arc::new(data_dir), docker_host).await
    }

    /// Starts it and makes the first admin, who is signed in from then on.
    pub async fn ready(docker_host: &str) -> Self {
        let app = Self::start(docker_host).await;
        app.set_up().await;
        app
    }

    /// Starts it with a data directory that may have been used before.
    pub async fn start_in(data_dir: Arc<TempDir>, docker_host: &str) -> Self {
        let command = command(data_dir.path());
        Self::run(command, data_dir, docker_host).await
    }

    /// Starts it with this variable in its environment.
    pub async fn start_with(docker_host: &str, variable: (&str, &str)) -> Self {
        Self::start_with_all(docker_host, &[variable]).await
    }

    /// Starts it with these variables in its environment.
    pub async fn start_with_all(docker_host: &str, variables: &[(&str, &str)]) -> Self {
        let data_dir = tempfile::tempdir().expect("a temporary directory can be made");
        let mut command = command(data_dir.path());
        command.envs(variables.iter().copied());
        Self::run(command, Arc::new(data_dir), docker_host).await
    }

    async fn run(mut command: Command, data_dir: Arc<TempDir>, docker_host: &str) -> Self {
        let mut child = command
            .args(["--listen", "127.0.0.1:0", "--docker-host", docker_host])
            .args(["--proxy-http", "off", "--proxy-https", "off"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program can be started");
        let output = Arc::new(Mutex::new(Vec::new()));
        keep_lines(
            child.stdout.take().expect("stdout is piped"),
            output.clone(),
        );
        keep_lines(
            child.stderr.take().expect("stderr is piped"),
            output.clone(),
        );
        let lines = output.clone();
        let address = wait_for("the line that says where it listens", SOON, || async {
            let lines = lines.lock().unwrap_or_else(PoisonError::into_inner);
            lines
                .iter()
                .find_map(|line| {
                    line.split_once("listens on ")
                        .map(|(_, rest)| rest.to_owned())
                })
                .map(|rest| {
                    rest.split_whitespace()
                        .next()
                        .unwrap_or_default()
                        .to_owned()
                })
                .ok_or_else(|| lines.join("\n"))
        })
        .await;
        Self {
            address,
            data_dir,
            docker_host: docker_host.to_owned(),
            child,
            output,
            client: client().build().expect("a client can be made"),
            token: Mutex::default(),
        }
    }

    pub fn data_dir(&self) -> &Path {
        self.data_dir.path()
    }

    /// Every line that it has written so far, standard output and error alike.
    pub fn output(&self) -> String {
        self.output
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .join("\n")
    }

    /// The memory that it holds, in bytes.
    pub fn resident(&self) -> u64 {
        let pid = self.child.id().expect("the program runs");
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
        let line = status
            .lines()
            .find(|line| line.starts_with("VmRSS:"))
            .unwrap_or_default();
        let kib = line
            .split_whitespace()
            .nth(1)
            .and_then(|word| word.parse::<u64>().ok());
        kib.expect("the kernel says how much memory a process holds") * 1024
    }

    /// Makes the first admin with the token from the data directory, and signs in.
    pub async fn set_up(&self) {
        let answer = self.post("/api/auth/setup", &self.setup_form()).await;
        self.keep_token(&answer.data());
    }

    /// What the first-run form sends.
    pub fn setup_form(&self) -> Value {
        let token = std::fs::read_to_string(self.data_dir().join("setup-token"))
            .expect("the setup token is in the data directory while there is no admin");
        json!({"username": ADMIN.0, "password": ADMIN.1, "setup_token": token.trim()})
    }

    pub async fn sign_in(&self) {
        let form = json!({"username": ADMIN.0, "password": ADMIN.1});
        let answer = self.post("/api/auth/login", &form).await;
        self.keep_token(&answer.data());
    }

    fn keep_token(&self, signed_in: &Value) {
        self.use_token(
            signed_in["token"]
                .as_str()
                .expect("a sign-in answers a token"),
        );
    }

    /// Sends this token from now on.
    pub fn use_token(&self, token: &str) {
        let mut kept = self.token.lock().unwrap_or_else(PoisonError::into_inner);
        *kept = Some(token.to_owned());
    }

    /// Forgets who one is.
    pub fn forget_token(&self) {
        *self.token.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// A request with the token of whoever is signed in.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self
            .client
            .request(method, format!("{}{path}", self.address));
        match &*self.token.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    pub async fn get(&self, path: &str) -> Answer {
        answer(self.request(Method::GET, path)).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        answer(self.request(Method::POST, path).json(body)).await
    }

    pub async fn patch(&self, path: &str, body: &Value) -> Answer {
        answer(self.request(Method::PATCH, path).json(body)).await
    }

    /// What a successful read carries.
    pub async fn read(&self, path: &str) -> Value {
        self.get(path).await.data()
    }

    /// Opens the stream with these topics; while `stats` is among them, rounds come every 2 s.
    pub async fn stream(&self, topics: &str) -> EventSource {
        let request = self.request(Method::GET, &format!("/api/stream?topics={topics}"));
        EventSource::open(request).await
    }

    /// The workload at this stage, as soon as there is one.
    pub async fn workload(&self, project: &str, stage: &str) -> Value {
        wait_for(&format!("the workload {project}/{stage}"), SOON, || async {
            let all = self.read("/api/workloads").await;
            let found = all.as_array().and_then(|all| {
                all.iter()
                    .find(|one| one["project"] == project && one["stage"] == stage)
                    .cloned()
            });
            found.ok_or_else(|| all.to_string())
        })
        .await
    }

    /// The containers of a workload as they are now.
    pub async fn containers(&self, workload_id: &Value) -> Vec<Value> {
        let id = workload_id.as_str().expect("a workload has an id");
        let state = self
            .read(&format!("/api/workloads/{id}/runtime-state"))
            .await;
        state["containers"].as_array().cloned().unwrap_or_default()
    }

    /// The only container that the engine has of a workload, as soon as `wanted` holds for it.
    pub async fn container_when(
        &self,
        workload_id: &Value,
        what: &str,
        wanted: impl Fn(&Value) -> bool,
    ) -> Value {
        wait_for(what, SOON, || async {
            let mut all = self.containers(workload_id).await;
            all.retain(|one| one["status"] != "gone");
            match all.as_slice() {
                [one] if wanted(one) => Ok(one.clone()),
                _ => Err(format!("{all:?}")),
            }
        })
        .await
    }

    /// The only engine, as soon as it is up or down.
    pub async fn engine_when(&self, up: bool) -> Value {
        wait_for(
            &format!("the engine to be up: {up}"),
            Duration::from_secs(60),
            || async {
                let engines = self.read("/api/engines").await;
                if engines[0]["up"] == up {
                    Ok(engines[0].clone())
                } else {
                    Err(engines.to_string())
                }
            },
        )
        .await
    }

    /// Sends a signal by its name, such as `TERM`.
    pub fn signal(&self, name: &str) {
        let pid = self.child.id().expect("the program runs").to_string();
        // Every shell has it built in, while the program `kill` is not everywhere.
        let status = std::process::Command::new("sh")
            .args(["-c", &format!("kill -{name} {pid}")])
            .status();
        assert!(
            status.is_ok_and(|status| status.success()),
            "the signal {name} can be sent"
        );
    }

    /// Waits for its end and answers the exit code; `None` where a signal ended it.
    pub async fn ended(&mut self, limit: Duration) -> Option<i32> {
        let status = tokio::time::timeout(limit, self.child.wait()).await;
        let status = status.unwrap_or_else(|_| panic!("still running after {limit:?}"));
        status.expect("the program's end can be awaited").code()
    }

    /// Asks it to end, as systemd does, and starts it anew on the same data directory.
    pub async fn restart(mut self) -> Self {
        self.signal("TERM");
        assert_eq!(
            self.ended(Duration::from_secs(10)).await,
            Some(0),
            "{}",
            self.output()
        );
        self.again().await
    }

    /// Pulls the plug, and starts it anew on the same data directory.
    pub async fn crash_and_restart(mut self) -> Self {
        self.signal("KILL");
        self.ended(Duration::from_secs(10)).await;
        self.again().await
    }

    /// Starts it anew on the same data directory; it has ended already.
    pub async fn restart_after_end(self) -> Self {
        self.again().await
    }

    async fn again(self) -> Self {
        let app = Self::start_in(self.data_dir.clone(), &self.docker_host).await;
        *app.token.lock().unwrap_or_else(PoisonError::into_inner) = self
            .token
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        app
    }
}

impl Drop for TestApp {
    #[expect(
        clippy::print_stderr,
        reason = "a failing test shows its standard error"
    )]
    fn drop(&mut self) {
        if std::thread::panicking() {
            let output = self.output();
            let start = output.len().saturating_sub(4000);
            let start = (start..=output.len()).find(|at| output.is_char_boundary(*at));
            eprintln!(
                "--- the program said, last of all ---\n{}",
                &output[start.unwrap_or(0)..]
            );
        }
    }
}

fn keep_lines(from: impl AsyncRead + Unpin + Send + 'static, into: Arc<Mutex<Vec<String>>>) {
    tokio::spawn(async move {
        let mut lines = BufReader::new(from).lines();
        while let Ok(Some(line)) = lines.next_line().await {
            into.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(line);
        }
    });
}
