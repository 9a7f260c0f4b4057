//! A provider: discovery, keys, authorisation, tokens and user info, with something wrong where a test
//! wants it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::Body;
use axum::extract::{Form, Query, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::signing::{Key, Signing};

pub const CLIENT_ID: &str = "docker-watcher";
pub const CLIENT_SECRET: &str = "correct-client-secret+/=&%";

type Fields = HashMap<String, String>;

/// What goes wrong before any token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    Hang,
    /// Discovery leads to another address.
    Redirect,
    /// A hundred megabytes.
    Huge,
    Garbage,
    /// It says it is somebody else.
    OtherIssuer,
    /// The tokens are said to be on another machine, by plain HTTP.
    ForeignEndpoint,
    NoTokens,
}

pub struct Inside {
    /// What the provider says of whoever signs in.
    pub person: Map<String, Value>,
    /// Whether it says more than the subject only when it is asked for user info.
    pub in_user_info: bool,
    /// Whose info that is, where it is not the person's.
    pub other_in_user_info: Option<String>,
    pub key: Key,
    pub published: Vec<Key>,
    pub signing: Signing,
    pub fault: Option<Fault>,
    /// Laid over the claims of the ID token; null takes one away.
    pub wrong: Map<String, Value>,
    /// What it says instead of a code.
    pub refusal: Option<&'static str>,
    /// What it says it is when it sends the browser back.
    pub other_iss: Option<String>,
    pub has_end: bool,
    /// Paths in the order in which they were asked for.
    pub asked: Vec<String>,
    codes: HashMap<String, Fields>,
}

#[derive(Clone)]
struct Shared {
    issuer: Arc<str>,
    inside: Arc<Mutex<Inside>>,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The handle that a test turns. Dropping it ends the provider.
pub struct FakeProvider {
    shared: Shared,
    task: JoinHandle<()>,
}

impl Drop for FakeProvider {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl FakeProvider {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await;
        let listener = listener.expect("a port can be had");
        let address = listener.local_addr().expect("it has an address");
        let key = Key::new("first");
        let person = json!({"sub": "248289761001", "preferred_username": "jane"});
        let shared = Shared {
            issuer: format!("http://{address}").into(),
            inside: Arc::new(Mutex::new(Inside {
                person: person.as_object().cloned().unwrap_or_default(),
                in_user_info: false,
                other_in_user_info: None,
                published: vec![key.clone()],
                key,
                signing: Signing::Right,
                fault: None,
                wrong: Map::new(),
                refusal: None,
                other_iss: None,
                has_end: true,
                asked: Vec::new(),
                codes: HashMap::new(),
            })),
        };
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/elsewhere", get(document))
            .route("/keys", get(keys))
            .route("/authorize", get(authorize))
            .route("/token", post(token))
            .route("/userinfo", get(user_info))
            .with_state(shared.clone());
        let task = tokio::spawn(async move {
            drop(axum::serve(listener, router).await);
        });
        Self { shared, task }
    }

    pub fn issuer(&self) -> String {
        self.shared.issuer.to_string()
    }

    pub fn lock(&self) -> MutexGuard<'_, Inside> {
        self.shared.lock()
    }

    /// Says this of whoever signs in, beside what it said so far.
    pub fn say(&self, name: &str, value: Value) {
        self.lock().person.insert(name.into(), value);
    }

    /// The settings that lead to it.
    pub fn settings(&self) -> Value {
        json!({
            "oidc_issuer": self.issuer(), "oidc_client_id": CLIENT_ID,
            "oidc_client_secret": CLIENT_SECRET, "oidc_name": "Home",
        })
    }

    /// How often a path was asked for.
    pub fn count(&self, path: &str) -> usize {
        self.lock().asked.iter().filter(|one| *one == path).count()
    }
}

fn now() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    now.map_or(0, |now| now.as_secs())
}

async fn discovery(State(shared): State<Shared>) -> Response {
    let fault = {
        let mut inside = shared.lock();
        inside.asked.push("discovery".into());
        inside.fault
    };
    match fault {
        Some(Fault::Hang) => std::future::pending().await,
        Some(Fault::Redirect) => {
            let place = format!("{}/elsewhere", shared.issuer);
            (StatusCode::FOUND, [(LOCATION, place)]).into_response()
        }
        Some(Fault::Huge) => {
            let chunk = bytes::Bytes::from(vec![b' '; 1024 * 1024]);
            let chunks = std::iter::repeat_n(Ok::<_, std::convert::Infallible>(chunk), 100);
            let body = Body::from_stream(futures::stream::iter(chunks));
            ([(CONTENT_TYPE, "application/json")], body).into_response()
        }
        Some(Fault::Garbage) => "<html>welcome</html>".into_response(),
        _ => document(State(shared)).await.into_response(),
    }
}

