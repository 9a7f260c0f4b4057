//! The program in this process, served over HTTP all the same, by a clock that the test turns.

use std::path::Path;
use std::time::Duration;

use chrono::Utc;
use clap::Parser;
use docker_watcher::server::application::Application;
use docker_watcher::server::clock::Clock;
use docker_watcher::server::config::Cli;
use reqwest::header::SET_COOKIE;
use reqwest::{Client, Method, RequestBuilder, redirect};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::harness::{self, ADMIN};
use crate::reply::{Answer, answer};

/// The program; dropping it stops it.
pub struct ClockedApp {
    /// `http://127.0.0.1:PORT`.
    pub address: String,
    pub clock: Clock,
    data_dir: TempDir,
    client: Client,
    _running: DropGuard,
}

/// What a sign-in gave.
#[derive(Clone, Debug)]
pub struct Session {
    /// `name=value`, as a browser would send it back.
    pub cookie: String,
}

impl ClockedApp {
    /// Starts it against this engine, with a data directory of its own and a clock that stands at now.
    pub async fn start(docker_host: &str) -> Self {
        let data_dir = tempfile::tempdir().expect("a temporary directory can be made");
        let folder = data_dir.path().to_string_lossy().into_owned();
        let cli = Cli::try_parse_from([
            "docker-watcher",
            "--listen",
            "127.0.0.1:0",
            "--data-dir",
            &folder,
            "--docker-host",
            docker_host,
            "--proxy-http",
            "off",
            "--proxy-https",
            "off",
        ]);
        let options = cli.expect("the arguments are right").options;
        let clock = Clock::held_at(Utc::now());
        let application = Application::build_by(&options, clock.clone()).await;
        let application = application.expect("the program can be built");
        let address = application.address().expect("the program has a port");
        let shutdown: CancellationToken = application.shutdown();
        tokio::spawn(application.run_until_stopped());
        let client = harness::client().redirect(redirect::Policy::none()).build();
        Self {
            address: format!("http://{address}"),
            clock,
            data_dir,
            client: client.expect("a client can be made"),
            _running: shutdown.drop_guard(),
        }
    }

    pub fn data_dir(&self) -> &Path {
        self.data_dir.path()
    }

    /// A request from nobody, which follows no redirect.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client
            .request(method, format!("{}{path}", self.address))
            .timeout(Duration::from_secs(60))
    }

    /// Makes the first admin, who is [`ADMIN`].
    pub async fn set_up(&self) -> Session {
        let token = std::fs::read_to_string(self.data_dir().join("setup-token"))
            .expect("the setup token is in the data directory while there is no admin");
        let form = json!({"username": ADMIN.0, "password": ADMIN.1, "setup_token": token.trim()});
        self.enter("/api/auth/setup", &form).await
    }

    pub async fn sign_in(&self, (username, password): (&str, &str)) -> Session {
        let form = json!({"username": username, "password": password});
        self.enter("/api/auth/login", &form).await
    }

    async fn enter(&self, path: &str, form: &Value) -> Session {
        let request = self.request(Method::POST, path).json(form);
        let response = request.send().await.expect("the sign-in is answered");
        let cookie = response.headers().get(SET_COOKIE);
        let cookie = cookie.and_then(|value| value.to_str().ok()?.split(';').next());
        let cookie = cookie.unwrap_or_default().to_owned();
        let body: Value = response.json().await.expect("the answer is JSON");
        assert!(
            body["success"] == true && !cookie.is_empty(),
            "no sign-in: {body}"
        );
        Session { cookie }
    }

    /// What a write with this session comes to.
    pub async fn write(
        &self,
        session: &Session,
        method: Method,
        path: &str,
        body: &Value,
    ) -> Answer {
        let request = self.request(method, path).json(body);
        answer(request.header("cookie", &session.cookie)).await
    }

    /// What a successful read with this session carries.
    pub async fn read(&self, session: &Session, path: &str) -> Value {
        let request = self.request(Method::GET, path);
        answer(request.header("cookie", &session.cookie))
            .await
            .data()
    }
}
