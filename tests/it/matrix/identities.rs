//! Everybody who knocks.

use docker_watcher::server::access::Access;
use reqwest::{Method, RequestBuilder};
use serde_json::json;

use crate::cli;
use crate::clocked::{ClockedApp, Session};
use crate::fake_engine::FakeEngine;
use crate::harness::ADMIN;
use crate::reply::answer;

pub const NAMES: [&str; 10] = [
    "anonymous",
    "viewer session",
    "admin session",
    "expired session",
    "revoked session",
    "viewer API token",
    "admin API token",
    "expired API token",
    "garbage token",
    "token of another installation",
];

const VIEWER: (&str, &str) = ("vic", "a viewer's long password");

/// What a request says of its sender.
enum Credential {
    None,
    /// As browsers do.
    Cookie(String),
    /// As programs do.
    Bearer(String),
}

pub struct Identity {
    name: &'static str,
    credential: Credential,
}

impl Identity {
    /// Makes an admin, and whoever else this one needs.
    pub async fn make(name: &'static str, app: &ClockedApp) -> Self {
        app.set_up().await;
        let cookie = |session: Session| Credential::Cookie(session.cookie);
        let credential = match name {
            "anonymous" => Credential::None,
            "viewer session" => cookie(viewer(app).await),
            "admin session" => cookie(app.sign_in(ADMIN).await),
            "expired session" => {
                let session = app.sign_in(ADMIN).await;
                app.clock.advance(chrono::Duration::days(400));
                cookie(session)
            }
            "revoked session" => {
                let session = app.sign_in(ADMIN).await;
                let log_out = app
                    .request(Method::POST, "/api/auth/logout")
                    .json(&json!({}));
                answer(log_out.header("cookie", &session.cookie))
                    .await
                    .data();
                cookie(session)
            }
            "viewer API token" => Credential::Bearer(token(app, "viewer").await),
            "admin API token" => Credential::Bearer(token(app, "admin").await),
            "expired API token" => {
                let lasts = ["--expires-in-days", "1"];
                let token = token_that(app, "admin", &lasts).await;
                app.clock.advance(chrono::Duration::days(2));
                Credential::Bearer(token)
            }
            "garbage token" => {
                let secret = "A".repeat(43);
                Credential::Bearer(format!("dwt_{secret}"))
            }
            "token of another installation" => {
                let engine = FakeEngine::start().await;
                let other = ClockedApp::start(&engine.url()).await;
                cookie(other.set_up().await)
            }
            _ => unreachable!("{name} is nobody"),
        };
        Self { name, credential }
    }

    /// Known to this installation.
    pub fn is_live(&self) -> bool {
        self.is_person() || ["viewer API token", "admin API token"].contains(&self.name)
    }

    fn is_person(&self) -> bool {
        ["viewer session", "admin session"].contains(&self.name)
    }

    /// What the table's word means for this one, said once more and by itself.
    pub fn may(&self, access: Access) -> bool {
        match access {
            Access::Everyone => true,
            Access::Reader => self.is_live(),
            Access::Admin => self.name.starts_with("admin"),
            Access::Person => self.is_person(),
        }
    }

    pub fn sign(&self, request: RequestBuilder) -> RequestBuilder {
        match &self.credential {
            Credential::None => request,
            Credential::Cookie(cookie) => request.header("cookie", cookie),
            Credential::Bearer(token) => request.bearer_auth(token),
        }
    }

    /// Signs in anew if this one can; false where it cannot.
    pub async fn renew(&mut self, app: &ClockedApp) -> bool {
        let session = match self.name {
            "viewer session" => app.sign_in(VIEWER).await,
            "admin session" => app.sign_in(ADMIN).await,
            _ => return false,
        };
        self.credential = Credential::Cookie(session.cookie);
        true
    }
}

async fn viewer(app: &ClockedApp) -> Session {
    let add = ["user", "add", VIEWER.0, "--role", "viewer"];
    let output = cli::run(app.data_dir(), &add, &format!("{}\n", VIEWER.1)).await;
    assert!(output.status.success(), "{:?}", cli::texts(&output));
    app.sign_in(VIEWER).await
}

async fn token(app: &ClockedApp, role: &str) -> String {
    token_that(app, role, &[]).await
}

async fn token_that(app: &ClockedApp, role: &str, options: &[&str]) -> String {
    let add = [&["token", "add", role, "--role", role], options].concat();
    let token = cli::succeed(app.data_dir(), &add).await;
    token.trim().to_owned()
}
