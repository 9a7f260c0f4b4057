//! Nothing is open that is not on a short list, and the document tells the truth about all of it.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::clocked::ClockedApp;
use crate::fake_engine::{FakeContainer, FakeEngine};
use crate::harness::{SOON, TestApp};
use crate::reply::answer;
use crate::stream::EventSource;

/// What anyone may ask. A new line here is a decision, and belongs in the contract, too.
const OPEN: [&str; 8] = [
    "/healthz",
    "/readyz",
    "/api/auth/state",
    "/api/auth/setup",
    "/api/auth/login",
    "/api/auth/oidc/start",
    "/api/auth/oidc/callback",
    "/api/auth/oidc/end",
];
/// The server functions behind them.
const OPEN_FUNCTIONS: [&str; 3] = ["auth/state", "auth/setup", "auth/login"];

/// Every documented pair of method and path, with values in place of the path's parameters.
pub async fn documented(app: &TestApp) -> Vec<(Method, String, String)> {
    let document = app.get("/api/openapi.json").await;
    assert_eq!(document.status, 200);
    let mut all = Vec::new();
    for (path, methods) in document.json["paths"].as_object().into_iter().flatten() {
        for (method, _) in methods.as_object().into_iter().flatten() {
            let Ok(method) = Method::from_bytes(method.to_uppercase().as_bytes()) else {
                continue;
            };
            if ["GET", "POST", "PUT", "PATCH", "DELETE"].contains(&method.as_str()) {
                let mut filled = path.clone();
                while let (Some(start), Some(end)) = (filled.find('{'), filled.find('}')) {
                    filled.replace_range(start..=end, "0199a7c2-0000-7000-8000-000000000000");
                }
                all.push((method, path.clone(), filled));
            }
        }
    }
    assert!(all.len() >= 15, "the document is nearly empty: {all:?}");
    all
}

/// The endpoints of all server functions, read from the source, wherever in a house they are.
pub fn server_functions() -> Vec<String> {
    let mut endpoints = Vec::new();
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    collect_endpoints(&src, &mut endpoints);
    assert!(
        endpoints.len() >= 50,
        "too few server functions: {endpoints:?}"
    );
    for nested in ["users/delete", "auth/sessions", "tokens/create"] {
        assert!(
            endpoints.iter().any(|endpoint| endpoint == nested),
            "{nested} is not in {endpoints:?}"
        );
    }
    endpoints
}

fn collect_endpoints(folder: &Path, into: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).expect("src can be read") {
        let path = entry.expect("src can be read").path();
        if path.is_dir() {
            collect_endpoints(&path, into);
        } else if path.file_name().is_some_and(|name| name == "api.rs") {
            let text = std::fs::read_to_string(&path).expect("the source can be read");
            let each = text.split("endpoint = \"").skip(1);
            let each = each.filter_map(|rest| rest.split('"').next());
            into.extend(each.map(String::from));
        }
    }
}

#[tokio::test]
async fn nobody_gets_through_a_documented_door_that_is_not_on_the_public_list() {
    let engine = FakeEngine::start().await;
    let app = TestApp::ready(&engine.url()).await;
    let all = documented(&app).await;
    app.forget_token();
    for (method, path, filled) in all {
        if OPEN.contains(&path.as_str()) {
            continue;
        }
        let mut request = app.request(method.clone(), &filled);
        if method != Method::GET {
            request = request.json(&json!({}));
        }
        let answer = answer(request).await;
        assert_eq!(answer.status, 401, "{method} {path}: {}", answer.text);
        if path.starts_with("/api/") {
            answer.is_refused(401, "not_signed_in");
        }
    }
    app.get("/api/nope").await.is_refused(401, "not_signed_in");
    app.get("/api/stream")
        .await
        .is_refused(401, "not_signed_in");
}

#[tokio::test]
async fn nobody_gets_through_a_server_function_that_is_not_on_the_public_list() {
    let engine = FakeEngine::start().await;
    let app = TestApp::ready(&engine.url()).await;
    app.forget_token();
    for endpoint in server_functions() {
        if OPEN_FUNCTIONS.contains(&endpoint.as_str()) {
            continue;
        }
        let path = format!("/fn/{endpoint}");
        let form = "application/x-www-form-urlencoded";
        let post = app
            .request(Method::POST, &path)
            .header("content-type", form)
            .body("id=x");
        assert_eq!(answer(post).await.status, 401, "POST {path}");
        let get = answer(app.request(Method::GET, &path)).await;
        assert!(
            [401, 404, 405].contains(&get.status),
            "GET {path}: {}",
            get.status
        );
    }
    let unknown = answer(app.request(Method::POST, "/fn/nope")).await;
    assert!(
        [401, 404].contains(&unknown.status),
        "POST /fn/nope: {}",
        unknown.status
    );
}

