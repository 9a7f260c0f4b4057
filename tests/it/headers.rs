//! Every answer has the headers that make a browser careful, whatever it answers.

use std::path::Path;

use reqwest::redirect::Policy;
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::doors::documented;
use crate::fake_engine::{FakeContainer, FakeEngine};
use crate::harness::TestApp;

const FIXED: [(&str, &str); 5] = [
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    let value = response.headers().get(name);
    value
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

/// Holds an answer to have all of them, once each; `what` says which answer it is.
#[track_caller]
fn is_careful(response: &Response, what: &str) {
    for (name, value) in FIXED {
        assert_eq!(header(response, name), value, "{name} of {what}");
    }
    for (name, _) in FIXED {
        assert_eq!(
            response.headers().get_all(name).iter().count(),
            1,
            "{name} of {what}"
        );
    }
    let permissions = header(response, "permissions-policy");
    for power in [
        "camera=()",
        "microphone=()",
        "geolocation=()",
        "usb=()",
        "payment=()",
    ] {
        assert!(
            permissions.contains(power),
            "{power} of {what}: {permissions}"
        );
    }
    let policy = header(response, "content-security-policy");
    let is_page = header(response, "content-type").starts_with("text/html");
    for part in ["default-src 'none'", "frame-ancestors 'none'"] {
        assert!(policy.contains(part), "{part} of {what}: {policy}");
    }
    assert!(
        !policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"),
        "{what}: {policy}"
    );
    assert_eq!(policy.contains("'nonce-"), is_page, "{what}: {policy}");
    assert!(
        !header(response, "cache-control").is_empty(),
        "{what} may be kept by anybody"
    );
    assert_eq!(
        header(response, "strict-transport-security"),
        "",
        "{what} came by plain HTTP"
    );
}

/// A client that goes nowhere by itself.
fn client() -> Client {
    let client = Client::builder().redirect(Policy::none()).build();
    client.expect("a client can be made")
}

async fn send(client: &Client, request: RequestBuilder) -> Response {
    let request = request.build().expect("a request");
    client.execute(request).await.expect("an answer")
}

#[tokio::test]
async fn every_door_has_them_for_everybody() {
    let engine = FakeEngine::start().await;
    let app = TestApp::ready(&engine.url()).await;
    let (client, mut seen) = (client(), 0);
    let doors = documented(&app).await;
    // Anonymous first: among the doors is the one that ends the session.
    app.forget_token();
    for signed_in in [false, true] {
        if signed_in {
            app.sign_in().await;
        }
        for (method, path, filled) in &doors {
            for method in [method.clone(), Method::HEAD, Method::PUT] {
                let request = app.request(method.clone(), filled);
                let request = if method == Method::GET {
                    request
                } else {
                    request.json(&json!({}))
                };
                let response = send(&client, request).await;
                is_careful(
                    &response,
                    &format!("{method} {path}, signed in: {signed_in}"),
                );
                seen += 1;
            }
            if path == "/api/auth/logout" && signed_in {
                app.sign_in().await;
            }
        }
    }
    println!("{seen} answers of {} doors have all headers", doors.len());
}

#[tokio::test]
async fn every_page_and_every_kind_of_failure_has_them() {
    let engine = FakeEngine::start().await;
    engine.run(FakeContainer::named("web").at("shop", "prod"));
    let app = TestApp::ready(&engine.url()).await;
    let id = app.workload("shop", "prod").await["id"].clone();
    let page = format!("/apps/{}", id.as_str().unwrap_or_default());
    let (client, get, post) = (client(), Method::GET, Method::POST);
    let long = "x".repeat(2 << 20);
    for (status, method, path, body) in [
        (200, &get, "/", ""),
        (200, &get, "/apps", ""),
        (200, &get, page.as_str(), ""),
        (200, &get, "/login", ""),
        (404, &get, "/no/such/page", ""),
        (404, &get, "/pkg/no-such-file.js", ""),
        (200, &get, "/healthz", ""),
        (200, &get, "/readyz", ""),
        (404, &get, "/api/nope", ""),
        (404, &post, "/fn/nope", ""),
        (405, &post, "/healthz", ""),
        (400, &post, "/api/auth/login", "{"),
        (413, &post, "/api/auth/login", long.as_str()),
        (413, &post, "/fn/auth/login", long.as_str()),
        (422, &get, "/api/stats/history?window=1h", ""),
    ] {
        let request = app.request(method.clone(), path);
        let request = match body {
            "" => request,
            body => request
                .header("content-type", "application/json")
                .body(body.to_owned()),
        };
        let response = send(&client, request).await;
        assert_eq!(response.status().as_u16(), status, "{method} {path}");
        is_careful(&response, &format!("{method} {path}"));
    }
    let elsewhere = app.request(post.clone(), "/api/projects").json(&json!({}));
    let elsewhere = send(&client, elsewhere.header("sec-fetch-site", "cross-site")).await;
    assert_eq!(elsewhere.status().as_u16(), 403);
    is_careful(&elsewhere, "a write from another site");
    let stream = send(&client, app.request(get.clone(), "/api/stream")).await;
    is_careful(&stream, "the stream");
    app.forget_token();
    for (status, method, path) in [
        (303, &get, "/"),
        (303, &get, "/apps"),
        (401, &get, "/api/settings"),
        (401, &get, "/api/stream"),
        (401, &post, "/fn/projects/create"),
    ] {
        let response = send(&client, app.request(method.clone(), path)).await;
        assert_eq!(response.status().as_u16(), status, "{method} {path}");
        is_careful(&response, &format!("{method} {path} of nobody"));
    }
}

/// What comes back for these bytes, whatever they are.
async fn reply_to(app: &TestApp, bytes: &[u8]) -> String {
    let host = app.address.trim_start_matches("http://");
    let mut stream = TcpStream::connect(host).await.expect("a connection");
    // One that is refused early closes while the rest of it is on its way.
    drop(stream.write_all(bytes).await);
    let mut answer = Vec::new();
    drop(stream.read_to_end(&mut answer).await);
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn what_is_no_request_is_refused_with_them_too() {
    let engine = FakeEngine::start().await;
    let app = TestApp::ready(&engine.url()).await;
    let long = format!(
        "GET / HTTP/1.1\r\nhost: x\r\nx: {}\r\n\r\n",
        "x".repeat(40_000)
    );
    let many = format!("GET / HTTP/1.1\r\n{}\r\n", "x: y\r\n".repeat(101));
    for (status, bytes) in [
        ("400", "GET / HTTP/1.1\r\nno header\r\n\r\n"),
        ("400", "nonsense\r\n\r\n"),
        ("431", long.as_str()),
        ("431", many.as_str()),
    ] {
        let answer = reply_to(&app, bytes.as_bytes()).await;
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&*answer, "?"));
        assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
        assert_eq!(body, "", "{answer}");
        let lines: Vec<_> = head.lines().collect();
        for (name, value) in FIXED {
            let line = format!("{name}: {value}");
            let times = lines.iter().filter(|one| **one == line).count();
            assert_eq!(times, 1, "{line} in {answer}");
        }
        assert!(
            head.contains("content-security-policy: default-src 'none'"),
            "{answer}"
        );
        assert!(head.contains("permissions-policy: "), "{answer}");
        assert!(head.contains("cache-control: no-store"), "{answer}");
    }
}

