//! More than 200 malformed ids and names in every place that takes one, through both doors: each is refused
//! in good order, and none reaches the engine.
//!
//! `names` what is written · `codes` where a one-time code belongs · `sign_on` where a provider's answer does

mod codes;
mod names;
mod sign_on;

use std::net::Ipv4Addr;

use serde_json::{Value, json};

use crate::fake_engine::{FakeContainer, FakeEngine};
use crate::harness::{ADMIN, TestApp};
use crate::raw::{self, Reply, percent};
use names::names;

/// Places in paths and queries; `@` is the malformed value, capitals are ids that there are.
const PATHS: [&str; 29] = [
    "GET /api/workloads/@",
    "GET /api/workloads/@/runtime-state",
    "GET /api/workloads/@/stats/history?window=2h",
    "GET /api/workloads/WORKLOAD/stats/history?window=@",
    "GET /api/stats/history?window=@",
    "GET /api/stream?topics=@",
    "GET /api/projects/@/stages/prod/instances",
    "GET /api/projects/PROJECT/stages/@/instances",
    "GET /api/projects/@/stages/prod/instances/CONTAINER/stats",
    "GET /api/projects/PROJECT/stages/@/instances/CONTAINER/stats",
    "GET /api/projects/PROJECT/stages/prod/instances/@/stats",
    "GET /api/engines/@",
    "GET /api/containers/@",
    "GET /api/containers/stale/@",
    "GET /api/containers/quarantine/@",
    "GET /api/@",
    "DELETE /api/projects/@",
    "DELETE /api/engines/@",
    "DELETE /api/workloads/@",
    "DELETE /api/containers/exemptions/@",
    "POST /api/containers/stale/@/cleanup",
    "POST /api/containers/quarantine/@/restore",
    "POST /api/containers/quarantine/@/remove",
    "DELETE /api/users/@",
    "DELETE /api/tokens/@",
    "DELETE /api/auth/sessions/@",
    "POST /fn/@",
    "POST /fn/workloads/@",
    "PATCH /api/@",
];

/// A place where one of the names fits, too.
const FREE_PATHS: [&str; 1] = ["GET /api/containers/stale?all=@"];

/// Places in bodies; `@` is a JSON string.
const BODIES: [&str; 19] = [
    r#"POST /api/users {"username":"x","password":@,"role":@}"#,
    r#"PATCH /api/users/USER {"role":@}"#,
    r#"POST /api/tokens {"name":"x","role":"viewer","expires_at":@}"#,
    r#"POST /api/engines {"name":"other","url":@}"#,
    r#"POST /api/engines {"name":"other","url":"tcp://127.0.0.1:1","id":@,"url":@}"#,
    r#"PATCH /api/engines/ENGINE {"url":@}"#,
    r#"PATCH /api/settings {"language":@}"#,
    r#"PATCH /api/settings {"public_url":@}"#,
    r#"PATCH /api/settings {"stats_interval_secs":@}"#,
    r#"POST /api/containers/stale/cleanup {"ids":@}"#,
    r#"POST /api/containers/stale/cleanup {"ids":["CONTAINER"],"dry_run":@}"#,
    r#"POST /api/containers/stale/cleanup {"ids":["CONTAINER"],"volumes":[@]}"#,
    r#"POST /api/containers/stale/cleanup {"ids":["CONTAINER"],"remove_now":true,"volumes":@}"#,
    r#"POST /api/containers/stale/CONTAINER/cleanup {"remove_now":true,"volumes":[@]}"#,
    r#"POST /api/containers/quarantine/CONTAINER/remove {"volumes":[@]}"#,
    r#"POST /api/containers/exemptions {"kind":@,"value":"x","reason":"y"}"#,
    r#"POST /api/containers/exemptions {"kind":"label","value":"x","reason":"y","until":@}"#,
    r#"POST /api/auth/setup {"username":@,"password":@,"setup_token":@}"#,
    r#"POST /api/auth/login {"username":@,"password":@}"#,
];

/// Names that people choose, where nearly any text will do and stays text; and lists, of which each entry has a
/// result of its own. The container runs, so that nothing is ever done to it.
const FREE: [&str; 12] = [
    r#"POST /api/containers/stale/cleanup {"ids":[@],"dry_run":true}"#,
    r#"POST /api/containers/stale/cleanup {"ids":[@],"remove_now":true,"volumes":[@]}"#,
    r#"POST /api/containers/stale/cleanup {"ids":["CONTAINER"],"remove_now":true,"volumes":[@]}"#,
    r#"POST /api/containers/stale/cleanup {"ids":["CONTAINER"],"dry_run":true,"remove_now":true,"volumes":[@]}"#,
    r#"POST /api/containers/exemptions {"kind":"container","value":@,"reason":"x"}"#,
    r#"POST /api/containers/exemptions {"kind":"pattern","value":@,"reason":"x"}"#,
    r#"POST /api/containers/exemptions {"kind":"label","value":"x","reason":@}"#,
    r#"POST /api/tokens {"name":@,"role":"viewer"}"#,
    r#"POST /api/users {"username":@,"password":"long and unguessable enough","role":"viewer"}"#,
    r#"POST /api/projects {"name":@}"#,
    r#"PATCH /api/projects/PROJECT {"name":@}"#,
    r#"PATCH /api/engines/ENGINE {"name":@}"#,
];

