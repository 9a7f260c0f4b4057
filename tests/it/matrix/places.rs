//! Every path, the methods that its rows have, and what a request there plausibly carries.

use std::collections::BTreeMap;

use docker_watcher::server::access::{Access, rows};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::clocked::ClockedApp;
use crate::harness::{ADMIN, SOON, wait_for};

/// One path.
pub struct Place {
    /// With `{…}` where it varies.
    pub path: String,
    rows: Vec<(Method, Access)>,
    /// A file that anyone may read; what else is done to it leads nowhere.
    pub is_file: bool,
}

/// What is not there.
const NOWHERE: [&str; 6] = ["/api", "/api/", "/api/nope", "/fn/nope", "/nope", "/pkg"];

/// Some of the site's files.
const FILES: [&str; 3] = ["/pkg/docker-watcher.js", "/favicon.svg", "/sw.js"];

/// Every path of the tables, and some that are in none.
pub fn places() -> Vec<Place> {
    let mut by_path = BTreeMap::<_, Vec<_>>::new();
    for row in rows() {
        let rows = by_path.entry(row.path.to_owned()).or_default();
        if !rows.contains(&(row.method.clone(), row.access)) {
            rows.push((row.method, row.access));
        }
    }
    let mut all: Vec<_> = by_path
        .into_iter()
        .map(|(path, rows)| Place {
            path,
            rows,
            is_file: false,
        })
        .collect();
    let elsewhere = NOWHERE.iter().chain(&FILES).map(|path| Place {
        path: (*path).to_owned(),
        rows: Vec::new(),
        is_file: FILES.contains(path),
    });
    all.extend(elsewhere);
    all
}

impl Place {
    /// Who may do this here; `None` where there is no such thing to do.
    pub fn access(&self, method: &Method) -> Option<Access> {
        let asked = if method == Method::HEAD {
            &Method::GET
        } else {
            method
        };
        if self.is_file {
            return (asked == Method::GET).then_some(Access::Everyone);
        }
        let row = self.rows.iter().find(|(method, _)| method == asked);
        row.map(|(_, access)| *access)
    }

    /// Gives the request what an operation here would take.
    pub fn carry(&self, method: &Method, request: RequestBuilder) -> RequestBuilder {
        if [Method::GET, Method::HEAD, Method::TRACE].contains(method) {
            return request;
        }
        if !self.path.starts_with("/fn/") {
            return request.json(&self.fields());
        }
        let fields = self.fields();
        let fields = fields.as_object().into_iter().flatten();
        let form: Vec<_> = fields
            .map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned()))
            .chain([("patch[stats_interval_secs]".to_owned(), "10".to_owned())])
            .collect();
        let form = serde_urlencoded::to_string(form).expect("text goes into a form");
        let media_type = "application/x-www-form-urlencoded";
        request.header("content-type", media_type).body(form)
    }

    /// Every input that any operation takes; each reads those that it knows.
    fn fields(&self) -> Value {
        if self.path == "/api/settings" {
            return json!({"stats_interval_secs": 10});
        }
        json!({
            "id": UNKNOWN, "iid": UNKNOWN, "stage": "prod", "window": "2h",
            "name": "matrix", "url": "unix:///nowhere/matrix.sock",
            "username": ADMIN.0, "password": ADMIN.1, "new_password": ADMIN.1, "setup_token": "x",
            "role": "viewer", "code": "123456",
            "kind": "pattern", "value": "matrix-*", "reason": "matrix",
        })
    }
}

const UNKNOWN: &str = "0199a7c2-0000-7000-8000-000000000000";

/// Ids of things that are there, so that what is refused would have found something.
pub struct Ids {
    project: String,
    workload: String,
    engine: String,
    container: String,
    user: String,
}

impl Ids {
    pub async fn of(app: &ClockedApp) -> Self {
        let session = app.sign_in(ADMIN).await;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let workload = wait_for("a workload", SOON, || async {
            let all = app.read(&session, "/api/workloads").await;
            let first = all[0].clone();
            if first.is_object() {
                Ok(first)
            } else {
                Err(all.to_string())
            }
        });
        let workload = workload.await;
        let engines = app.read(&session, "/api/engines").await;
        let state = format!("/api/workloads/{}/runtime-state", text(&workload["id"]));
        let state = app.read(&session, &state).await;
        Self {
            project: text(&workload["project_id"]),
            workload: text(&workload["id"]),
            engine: text(&engines[0]["id"]),
            container: text(&state["containers"][0]["id"]),
            user: text(&app.read(&session, "/api/users").await[0]["id"]),
        }
    }

    /// The path with values in place of what varies, and the queries that reads take.
    pub fn fill(&self, path: &str) -> String {
        let id = if path.starts_with("/api/users") {
            &self.user
        } else if path.starts_with("/api/projects") {
            &self.project
        } else if path.starts_with("/api/engines") {
            &self.engine
        } else {
            &self.workload
        };
        let filled = path
            .replace("{id}", id)
            .replace("{iid}", &self.container)
            .replace("{stage}", "prod");
        assert!(!filled.contains('{'), "{path} needs a value here");
        format!("{filled}?window=2h&topics=health")
    }
}
