//! The program as a whole where one of its handlers panics.

use std::io::{self, Write};
use std::panic;
use std::sync::{Arc, Mutex};
use std::thread;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use axum::routing::get;
use clap::Parser;
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;
use tracing::subscriber::set_default;

use super::*;
use crate::server::config::Cli;
use crate::server::{layers, panics};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

async fn fail() -> &'static str {
    panic!("of a secret cause");
}

/// What the handler at `path` answers behind all layers.
async fn ask(state: &AppState, path: &str) -> Response {
    let router = Router::new().route(path, get(fail));
    let router = layers::wrap(router, state).with_state(state.clone());
    let request = Request::get(path).header("accept", "text/html");
    let request = request.body(Body::empty()).unwrap();
    router.oneshot(request).await.unwrap()
}

#[tokio::test]
async fn a_panic_is_answered_in_the_envelope_with_all_headers_and_logged_once() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().to_str().unwrap();
    let arguments = [
        "docker-watcher",
        "--listen",
        "127.0.0.1:0",
        "--data-dir",
        folder,
        "--docker-host",
        "unix:///nowhere/docker.sock",
    ];
    let options = Cli::try_parse_from(arguments).unwrap().options;
    let state = Application::build(&options).await.unwrap().state;

    let log = Log::default();
    let out = log.clone();
    let subscriber = tracing_subscriber::fmt().with_writer(move || out.clone());
    let listening = set_default(subscriber.finish());
    // What panics in another thread is another test's, and said as ever.
    let (others, here) = (panic::take_hook(), thread::current().id());
    panic::set_hook(Box::new(move |panic| {
        if thread::current().id() == here {
            panics::log(panic);
        } else {
            others(panic);
        }
    }));
    let (api, page) = (ask(&state, "/healthz").await, ask(&state, "/login").await);
    drop(panic::take_hook());
    drop(listening);

    for response in [api, page] {
        assert_eq!(response.status().as_u16(), 500);
        for (name, value) in [
            ("content-type", "application/json"),
            ("cache-control", "no-store"),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(response.headers()[name], value, "{name}");
        }
        let policy = response.headers()["content-security-policy"].to_str();
        assert!(policy.unwrap().starts_with("default-src 'none'"));
        assert!(response.headers().contains_key("permissions-policy"));
        let body = response.into_body().collect().await.unwrap().to_bytes();
        let body: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(
            (&body["success"], &body["error"]["code"]),
            (&false.into(), &"internal".into())
        );
        assert!(!body.to_string().contains("secret"), "{body}");
    }
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert_eq!(log.matches("ERROR").count(), 2, "{log}");
    assert_eq!(log.matches("of a secret cause").count(), 2, "{log}");
}
