//! What a sign-in or a sign-out adds to the response: the cookie, and where the browser goes next.

use axum::http::header::{AUTHORIZATION, REFERER, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Uri};
use leptos::prelude::use_context;
use leptos_axum::{ResponseOptions, redirect};

use super::cookie;
use super::credential::{Caller, Credential};
use super::model::SignedIn;
use super::sessions::keeper::LIFETIME;
use crate::error::AppError;
use crate::server::context::part;

/// Hands the session to the browser and sends it to where it wanted to go.
///
/// # Errors
/// `internal` where the response cannot carry a cookie.
pub fn welcome(signed_in: &SignedIn) -> Result<(), AppError> {
    keep(signed_in)?;
    go_to(|headers| wanted(headers).unwrap_or_else(|| "/".into()));
    Ok(())
}

/// The session whose cookie the new one takes the place of; `None` where the request came without one. A
/// program that sends its token in a header keeps it, and with it the session.
pub fn replaced(caller: &Caller) -> Option<&str> {
    let request = use_context::<Parts>()?;
    match &caller.credential {
        Some(Credential::Session(id)) if !request.headers.contains_key(AUTHORIZATION) => Some(id),
        _ => None,
    }
}

/// Hands the session to the browser, which stays where it is.
///
/// # Errors
/// `internal` where the response cannot carry a cookie.
pub fn keep(signed_in: &SignedIn) -> Result<(), AppError> {
    let is_https = part::<Caller>()?.visit.is_https;
    set_cookie(&cookie::giving(&signed_in.token, LIFETIME, is_https))
}

/// Takes the session from the browser and sends it on: to `way_out`, else to the sign-in page.
///
/// # Errors
/// `internal` where the response cannot carry a cookie.
pub fn farewell(way_out: Option<&str>) -> Result<(), AppError> {
    let is_https = part::<Caller>()?.visit.is_https;
    set_cookie(&cookie::taking(is_https))?;
    go_to(|_| way_out.unwrap_or("/login").into());
    Ok(())
}

fn set_cookie(value: &str) -> Result<(), AppError> {
    let value = HeaderValue::from_str(value).map_err(AppError::internal)?;
    part::<ResponseOptions>()?.append_header(SET_COOKIE, value);
    Ok(())
}

/// Only for a page's own form, with scripts or without: a client of the API wants the answer.
fn go_to(path: impl FnOnce(&HeaderMap) -> String) {
    if let Some(request) = use_context::<Parts>()
        && request.uri.path().starts_with("/fn/")
    {
        redirect(&path(&request.headers));
    }
}

/// The `next=` of the page that holds the form; the browser says which page that is.
pub fn wanted(headers: &HeaderMap) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Query {
        next: String,
    }
    let page: Uri = headers.get(REFERER)?.to_str().ok()?.parse().ok()?;
    let query = axum::extract::Query::<Query>::try_from_uri(&page).ok()?;
    is_on_this_site(&query.next).then_some(query.0.next)
}