/// Places in the forms that the pages send.
const FORMS: [&str; 26] = [
    "POST /fn/users/delete id=@",
    "POST /fn/tokens/delete id=@",
    "POST /fn/workloads/read id=@",
    "POST /fn/workloads/runtime_state id=@",
    "POST /fn/stats/workload id=@&window=2h",
    "POST /fn/stats/workload id=WORKLOAD&window=@",
    "POST /fn/stats/fleet window=@",
    "POST /fn/projects/instances id=@&stage=prod",
    "POST /fn/projects/instances id=PROJECT&stage=@",
    "POST /fn/stats/instance id=@&stage=prod&iid=CONTAINER",
    "POST /fn/stats/instance id=PROJECT&stage=@&iid=CONTAINER",
    "POST /fn/stats/instance id=PROJECT&stage=prod&iid=@",
    "POST /fn/projects/delete id=@",
    "POST /fn/projects/rename id=@&name=other",
    "POST /fn/engines/delete id=@",
    "POST /fn/engines/change id=@&name=other",
    "POST /fn/engines/create name=other&url=@",
    "POST /fn/settings/change patch[language]=@",
    "POST /fn/stale/clean_up_one id=@",
    "POST /fn/stale/clean_up_one id=CONTAINER&remove_now=true&volumes[0]=@",
    "POST /fn/stale/clean_up ids[0]=CONTAINER&volumes[0]=@",
    "POST /fn/stale/restore id=@",
    "POST /fn/stale/remove id=@&volumes[0]=@",
    "POST /fn/stale/unexempt id=@",
    "POST /fn/stale/exempt kind=@&value=x&reason=y",
    "POST /fn/stale/exempt kind=label&value=x&reason=y&until=@",
];

/// The running program, and what there is.
struct Target {
    app: TestApp,
    token: String,
    ids: Vec<(&'static str, String)>,
    sent: usize,
    wrong: Vec<String>,
}

impl Target {
    async fn new(engine: &FakeEngine) -> Self {
        engine.run(FakeContainer::named("web").at("shop", "prod"));
        let app = TestApp::ready(&engine.url()).await;
        let form = json!({"username": ADMIN.0, "password": ADMIN.1});
        let signed_in = app.post("/api/auth/login", &form).await.data();
        let token = signed_in["token"].as_str().unwrap_or_default().to_owned();
        app.use_token(&token);
        let workload = app.workload("shop", "prod").await;
        let container = app.containers(&workload["id"]).await[0]["id"].clone();
        let engines = app.read("/api/engines").await;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let ids = vec![
            ("WORKLOAD", text(&workload["id"])),
            ("PROJECT", text(&workload["project_id"])),
            ("CONTAINER", text(&container)),
            ("ENGINE", text(&engines[0]["id"])),
            ("USER", text(&app.read("/api/users").await[0]["id"])),
        ];
        Self {
            app,
            token,
            ids,
            sent: 0,
            wrong: Vec::new(),
        }
    }

    /// The template with ids and `value` in it.
    fn fill(&self, template: &str, value: &str) -> String {
        let filled = self
            .ids
            .iter()
            .fold(template.to_owned(), |text, (name, id)| {
                text.replace(name, id)
            });
        filled.replace('@', value)
    }

    async fn send(&mut self, (method, target, body): (&str, &str, &str), fits: fn(&Reply) -> bool) {
        let media_type = match body {
            "" => "text/plain",
            _ if target.starts_with("/fn/") => "application/x-www-form-urlencoded",
            _ => "application/json",
        };
        let token = &self.token;
        let headers = format!("Authorization: Bearer {token}\r\nContent-Type: {media_type}\r\n");
        let request = raw::Request {
            address: &self.app.address,
            from: Ipv4Addr::LOCALHOST,
            method,
            target,
            headers: &headers,
            body,
        };
        let reply = raw::send(request).await;
        self.sent += 1;
        if !reply.as_ref().is_ok_and(fits) {
            let shown: String = target.chars().take(120).collect();
            self.wrong.push(
                format!("{method} {shown:?}: {reply:?}")
                    .chars()
                    .take(400)
                    .collect(),
            );
        }
    }