#[tokio::test]
async fn a_stream_that_an_api_token_opened_ends_when_the_time_of_the_token_is_over() {
    let engine = FakeEngine::start().await;
    let app = ClockedApp::start(&engine.url()).await;
    let session = app.set_up().await;
    let mut streams = Vec::new();
    for (name, hours) in [("short", 1), ("long", 24)] {
        let expires_at = app.clock.now() + chrono::Duration::hours(hours);
        let form = json!({"name": name, "role": "viewer", "expires_at": expires_at});
        let made = app
            .write(&session, Method::POST, "/api/tokens", &form)
            .await;
        let made = made.data();
        let token = made["token"].as_str().expect("a token is shown once");
        // Of which nothing comes by itself, so that only its end does.
        let request = app.request(Method::GET, "/api/stream?topics=proxies");
        streams.push(EventSource::open(request.bearer_auth(token)).await);
    }
    app.clock.advance(chrono::Duration::minutes(61));
    let mut short = streams.remove(0);
    let end = async { while short.next(SOON).await.is_some() {} };
    let ended = tokio::time::timeout(SOON, end).await;
    assert!(ended.is_ok(), "the stream goes on without its token");
    // The other was looked at in the same moment.
    let mut long = streams.remove(0);
    let rest = async { while long.next(SOON).await.is_some() {} };
    let rest = tokio::time::timeout(Duration::from_millis(500), rest).await;
    assert!(rest.is_err(), "a stream ended before its token did");
}

#[tokio::test]
async fn a_page_is_not_shown_to_nobody_and_the_way_to_sign_in_is() {
    let engine = FakeEngine::start().await;
    engine.run(FakeContainer::named("secret-web").at("secret-shop", "prod"));
    let app = TestApp::ready(&engine.url()).await;
    let id = app.workload("secret-shop", "prod").await["id"].clone();
    app.forget_token();
    for path in [
        "/".to_owned(),
        format!("/apps/{}", id.as_str().unwrap_or_default()),
    ] {
        let page = app.get(&path).await;
        assert!(!page.text.contains("secret-"), "{path} shows what is there");
        assert!(
            page.text.contains("Password") || page.text.contains("password"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn the_document_is_openapi_3_1_and_every_path_in_it_answers() {
    let engine = FakeEngine::start().await;
    let app = TestApp::ready(&engine.url()).await;
    let document = app.get("/api/openapi.json").await.json;
    assert!(
        document["openapi"]
            .as_str()
            .is_some_and(|version| version.starts_with("3.1"))
    );
    for (method, path, filled) in documented(&app).await {
        if path == "/api/auth/logout" || path == "/api/stream" {
            continue;
        }
        let mut request = app.request(method.clone(), &filled);
        if method != Method::GET {
            request = request.json(&json!({}));
        }
        let answer = answer(request).await;
        let unknown_id = path.contains('{') && answer.json["error"]["code"] == "not_found";
        assert!(
            (answer.status != 404 || unknown_id) && answer.status != 405 && answer.status < 500,
            "{method} {path}: {} {}",
            answer.status,
            answer.text
        );
    }
}

#[tokio::test]
async fn the_document_has_every_path_of_the_contract() {
    let engine = FakeEngine::start().await;
    let app = TestApp::ready(&engine.url()).await;
    let document = app.get("/api/openapi.json").await.json;
    let has = |method: &str, path: &str| document["paths"][path][method].is_object();
    for (method, path) in [
        ("get", "/api/auth/state"),
        ("post", "/api/auth/setup"),
        ("post", "/api/auth/login"),
        ("post", "/api/auth/logout"),
        ("get", "/api/health/summary"),
        ("get", "/api/engines"),
        ("get", "/api/projects"),
        ("post", "/api/projects"),
        ("get", "/api/projects/{id}/stages/{stage}/instances"),
        (
            "get",
            "/api/projects/{id}/stages/{stage}/instances/{iid}/stats",
        ),
        ("get", "/api/workloads"),
        ("get", "/api/workloads/{id}"),
        ("get", "/api/workloads/{id}/runtime-state"),
        ("get", "/api/workloads/{id}/stats/history"),
        ("get", "/api/stats/history"),
        ("get", "/api/settings"),
        ("patch", "/api/settings"),
        ("get", "/api/stream"),
        ("get", "/healthz"),
        ("get", "/readyz"),
        ("get", "/api/openapi.json"),
    ] {
        assert!(has(method, path), "{method} {path} is not in the document");
    }
}

#[tokio::test]
async fn every_reference_in_the_document_leads_somewhere() {
    let engine = FakeEngine::start().await;
    let app = TestApp::ready(&engine.url()).await;
    let document = app.get("/api/openapi.json").await.json;
    let mut references = BTreeSet::new();
    collect_references(&document, &mut references);
    for reference in references {
        let pointer = reference.trim_start_matches('#');
        assert!(
            document.pointer(pointer).is_some(),
            "{reference} leads nowhere"
        );
    }
}

fn collect_references(value: &Value, into: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (key, field) in fields {
                match (key.as_str(), field.as_str()) {
                    ("$ref", Some(reference)) => drop(into.insert(reference.to_owned())),
                    _ => collect_references(field, into),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect_references(item, into)),
        _ => {}
    }
}