async fn document(State(shared): State<Shared>) -> axum::Json<Value> {
    let issuer = &shared.issuer;
    let inside = shared.lock();
    let mut document = json!({
        "issuer": issuer.as_ref(),
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "userinfo_endpoint": format!("{issuer}/userinfo"),
        "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["EdDSA", "RS256", "HS256", "none"],
        "scopes_supported": ["openid", "profile", "email", "groups"],
    });
    if inside.has_end {
        document["end_session_endpoint"] = json!(format!("{issuer}/end?a=b"));
    }
    match inside.fault {
        Some(Fault::OtherIssuer) => document["issuer"] = json!("https://evil.example.org"),
        Some(Fault::ForeignEndpoint) => {
            document["token_endpoint"] = json!("http://evil.example.org/token");
        }
        _ => {}
    }
    axum::Json(document)
}

async fn keys(State(shared): State<Shared>) -> axum::Json<Value> {
    let mut inside = shared.lock();
    inside.asked.push("keys".into());
    let keys: Vec<_> = inside.published.iter().map(Key::public).collect();
    axum::Json(json!({ "keys": keys }))
}

/// Nobody is asked: whoever comes is the person.
async fn authorize(State(shared): State<Shared>, Query(asked): Query<Fields>) -> Response {
    let mut inside = shared.lock();
    inside.asked.push("authorize".into());
    let mut answer = vec![("state", asked.get("state").cloned().unwrap_or_default())];
    if let Some(refusal) = inside.refusal {
        answer.push(("error", refusal.to_owned()));
        answer.push(("error_description", "<script>alert(1)</script>".to_owned()));
    } else {
        let code = URL_SAFE_NO_PAD.encode(rand::random::<[u8; 16]>());
        inside.codes.insert(code.clone(), asked.clone());
        answer.push(("code", code));
    }
    let iss = inside.other_iss.clone();
    answer.push(("iss", iss.unwrap_or_else(|| shared.issuer.to_string())));
    let back = asked.get("redirect_uri").cloned().unwrap_or_default();
    let query = serde_urlencoded::to_string(answer).unwrap_or_default();
    (StatusCode::FOUND, [(LOCATION, format!("{back}?{query}"))]).into_response()
}

fn refuse(error: &str) -> Response {
    (
        StatusCode::BAD_REQUEST,
        axum::Json(json!({ "error": error })),
    )
        .into_response()
}

async fn token(
    State(shared): State<Shared>,
    headers: HeaderMap,
    Form(form): Form<Fields>,
) -> Response {
    let field = |name: &str| form.get(name).cloned().unwrap_or_default();
    let mut inside = shared.lock();
    inside.asked.push("token".into());
    let sent = headers.get(AUTHORIZATION).and_then(|one| one.to_str().ok());
    let encoded = serde_urlencoded::to_string([(CLIENT_ID, CLIENT_SECRET)]).unwrap_or_default();
    let expected = format!("Basic {}", STANDARD.encode(encoded.replace('=', ":")));
    if sent != Some(expected.as_str()) {
        return refuse("invalid_client");
    }
    if inside.fault == Some(Fault::NoTokens) {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let Some(asked) = inside.codes.remove(&field("code")) else {
        return refuse("invalid_grant");
    };
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(field("code_verifier")));
    if asked["code_challenge_method"] != "S256"
        || asked["code_challenge"] != challenge
        || asked["redirect_uri"] != field("redirect_uri")
        || !asked["scope"].split(' ').any(|scope| scope == "openid")
    {
        return refuse("invalid_grant");
    }
    let access_token = "an-access-token";
    let mut claims = if inside.in_user_info {
        let subject = inside.person["sub"].clone();
        Map::from_iter([("sub".to_owned(), subject)])
    } else {
        inside.person.clone()
    };
    for (name, value) in [
        ("iss", json!(shared.issuer.as_ref())),
        ("aud", json!(CLIENT_ID)),
        ("exp", json!(now() + 300)),
        ("iat", json!(now())),
        ("nonce", json!(asked["nonce"])),
        ("at_hash", json!(inside.key.half_hash(access_token))),
    ] {
        claims.insert(name.into(), value);
    }
    for (name, value) in inside.wrong.clone() {
        match value {
            Value::Null => drop(claims.remove(&name)),
            other => drop(claims.insert(name, other)),
        }
    }
    axum::Json(json!({
        "access_token": access_token, "token_type": "Bearer", "expires_in": 300,
        "id_token": inside.signing.sign(&inside.key, &Value::Object(claims)),
    }))
    .into_response()
}

async fn user_info(State(shared): State<Shared>, headers: HeaderMap) -> Response {
    let mut inside = shared.lock();
    inside.asked.push("userinfo".into());
    let sent = headers.get(AUTHORIZATION).and_then(|one| one.to_str().ok());
    if sent != Some("Bearer an-access-token") {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let mut said = inside.person.clone();
    if let Some(other) = &inside.other_in_user_info {
        said.insert("sub".into(), json!(other));
    }
    axum::Json(said).into_response()
}