    /// `METHOD path body`: the value goes where the body has its `@`.
    async fn send_body(&mut self, template: &str, value: &str, fits: fn(&Reply) -> bool) {
        let mut parts = template.splitn(3, ' ');
        let mut part = || parts.next().unwrap_or_default();
        let (method, path, body) = (part(), part(), part());
        let (path, body) = (self.fill(path, ""), self.fill(body, value));
        self.send((method, &path, &body), fits).await;
    }
}

/// A first line that nobody reads to its end.
fn is_too_long(reply: &Reply) -> bool {
    [414, 431].contains(&reply.status)
}

/// A refusal in good order: the sender is at fault, and is told why in the form of the door.
fn is_clean(reply: &Reply) -> bool {
    let error = if reply.json["error"].is_object() {
        &reply.json["error"]
    } else {
        &reply.json
    };
    let told = |key: &str| error[key].as_str().is_some_and(|text| !text.is_empty());
    is_too_long(reply) || (400..500).contains(&reply.status) && told("code") && told("message")
}

/// What HTTP itself does not allow is refused before it is anybody's request.
fn is_refused(reply: &Reply) -> bool {
    is_clean(reply) || (400..500).contains(&reply.status) && reply.body.is_empty()
}

fn is_no_failure(reply: &Reply) -> bool {
    reply.status == 200 && reply.json["success"] == true || is_clean(reply)
}

/// What the program asks an engine by itself, whatever anybody sends.
fn is_own_question(path: &str, known: &str) -> bool {
    let path = path.strip_prefix("GET ").unwrap_or(path);
    let path = path.split('?').next().unwrap_or_default();
    let path = match path.strip_prefix("/v1.") {
        Some(rest) => rest.trim_start_matches(|letter: char| letter.is_ascii_digit()),
        None => path,
    };
    let of_container = ["json", "stats"].map(|what| format!("/containers/{known}/{what}"));
    ["/_ping", "/version", "/info", "/containers/json", "/events"].contains(&path)
        || of_container.iter().any(|own| own == path)
}

#[tokio::test]
async fn no_malformed_name_reaches_the_engine_and_each_is_refused_in_good_order() {
    let engine = FakeEngine::start().await;
    let mut target = Target::new(&engine).await;
    let known = target.app.containers(&json!(target.ids[0].1)).await[0]["docker_id"].clone();
    let names = names(&target.ids[0].1);
    assert!(names.len() >= 200, "{}", names.len());
    for name in &names {
        for place in PATHS {
            let (method, path) = place.split_once(' ').unwrap_or_default();
            for encoded in [percent(name), percent(&percent(name))] {
                let path = target.fill(path, &encoded);
                target.send((method, &path, ""), is_clean).await;
            }
            // As it is, where it does not end the request's first line.
            let fits_a_line = !name.contains(['\r', '\n', ' ']);
            if method == "GET" && !place.contains("=@") && fits_a_line {
                let path = target.fill(path, name);
                target.send((method, &path, ""), is_refused).await;
            }
        }
        for place in FREE_PATHS {
            let (method, path) = place.split_once(' ').unwrap_or_default();
            let path = target.fill(path, &percent(name));
            target.send((method, &path, ""), is_no_failure).await;
        }
        let text = json!(name).to_string();
        for place in BODIES {
            target.send_body(place, &text, is_clean).await;
        }
        for place in FREE {
            target.send_body(place, &text, is_no_failure).await;
        }
        for place in FORMS {
            target.send_body(place, &percent(name), is_clean).await;
        }
    }
    let asked = engine.asked();
    let known = known.as_str().unwrap_or_default();
    let strangers: Vec<_> = asked
        .iter()
        .filter(|path| !is_own_question(path, known))
        .collect();
    println!(
        "malformed: {} names in {} places: {} requests, {} not refused in good order; the engine was \
         asked {} times, {} of them for something that no job of ours asks for",
        names.len(),
        PATHS.len() + FREE_PATHS.len() + BODIES.len() + FREE.len() + FORMS.len(),
        target.sent,
        target.wrong.len(),
        asked.len(),
        strangers.len(),
    );
    assert!(strangers.is_empty(), "{strangers:#?}");
    assert!(engine.removals().is_empty(), "{:?}", engine.removals());
    let some: Vec<_> = target.wrong.iter().take(40).collect();
    assert!(some.is_empty(), "{some:#?}");
    assert_eq!(target.app.get("/healthz").await.text, "ok");
    assert_eq!(target.app.get("/readyz").await.status, 200);
    let output = target.app.output();
    let panics: Vec<_> = output
        .lines()
        .filter(|line| line.contains("panicked"))
        .collect();
    assert!(panics.is_empty(), "{panics:#?}");
    // The detector can fail: a fresh reading of the container that there is does ask the engine.
    let path = target.fill(
        "/api/projects/PROJECT/stages/prod/instances/CONTAINER/stats",
        "",
    );
    target.app.read(&path).await;
    assert!(
        engine.asked().len() > asked.len(),
        "the engine records what it is asked"
    );
}