/// One slash, then no second one in any spelling: `//host` and `/\host` are other sites.
pub fn is_on_this_site(path: &str) -> bool {
    let second = path.as_bytes().get(1);
    path.starts_with('/')
        && !matches!(second, Some(b'/' | b'\\'))
        && path.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::Body;
    use axum::extract::{Request, State};
    use axum::http::header::{ACCEPT, CONTENT_TYPE, COOKIE, HOST, LOCATION};
    use axum::middleware::from_fn_with_state;
    use axum::response::Response;
    use axum::routing::post;
    use leptos::prelude::provide_context;
    use leptos_axum::handle_server_fns_with_context;
    use tower::ServiceExt;

    use super::*;
    use crate::auth::access::tests::Watched;
    use crate::auth::gate::Gate;
    use crate::auth::gate::tests::{gate_for_tests, sign_on_for_tests};
    use crate::auth::layer::{admit, identify, provide_visitor};
    use crate::auth::sign_on::keeper::SignOn;
    use crate::secrets::key::{Key, Ring};
    use crate::secrets::vault::Vault;
    use crate::server::clock::Clock;
    use crate::server::db::Db;

    async fn run(State((gate, sign_on)): State<(Gate, SignOn)>, request: Request) -> Response {
        let extensions = request.extensions().clone();
        let context = move || {
            provide_context(gate.clone());
            provide_context(sign_on.clone());
            provide_visitor(&extensions);
        };
        axum::response::IntoResponse::into_response(
            handle_server_fns_with_context(context, request).await,
        )
    }

    struct House {
        dir: tempfile::TempDir,
        db: Db,
        router: Router,
    }

    impl House {
        async fn fresh() -> Self {
            let dir = tempfile::tempdir().unwrap();
            let db = Db::open(&dir.path().join("test.db")).await.unwrap();
            let file = dir.path().join("setup-token");
            let gate = gate_for_tests(&db, &Clock::system(), &file).await;
            let watched = Watched::new(db.clone(), gate.clone());
            let sign_on = sign_on_for_tests(&db, &Clock::system(), &gate);
            let router = Router::new()
                .route("/fn/{*name}", post(run))
                .layer(from_fn_with_state(watched.clone(), admit))
                .layer(from_fn_with_state(watched, identify))
                .with_state((gate, sign_on));
            Self { dir, db, router }
        }

        /// What a browser sends for a form of the page `page`, with or without scripts.
        async fn submit(&self, path: &str, form: &str, accept: &str, cookie: &str) -> Response {
            let request = Request::post(path)
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .header(REFERER, "http://127.0.0.1:3000/login?next=/apps/x")
                .header(ACCEPT, accept)
                .header(COOKIE, cookie)
                .header(HOST, "watch.example.org")
                .body(Body::from(form.to_owned()))
                .unwrap();
            self.router.clone().oneshot(request).await.unwrap()
        }

        async fn set_up(&self) {
            let token = std::fs::read_to_string(self.dir.path().join("setup-token")).unwrap();
            let form = format!(
                "username=+ann+&password=long+enough&setup_token={}",
                token.trim()
            );
            let response = self.submit("/fn/auth/setup", &form, "text/html", "").await;
            assert_eq!(response.status(), 302);
            assert!(header(&response, SET_COOKIE).starts_with("docker_watcher_session=eyJ"));
        }
    }

    fn header(response: &Response, name: axum::http::HeaderName) -> &str {
        response
            .headers()
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    #[tokio::test]
    async fn a_plain_form_signs_in_and_out_without_scripts() {
        let house = House::fresh().await;
        house.set_up().await;
        let form = "username=ann&password=long+enough";
        let response = house.submit("/fn/auth/login", form, "text/html", "").await;
        assert_eq!(response.status(), 302);
        assert_eq!(header(&response, LOCATION), "/apps/x");
        let cookie = header(&response, SET_COOKIE)
            .split(';')
            .next()
            .unwrap()
            .to_owned();

        let response = house
            .submit("/fn/auth/logout", "", "text/html", &cookie)
            .await;
        assert_eq!(
            (response.status().as_u16(), header(&response, LOCATION)),
            (302, "/login")
        );
        assert!(header(&response, SET_COOKIE).starts_with("docker_watcher_session=; "));
        let response = house
            .submit("/fn/auth/logout", "", "text/html", &cookie)
            .await;
        assert_eq!(response.status(), 401);
    }

    #[tokio::test]
    async fn a_wrong_password_leads_back_to_the_form_with_the_reason_and_without_a_cookie() {
        let house = House::fresh().await;
        house.set_up().await;
        let form = "username=ann&password=wrong";
        let response = house.submit("/fn/auth/login", form, "text/html", "").await;
        assert_eq!(response.status(), 302);
        let location = header(&response, LOCATION);
        assert!(
            location.starts_with("http://127.0.0.1:3000/login?next=/apps/x&"),
            "{location}"
        );
        assert!(location.contains("__err="), "{location}");
        assert_eq!(header(&response, SET_COOKIE), "");
    }

    #[tokio::test]
    async fn a_script_gets_the_answer_and_a_secure_cookie_where_people_come_over_https() {
        let house = House::fresh().await;
        house.set_up().await;
        let patch = serde_json::json!({ "public_url": "https://watch.example.org" });
        let patch = serde_json::from_value(patch).unwrap();
        let vault = Vault::new(&Ring::of(Key::random()), None);
        crate::settings::change::change(&house.db, &vault, patch)
            .await
            .unwrap();
        let form = "username=ann&password=long+enough";
        let response = house
            .submit("/fn/auth/login", form, "application/json", "")
            .await;
        assert_eq!(
            (response.status().as_u16(), header(&response, LOCATION)),
            (200, "/apps/x")
        );
        let cookie = header(&response, SET_COOKIE);
        assert!(cookie.starts_with("__Host-docker_watcher_session=eyJ"));
        assert!(cookie.ends_with("; HttpOnly; SameSite=Lax; Secure"));
    }

    #[test]
    fn a_browser_goes_where_it_wanted_but_never_to_another_site() {
        for (page, goal) in [
            (
                "http://127.0.0.1:3000/login?next=/apps/x%3Fwindow%3D2h",
                Some("/apps/x?window=2h"),
            ),
            ("http://127.0.0.1:3000/login?next=%2F", Some("/")),
            ("http://127.0.0.1:3000/login", None),
            ("http://127.0.0.1:3000/login?next=", None),
            ("http://127.0.0.1:3000/login?next=//evil.example", None),
            ("http://127.0.0.1:3000/login?next=/%5Cevil.example", None),
            ("http://127.0.0.1:3000/login?next=/%09/evil.example", None),
            (
                "http://127.0.0.1:3000/login?next=https://evil.example",
                None,
            ),
            ("http://127.0.0.1:3000/login?next=/%0d%0aSet-Cookie:x", None),
            ("not a page", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(REFERER, page.parse().unwrap());
            assert_eq!(wanted(&headers).as_deref(), goal, "{page}");
        }
    }
}
