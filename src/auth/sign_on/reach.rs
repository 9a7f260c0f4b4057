//! Where people reach this program: the provider has to send them back there.

use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri};

use crate::auth::credential::Caller;
use crate::auth::visit::host_of;
use crate::error::AppError;
use crate::server::context::part;
use crate::server::db::Db;
use crate::settings::store;

/// What the settings say, else where this request went, without a slash at its end. `None` for a request
/// that does not say.
pub async fn reached_at(db: &Db, headers: &HeaderMap, uri: &Uri, is_https: bool) -> Option<String> {
    let settings = store::read(db.read()).await.ok();
    let public = settings.and_then(|settings| settings.public_url);
    if let Some(public) = public {
        return Some(public.trim_end_matches('/').to_owned());
    }
    let host = host_of(uri, headers)?;
    let is_host = !host.contains(|letter: char| "/\\?#@ ".contains(letter));
    let scheme = if is_https { "https" } else { "http" };
    (is_host && !host.is_empty()).then(|| format!("{scheme}://{host}"))
}

/// The same for the request that a server function answers.
///
/// # Errors
/// `internal` where its context is missing.
pub async fn reached_by_this_request() -> Result<Option<String>, AppError> {
    let (db, request, caller) = (part::<Db>()?, part::<Parts>()?, part::<Caller>()?);
    let Parts { headers, uri, .. } = &request;
    Ok(reached_at(&db, headers, uri, caller.visit.is_https).await)
}