#[tokio::test]
async fn every_file_has_them_and_may_load_only_what_it_needs() {
    let site = tempfile::tempdir().expect("a temporary directory can be made");
    let public = Path::new(env!("CARGO_MANIFEST_DIR")).join("public");
    let files = [
        "favicon.svg",
        "manifest.webmanifest",
        "offline.html",
        "sw.js",
    ];
    for file in files {
        std::fs::copy(public.join(file), site.path().join(file)).expect("a file of the site");
    }
    std::fs::create_dir(site.path().join("pkg")).expect("a folder of the site");
    std::fs::write(site.path().join("pkg/a.js"), "0").expect("a file of the site");
    let engine = FakeEngine::start().await;
    let app = TestApp::start_with(
        &engine.url(),
        ("LEPTOS_SITE_ROOT", &site.path().to_string_lossy()),
    )
    .await;
    let client = client();
    for file in files.into_iter().chain(["pkg/a.js"]) {
        let path = format!("/{file}");
        let response = send(&client, app.request(Method::GET, &path)).await;
        assert_eq!(response.status().as_u16(), 200, "{path}");
        let policy = header(&response, "content-security-policy").to_owned();
        // The page for when we are away is a file, and has no scripts to give a nonce to.
        if file == "offline.html" {
            assert!(
                policy.contains("style-src 'self'; img-src 'self'"),
                "{policy}"
            );
            assert!(!policy.contains("script-src"), "{policy}");
        } else {
            is_careful(&response, &path);
        }
        assert_eq!(
            policy.contains("connect-src"),
            file == "sw.js",
            "{path}: {policy}"
        );
        let since = header(&response, "last-modified").to_owned();
        let again = app
            .request(Method::GET, &path)
            .header("if-modified-since", since);
        let again = send(&client, again).await;
        assert_eq!(again.status().as_u16(), 304, "{path}");
        assert_eq!(header(&again, "content-security-policy"), policy, "{path}");
    }
}

