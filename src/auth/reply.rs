//! What a sign-in or a sign-out adds to the response: the cookie, and where the browser goes next.

use axum::http::header::{REFERER, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Uri};
use leptos::prelude::use_context;
use leptos_axum::{ResponseOptions, redirect};

use super::gate::Gate;
use super::model::SignedIn;
use super::session;
use crate::error::AppError;
use crate::server::context::part;

/// Hands the session to the browser and sends it to where it wanted to go.
///
/// # Errors
/// `internal` where the response cannot carry a cookie.
pub async fn welcome(signed_in: &SignedIn) -> Result<(), AppError> {
    let secure = part::<Gate>()?.is_secure().await?;
    set_cookie(&session::cookie(&signed_in.token, secure))?;
    go_to(|headers| wanted(headers).unwrap_or_else(|| "/".into()));
    Ok(())
}

/// Takes the session from the browser and sends it to the sign-in page.
///
/// # Errors
/// `internal` where the response cannot carry a cookie.
pub async fn farewell() -> Result<(), AppError> {
    let secure = part::<Gate>()?.is_secure().await?;
    set_cookie(&session::no_cookie(secure))?;
    go_to(|_| "/login".into());
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
fn wanted(headers: &HeaderMap) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Query {
        next: String,
    }
    let page: Uri = headers.get(REFERER)?.to_str().ok()?.parse().ok()?;
    let query = axum::extract::Query::<Query>::try_from_uri(&page).ok()?;
    is_on_this_site(&query.next).then(|| query.0.next)
}

/// One slash, then no second one in any spelling: `//host` and `/\host` are other sites.
fn is_on_this_site(path: &str) -> bool {
    let second = path.as_bytes().get(1);
    path.starts_with('/')
        && !matches!(second, Some(b'/' | b'\\'))
        && path.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_goes_where_it_wanted_but_never_to_another_site() {
        for (page, goal) in [
            ("http://127.0.0.1:3000/login?next=/apps/x%3Fwindow%3D2h", Some("/apps/x?window=2h")),
            ("http://127.0.0.1:3000/login?next=%2F", Some("/")),
            ("http://127.0.0.1:3000/login", None),
            ("http://127.0.0.1:3000/login?next=", None),
            ("http://127.0.0.1:3000/login?next=//evil.example", None),
            ("http://127.0.0.1:3000/login?next=/%5Cevil.example", None),
            ("http://127.0.0.1:3000/login?next=/%09/evil.example", None),
            ("http://127.0.0.1:3000/login?next=https://evil.example", None),
            ("http://127.0.0.1:3000/login?next=/%0d%0aSet-Cookie:x", None),
            ("not a page", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(REFERER, page.parse().unwrap());
            assert_eq!(wanted(&headers).as_deref(), goal, "{page}");
        }
    }
}
