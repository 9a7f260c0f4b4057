//! A real Docker engine of our own, kept by `tests/rig/engine.sh`, which tidies it away however we end.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdin, ChildStdout, Command, Output, Stdio};
use std::sync::{LazyLock, Mutex, PoisonError};

use serde_json::Value;

/// The one that every test may fill and none may stop. It has a network.
static SHARED: LazyLock<PrivateEngine> = LazyLock::new(|| PrivateEngine::start_with(&["network"]));

/// A private engine. Containers on it run the image `rig/busybox:1`.
pub struct PrivateEngine {
    socket: String,
    keeper: Mutex<Keeper>,
}

struct Keeper {
    process: Child,
    /// Closing it is what ends the engine.
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Keeper {
    fn answer(&mut self) -> String {
        let mut line = String::new();
        let read = self.answers.read_line(&mut line);
        read.expect("the engine's keeper can be read");
        line.trim_end().to_owned()
    }
}

impl PrivateEngine {
    /// The engine that all tests share; its containers need names of their own.
    pub fn shared() -> &'static Self {
        &SHARED
    }

    /// One that this test alone may stop, kill and freeze. Its containers have no network.
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    fn start_with(arguments: &[&str]) -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/rig/engine.sh");
        let mut process = Command::new(script)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // A group of its own: Ctrl-C in a terminal must not end the keeper before it tidied up.
            .process_group(0)
            .spawn()
            .unwrap_or_else(|error| panic!("{script} cannot be started: {error}"));
        let orders = process.stdin.take();
        let answers = BufReader::new(process.stdout.take().expect("stdout is piped"));
        let mut keeper = Keeper {
            process,
            orders,
            answers,
        };
        let answer = keeper.answer();
        let Some(dir) = answer.strip_prefix("ready ") else {
            panic!("these tests need a private Docker engine, and there is none: {answer}");
        };
        Self {
            socket: format!("unix://{dir}/docker.sock"),
            keeper: Mutex::new(keeper),
        }
    }

    /// What `--docker-host` takes.
    pub fn url(&self) -> &str {
        &self.socket
    }

    /// Runs the Docker CLI against this engine and answers what it printed.
    #[track_caller]
    pub fn docker(&self, arguments: &[&str]) -> String {
        let output = self.try_docker(arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success(),
            "docker {}: {said}",
            arguments.join(" ")
        );
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    fn try_docker(&self, arguments: &[&str]) -> Output {
        // Debian's own, which is as old as its engine; a newer one may be first on the path.
        let debian = "/usr/bin/docker";
        let program = if std::path::Path::new(debian).exists() {
            debian
        } else {
            "docker"
        };
        Command::new(program)
            .env("DOCKER_HOST", &self.socket)
            .env_remove("DOCKER_CONTEXT")
            .args(arguments)
            .output()
            .expect("docker can be started")
    }

    /// Runs a container in the background: flags, then a script for its shell. It is removed when the
    /// answer is dropped.
    #[track_caller]
    pub fn run(&self, name: &str, flags: &[&str], script: &str) -> Running<'_> {
        let mut arguments = vec!["run", "--detach", "--name", name, "--stop-signal", "KILL"];
        arguments.extend(flags);
        arguments.extend(["rig/busybox:1", "sh", "-c", script]);
        let id = self.docker(&arguments);
        Running {
            engine: self,
            name: name.to_owned(),
            id,
        }
    }

    /// What the engine says of a container.
    #[track_caller]
    pub fn inspect(&self, name: &str) -> Value {
        let text = self.docker(&["inspect", name]);
        let all: Value = serde_json::from_str(&text).expect("docker inspect prints JSON");
        all[0].clone()
    }

    #[track_caller]
    fn order(&self, order: &str) {
        let mut keeper = self.keeper.lock().unwrap_or_else(PoisonError::into_inner);
        let orders = keeper
            .orders
            .as_mut()
            .expect("the keeper listens until we drop it");
        writeln!(orders, "{order}").expect("the keeper can be written to");
        let answer = keeper.answer();
        assert_eq!(answer, "ok", "the private engine would not {order}");
    }

    /// Stops the engine in good order, and with it its containers.
    pub fn stop(&self) {
        self.order("stop");
    }

    /// Kills the engine; its containers run on until it starts again.
    pub fn kill(&self) {
        self.order("kill");
    }

    /// Starts it again.
    pub fn start_again(&self) {
        self.order("start");
    }

    /// Stops it from answering: connections open, and nothing comes.
    pub fn freeze(&self) {
        self.order("freeze");
    }

    pub fn thaw(&self) {
        self.order("thaw");
    }
}

impl Drop for PrivateEngine {
    fn drop(&mut self) {
        let mut keeper = self.keeper.lock().unwrap_or_else(PoisonError::into_inner);
        keeper.orders = None;
        // It has nothing more to say; its exit code changes nothing.
        drop(keeper.process.wait());
    }
}

/// A container on the private engine, removed when this is dropped.
pub struct Running<'engine> {
    engine: &'engine PrivateEngine,
    pub name: String,
    /// Docker's own, in full.
    pub id: String,
}

impl Running<'_> {
    /// Stops it at once.
    pub fn stop(&self) {
        self.engine.docker(&["stop", "--time", "1", &self.name]);
    }

    pub fn start(&self) {
        self.engine.docker(&["start", &self.name]);
    }

    pub fn remove(&self) {
        self.engine.docker(&["rm", "--force", &self.name]);
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        // By id: another container may have the name by now. It may be gone already.
        drop(self.engine.try_docker(&["rm", "--force", &self.id]));
    }
}

/// A name that no other test has: the shared engine outlives none of them.
pub fn unique(stem: &str) -> String {
    let id = uuid::Uuid::now_v7().simple().to_string();
    format!("{stem}-{}", &id[20..])
}