#[tokio::test]
async fn a_page_has_a_nonce_of_its_own_on_every_script_and_nothing_else_inline() {
    let engine = FakeEngine::start().await;
    engine.run(FakeContainer::named("web").at("shop", "prod"));
    let app = TestApp::ready(&engine.url()).await;
    let id = app.workload("shop", "prod").await["id"].clone();
    let page = format!("/apps/{}", id.as_str().unwrap_or_default());
    let mut nonces = std::collections::BTreeSet::new();
    let pages = ["/", "/apps", page.as_str(), "/login", "/no/such/page"];
    for path in pages {
        let response = send(&client(), app.request(Method::GET, path)).await;
        let policy = header(&response, "content-security-policy").to_owned();
        let nonce = policy
            .split("'nonce-")
            .nth(1)
            .and_then(|rest| rest.split('\'').next());
        let nonce = nonce.unwrap_or_else(|| panic!("no nonce for {path}: {policy}"));
        assert!(nonce.len() >= 22, "128 bits are {nonce}");
        let html = response.text().await.expect("the page");
        let mut scripts = 0;
        for script in html.split("<script").skip(1) {
            let (tag, rest) = script.split_once('>').expect("a tag ends");
            let is_empty = rest.starts_with("</script>") && tag.is_empty();
            assert!(
                is_empty || tag.contains(&format!("nonce=\"{nonce}\"")),
                "{path}: <script{tag}>"
            );
            scripts += usize::from(!is_empty);
        }
        assert!(scripts > 1, "{path} has {scripts} scripts");
        for word in [
            " style=\"",
            "<style",
            " onclick=",
            " onload=",
            " onerror=",
            "javascript:",
        ] {
            assert!(!html.contains(word), "{path} has {word}");
        }
        nonces.insert(nonce.to_owned());
    }
    assert_eq!(nonces.len(), pages.len(), "a nonce was used twice");
}

#[tokio::test]
async fn https_is_promised_only_under_the_name_that_people_reach_us_by_over_it() {
    let engine = FakeEngine::start().await;
    let app = TestApp::ready(&engine.url()).await;
    let address = json!({ "public_url": "https://watch.example.org" });
    app.patch("/api/settings", &address).await.data();
    for (host, promised) in [
        ("watch.example.org", true),
        ("other.example.org", false),
        ("127.0.0.1", false),
    ] {
        for path in ["/healthz", "/login", "/api/nope"] {
            let request = app.request(Method::GET, path).header("host", host);
            let response = send(&client(), request).await;
            let promise = header(&response, "strict-transport-security");
            assert_eq!(
                promise.starts_with("max-age="),
                promised,
                "{host}{path}: {promise}"
            );
        }
    }
}
