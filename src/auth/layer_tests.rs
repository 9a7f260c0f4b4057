//! Who passes the layers, and where those go who do not.

use axum::body::Body;
use axum::middleware::from_fn_with_state;
use axum::routing::any;
use axum::{Extension, Router};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::*;
use crate::auth::access::tests::Watched;
use crate::auth::cross_site::refuse_cross_site;
use crate::auth::gate::tests::gate_for_tests;
use crate::auth::model::{Role, User};
use crate::auth::visit::Visit;
use crate::server::clock::Clock;

struct House {
    dir: tempfile::TempDir,
    gate: Gate,
    state: Watched,
    router: Router,
}

impl House {
    async fn fresh() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let db = Db::open(&dir.path().join("test.db")).await.unwrap();
        let file = dir.path().join("setup-token");
        let gate = gate_for_tests(&db, &Clock::system(), &file).await;
        let watched = Watched::new(db, gate.clone());
        let router = Router::new()
            .fallback(any(|| async { "inside" }))
            .layer(from_fn_with_state(watched.clone(), admit))
            .layer(from_fn_with_state(watched.clone(), identify))
            .layer(refuse_cross_site());
        Self {
            dir,
            gate,
            state: watched,
            router,
        }
    }

    async fn set_up(&self) -> String {
        let token = std::fs::read_to_string(self.dir.path().join("setup-token")).unwrap();
        self.gate
            .set_up("ann", "long enough", &token, &Visit::default())
            .await
            .unwrap()
            .token
    }

    async fn send(&self, line: &str, headers: &[(&str, &str)]) -> Response {
        let (method, path) = line.split_once(' ').unwrap();
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::empty()).unwrap();
        self.router.clone().oneshot(request).await.unwrap()
    }

    /// The status that somebody of this role is answered with.
    async fn send_as(&self, role: Role, line: &str) -> StatusCode {
        let (id, username) = ("1".to_owned(), "ann".to_owned());
        let router = Router::new()
            .fallback(any(|| async { "inside" }))
            .layer(from_fn_with_state(self.state.clone(), admit))
            .layer(Extension(Visitor(Some(User { id, username, role }))))
            .layer(Extension(Caller::default()));
        let (method, path) = line.split_once(' ').unwrap();
        let request = Request::builder().method(method).uri(path);
        let request = request.body(Body::empty()).unwrap();
        router.oneshot(request).await.unwrap().status()
    }

    async fn location(&self, line: &str) -> String {
        let response = self.send(line, &[]).await;
        assert_eq!(response.status(), 303, "{line}");
        response.headers()[LOCATION].to_str().unwrap().to_owned()
    }
}

async fn body(response: Response) -> Value {
    serde_json::from_slice(&response.into_body().collect().await.unwrap().to_bytes()).unwrap()
}

#[tokio::test]
async fn nobody_passes_but_to_what_is_open_to_everyone() {
    let house = House::fresh().await;
    for line in [
        "GET /healthz",
        "POST /api/auth/login",
        "POST /fn/auth/login",
        "GET /login?next=/",
    ] {
        assert_eq!(house.send(line, &[]).await.status(), 200, "{line}");
    }
    for line in [
        "GET /api",
        "GET /api/",
        "GET /api/settings",
        "GET /api/auth/logins",
        "GET /api/auth/state/",
        "GET /api/AUTH/login",
        "GET /api/nothing",
        "GET /api/users",
        "POST /fn/auth/logout",
        "POST /",
        "DELETE /apps/x",
    ] {
        let response = house.send(line, &[]).await;
        assert_eq!(response.status(), 401, "{line}");
    }
}

#[tokio::test]
async fn the_api_gets_the_envelope_and_a_server_function_the_bare_error() {
    let house = House::fresh().await;
    let error = json!({ "code": "not_signed_in", "message": "Sign in first." });
    let response = house
        .send("GET /api/settings", &[("accept", "text/html")])
        .await;
    assert_eq!(
        body(response).await,
        json!({ "success": false, "error": error })
    );
    let response = house.send("POST /fn/settings/read", &[]).await;
    assert_eq!(body(response).await, error);
}

#[tokio::test]
async fn a_page_leads_to_the_setup_first_and_later_to_the_sign_in_and_back() {
    let house = House::fresh().await;
    assert_eq!(house.location("GET /apps/x").await, "/setup");
    house.set_up().await;
    assert_eq!(house.location("GET /").await, "/login");
    assert_eq!(
        house.location("GET /apps/x?window=2h&a=%2F").await,
        "/login?next=/apps/x%3Fwindow%3D2h%26a%3D%252F"
    );
    assert_eq!(house.location("GET //evil.example/").await, "/login");
    assert_eq!(house.location("HEAD /pkgs").await, "/login?next=/pkgs");
}

#[tokio::test]
async fn a_session_passes_as_a_cookie_and_as_a_bearer_token() {
    let house = House::fresh().await;
    let token = house.set_up().await;
    let cookie = format!("docker_watcher_session={token}");
    let bearer = format!("Bearer {token}");
    for header in [
        ("cookie", cookie.as_str()),
        ("authorization", bearer.as_str()),
    ] {
        assert_eq!(
            house.send("GET /api/settings", &[header]).await.status(),
            200
        );
        assert_eq!(house.send("GET /", &[header]).await.status(), 200);
    }
    let wrong = [
        ("authorization", "Bearer dwt_x"),
        ("cookie", cookie.as_str()),
    ];
    assert_eq!(house.send("GET /api/settings", &wrong).await.status(), 401);
}

#[tokio::test]
async fn a_role_that_is_too_low_is_refused_before_anything_runs() {
    let house = House::fresh().await;
    for line in ["GET /api/users", "POST /fn/users/list", "GET /users"] {
        assert_eq!(house.send_as(Role::Viewer, line).await, 403, "{line}");
        assert_eq!(house.send_as(Role::Admin, line).await, 200, "{line}");
    }
    assert_eq!(house.send_as(Role::Viewer, "GET /api/settings").await, 200);
}

#[tokio::test]
async fn a_path_that_no_table_has_is_shut_for_all() {
    let house = House::fresh().await;
    assert_eq!(house.send_as(Role::Admin, "GET /api/forgotten").await, 500);
}

#[tokio::test]
async fn a_write_from_another_site_is_refused_and_a_script_is_not() {
    let house = House::fresh().await;
    let token = house.set_up().await;
    let cookie = format!("docker_watcher_session={token}");
    let cookie = ("cookie", cookie.as_str());
    let host = ("host", "watch.example.org");
    for site in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://blog.example.org"),
        ("origin", "null"),
    ] {
        let response = house
            .send("PATCH /api/settings", &[host, cookie, site])
            .await;
        assert_eq!(response.status(), 403, "{site:?}");
        assert_eq!(body(response).await["error"]["code"], "forbidden");
    }
    let bearer = format!("Bearer {token}");
    for headers in [
        vec![host, ("authorization", bearer.as_str())],
        vec![host, cookie, ("origin", "https://watch.example.org")],
        vec![
            host,
            cookie,
            ("sec-fetch-site", "same-origin"),
            ("origin", "http://inner:3000"),
        ],
    ] {
        assert_eq!(
            house.send("PATCH /api/settings", &headers).await.status(),
            200
        );
    }
}
