//! Where browsers leave for the provider and come back from it. Every answer is a redirect on our own
//! site or to the provider; whatever fails leads to the sign-in page, with a reason from a closed list.

use axum::extract::{Extension, RawQuery, State};
use axum::http::header::{LOCATION, REFRESH, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::{Html, IntoResponse, Response};

use super::browser;
use super::keeper::{Brought, Failure, SignOn};
use super::model::Trouble;
use super::provider::END;
use super::reach::reached_at;
use crate::auth::cookie;
use crate::auth::credential::Caller;
use crate::auth::reply::{is_on_this_site, wanted};
use crate::auth::sessions::keeper::LIFETIME;
use crate::auth::told::{sign_on_failed, signed_in_as};
use crate::events::log::EventLog;
use crate::server::db::Db;

/// The longest way on that is kept.
const NEXT_MOST: usize = 2048;

/// Where somebody wants to go afterwards.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
struct Wish {
    next: Option<String>,
}

/// `GET /api/auth/oidc/start?next=`: to the provider.
pub async fn start(
    State((sign_on, db)): State<(SignOn, Db)>,
    Extension(caller): Extension<Caller>,
    RawQuery(query): RawQuery,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let wish: Wish = read(query);
    let next = wish.next.filter(|next| is_on_this_site(next));
    let next = next.or_else(|| wanted(&headers));
    let next = next.filter(|next| next.len() <= NEXT_MOST);
    let is_https = caller.visit.is_https;
    let begun = match reached_at(&db, &headers, &uri, is_https).await {
        Some(base) => {
            let known = browser::know(&headers, is_https);
            let goal = next.clone().unwrap_or_else(|| "/".into());
            let address = caller.visit.address;
            let begun = sign_on.begin(&base, goal, &known, address).await;
            begun.map(|url| (url, known))
        }
        None => Err(Trouble::Failed),
    };
    match begun {
        Ok((url, known)) => go(url.as_str(), &[browser::giving(&known, is_https)]),
        Err(trouble) => sign_in_page(&Failure { trouble, next }),
    }
}

/// `GET /api/auth/oidc/callback`: from the provider.
pub async fn callback(
    State((sign_on, _)): State<(SignOn, Db)>,
    State(log): State<EventLog>,
    Extension(caller): Extension<Caller>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let brought: Brought = read(query);
    let is_https = caller.visit.is_https;
    let known = browser::known(&headers, is_https);
    match sign_on.finish(&brought, known, &caller).await {
        Ok((signed_in, next)) => {
            let name = &signed_in.user.username;
            log.write(signed_in_as(name, &caller.visit)).await;
            let session = cookie::giving(&signed_in.token, LIFETIME, is_https);
            go(&next, &[session, browser::taking(is_https)])
        }
        Err(failure) => {
            let (address, reason) = (caller.visit.address, failure.trouble.name());
            tracing::warn!(?address, reason, "a sign-on failed");
            log.tell(sign_on_failed(&caller.visit));
            sign_in_page(&failure)
        }
    }
}

/// `GET /api/auth/oidc/end`: on to where the provider signs out. It is a page that leads on by itself
/// and no redirect: a form may lead to no other site, and the form that signs out led here.
pub async fn end(
    State((sign_on, db)): State<(SignOn, Db)>,
    Extension(caller): Extension<Caller>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let base = reached_at(&db, &headers, &uri, caller.visit.is_https).await;
    let there = match &base {
        Some(base) => sign_on.end(base).await,
        None => None,
    };
    let Some((provider, url)) = there else {
        return go("/login", &[]);
    };
    let Ok(refresh) = HeaderValue::from_str(&format!("0; url={url}")) else {
        return go("/login", &[]);
    };
    let (name, url) = (escape(&provider.name), escape(url.as_str()));
    let page = format!(
        "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>{name}</title></head>\
         <body><a href=\"{url}\">{name}</a></body></html>"
    );
    ([(REFRESH, refresh)], Html(page)).into_response()
}

/// Where a browser goes for which there is no room here: so many wait for the provider that it does not answer,
/// or not fast enough.
pub fn turned_away(uri: &Uri) -> Response {
    if uri.path() == END {
        return go("/login", &[]);
    }
    let wish: Wish = read(uri.query().map(str::to_owned));
    let next = wish.next.filter(|next| is_on_this_site(next));
    let next = next.filter(|next| next.len() <= NEXT_MOST);
    let trouble = Trouble::Away;
    sign_in_page(&Failure { trouble, next })
}

/// A query that makes no sense says nothing.
fn read<T: Default + serde::de::DeserializeOwned>(query: Option<String>) -> T {
    let query = query.unwrap_or_default();
    serde_urlencoded::from_str(&query).unwrap_or_default()
}

fn sign_in_page(failure: &Failure) -> Response {
    let mut query = vec![("sign_on", failure.trouble.name())];
    query.extend(failure.next.as_deref().map(|next| ("next", next)));
    let query = serde_urlencoded::to_string(query).unwrap_or_default();
    go(&format!("/login?{query}"), &[])
}

fn go(place: &str, cookies: &[String]) -> Response {
    let mut response = StatusCode::FOUND.into_response();
    let place = HeaderValue::from_str(place).unwrap_or(HeaderValue::from_static("/login"));
    response.headers_mut().insert(LOCATION, place);
    let cookies = cookies.iter().filter_map(|one| one.parse().ok());
    for one in cookies {
        response.headers_mut().append(SET_COOKIE, one);
    }
    response
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
