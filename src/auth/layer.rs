//! The two layers around everything: who sent this request, and may it pass at all?
//!
//! Nothing passes but whom the tables of paths let pass.

use std::net::SocketAddr;

use axum::Json;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{CACHE_CONTROL, LOCATION};
use axum::http::{Extensions, HeaderValue, Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use leptos::prelude::provide_context;

use super::access::{Access, Tables};
use super::credential::{Caller, presented};
use super::gate::Gate;
use super::guard::Visitor;
use super::sessions::streams::Streams;
use super::visit::TrustedProxies;
use crate::error::{AppError, Code};
use crate::server::db::Db;
use crate::server::envelope::refuse;
use crate::settings;
use crate::ui::not_allowed::Refused;
use crate::ui::preference::UsualLanguage;

/// What goes on for as long as somebody reads it, and ends with the leave to.
const STREAMS: [&str; 2] = ["/api/stream", "/api/events/export"];

/// What recognising a sender needs.
#[derive(Clone)]
pub struct Doorman {
    pub db: Db,
    pub gate: Gate,
    pub streams: Streams,
    pub proxies: TrustedProxies,
    pub tables: Tables,
}

/// Puts who sent the request into its extensions: a [`Visitor`], a [`Caller`] and, for whoever came in,
/// the ticket that a stream needs.
pub async fn identify(
    State(doorman): State<Doorman>,
    mut request: Request,
    next: Next,
) -> Response {
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map(|peer| peer.0.ip());
    // A database that does not answer is said below, where it matters.
    let settings = settings::store::read(doorman.db.read()).await.ok();
    let (public_url, language) = settings
        .map(|settings| (settings.public_url, settings.language))
        .unwrap_or_default();
    request.extensions_mut().insert(UsualLanguage(language));
    let headers = request.headers();
    let visit = doorman
        .proxies
        .read(peer, request.uri(), headers, public_url.as_deref());
    let token = presented(headers, visit.is_https);
    let found = match &token {
        Some(token) => match doorman.gate.recognise(token).await {
            Ok(found) => found,
            // Whether we live does not depend on the database.
            Err(_) if (doorman.tables.0)(&request) == Some(Access::Everyone) => None,
            Err(error) => return answer(request.uri().path(), error),
        },
        None => None,
    };
    let (user, credential) = found.unzip();
    if let (Some(user), Some(credential)) = (&user, &credential)
        && STREAMS.contains(&request.uri().path())
    {
        let ticket = doorman.streams.admit(&user.id, credential);
        request.extensions_mut().insert(ticket);
    }
    request.extensions_mut().insert(Visitor(user));
    let caller = Caller {
        visit: visit.clone(),
        credential,
    };
    request.extensions_mut().insert(caller);
    let mut response = next.run(request).await;
    // Whoever writes the headers promises HTTPS where the request came by it.
    response.extensions_mut().insert(visit);
    response
}

/// Hands what [`identify`] found to the server functions and pages of this request.
pub fn provide_visitor(extensions: &Extensions) {
    provide_context(extensions.get::<Visitor>().cloned().unwrap_or_default());
    provide_context(extensions.get::<Caller>().cloned().unwrap_or_default());
    provide_context(
        extensions
            .get::<UsualLanguage>()
            .cloned()
            .unwrap_or_default(),
    );
}

/// Lets pass whom the tables let pass; sends people to where they can sign in. Each operation asks the
/// policy once more, so that neither a slip here nor one there opens a door. The refusal of a page is
/// marked as [`Refused`], so that whoever writes pages can say it on one.
pub async fn admit(
    State(gate): State<Gate>,
    State(tables): State<Tables>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path();
    let extensions = request.extensions();
    let (visitor, caller) = (extensions.get::<Visitor>(), extensions.get::<Caller>());
    let checked = match ((tables.0)(&request), visitor.zip(caller)) {
        (Some(access), Some((visitor, caller))) => access.check(visitor, caller),
        (Some(_), None) => Err(AppError::internal("a request came that nobody identified")),
        (None, _) => Err(AppError::internal(format!("no table says who may {path}"))),
    };
    let error = match checked {
        Ok(()) => return next.run(request).await,
        Err(error) => error,
    };
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let is_page = reads && !is_below(path, "/api") && !is_below(path, "/fn");
    if !is_page || error.code != Code::NotSignedIn {
        let is_refused_page = is_page && error.code == Code::Forbidden;
        let mut response = answer(path, error);
        if is_refused_page {
            response.extensions_mut().insert(Refused);
        }
        return response;
    }
    match gate.setup_required().await {
        Ok(true) => see("/setup"),
        Ok(false) => see(&sign_in_page(request.uri())),
        Err(error) => refuse(error),
    }
}

fn is_below(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Our browser half reads the error of a server function as it is; everybody else gets the envelope.
fn answer(path: &str, error: AppError) -> Response {
    if !is_below(path, "/fn") {
        return refuse(error);
    }
    let status = StatusCode::from_u16(error.code.status());
    let no_store = [(CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    (
        status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
        no_store,
        Json(error),
    )
        .into_response()
}

fn see(page: &str) -> Response {
    let location = HeaderValue::from_str(page).unwrap_or(HeaderValue::from_static("/login"));
    let headers = [
        (LOCATION, location),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (StatusCode::SEE_OTHER, headers).into_response()
}

/// The sign-in page, which leads back to what was asked for.
fn sign_in_page(asked: &Uri) -> String {
    let goal = asked.path_and_query().map_or("/", |goal| goal.as_str());
    if goal == "/" || goal.starts_with("//") || !goal.starts_with('/') {
        return "/login".into();
    }
    let mut page = String::from("/login?next=");
    for byte in goal.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            page.push(char::from(byte));
        } else {
            page.push_str(&format!("%{byte:02X}"));
        }
    }
    page
}

#[cfg(test)]
#[path = "layer_tests.rs"]
mod tests;
