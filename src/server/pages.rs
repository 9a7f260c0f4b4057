//! The pages, rendered here and taken over by the browser, and the files that belong to them.

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::http::header::{ACCEPT, CACHE_CONTROL};
use axum::http::request::Parts;
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use axum::routing::any;
use leptos::nonce::Nonce;
use leptos::prelude::{provide_context, use_context};
use leptos::server_fn::axum::server_fn_paths;
use leptos_axum::{AxumRouteListing, LeptosRoutes, generate_route_list_with_exclusions};
use tokio::runtime::{Builder, Runtime};
use tower::ServiceBuilder;
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

use super::finishing::to_the_end;
use super::state::AppState;
use super::straight::refuse_crooked;
use crate::app::App;
use crate::document::shell;
use crate::ui::not_allowed::Refused;

/// The pages that the router of the browser's half has, with their paths as ours has them.
pub fn routes() -> Vec<AxumRouteListing> {
    // Else Leptos would serve the server functions here too, and their errors as 500 each.
    let functions = server_fn_paths().map(|(path, _)| path.to_owned()).collect();
    // The list comes from running the app once, and what that asks for would come when all of it is gone again,
    // which is a panic. So its tasks are given to a runtime that nobody drives, and go with it.
    let idle = Builder::new_current_thread().build().ok();
    let entered = idle.as_ref().map(Runtime::enter);
    let routes = generate_route_list_with_exclusions(App, Some(functions));
    drop(entered);
    if let Some(idle) = idle {
        idle.shutdown_background();
    }
    routes
}

/// What each page and each server function that it asks finds in its context.
fn provide(state: &AppState) -> impl Fn() + Clone + Send + Sync + 'static {
    let state = state.clone();
    move || {
        // Leptos provides the request itself; without it nobody is signed in.
        if let Some(parts) = use_context::<Parts>() {
            state.provide(&parts);
            // The one that the answer's own header names, in place of the one that Leptos made up.
            if let Some(nonce) = parts.extensions.get::<Nonce>() {
                provide_context(nonce.clone());
            }
        }
    }
}

/// Says on a page what [`Refused`] marks, to whoever asked for a page: the frame with its navigation,
/// and nothing of what was asked for.
pub async fn show_refusals(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    let accepts = request.headers().get(ACCEPT);
    let is_browser = accepts.is_some_and(|kinds| {
        let kinds = kinds.to_str().unwrap_or_default();
        kinds.contains("text/html")
    });
    if !is_browser {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let asked = parts.clone();
    let response = next.run(Request::from_parts(parts, body)).await;
    if response.extensions().get::<Refused>().is_none() {
        return response;
    }
    let provide = provide(&state);
    let refuse = move || {
        provide();
        provide_context(Refused);
    };
    let options = state.leptos.clone();
    let page = leptos_axum::render_app_async_with_context(refuse, move || shell(options.clone()));
    let page = page(Request::from_parts(asked, Body::empty()));
    state.pages.finish(page).await
}

/// Adds every page and every file of the site to the router.
pub fn add(router: Router<AppState>, state: &AppState) -> Router<AppState> {
    let provide = provide(state);
    let options = state.leptos.clone();
    let page = move || shell(options.clone());
    let not_found = leptos_axum::render_app_async_with_context(provide.clone(), page.clone());
    let files = ServeDir::new(&*state.leptos.site_root)
        .append_index_html_on_directories(false)
        .precompressed_br()
        .precompressed_gzip();
    // A file may be kept if the server is asked each time whether it is still the one.
    let straight = ServiceBuilder::new().layer(from_fn(refuse_crooked));
    let revalidated = straight.layer(SetResponseHeaderLayer::overriding(
        CACHE_CONTROL,
        |response: &axum::http::Response<_>| {
            response
                .status()
                .is_success()
                .then(|| HeaderValue::from_static("no-cache"))
        },
    ));
    let to_the_end = from_fn_with_state(state.pages.clone(), to_the_end);
    let pages = Router::new().leptos_routes_with_context(state, routes(), provide, page);
    let nowhere = any(not_found).layer(to_the_end.clone()).with_state(());
    router
        .merge(pages.layer(to_the_end))
        .fallback_service(revalidated.service(files.fallback(nowhere)))
}

#[cfg(test)]
mod tests {
    use tokio::runtime::Handle;

    use super::*;

    /// On one thread, where nothing that is set off is done before it is counted.
    #[tokio::test]
    async fn making_the_list_of_pages_sets_nothing_off() {
        let under_way = || Handle::current().metrics().num_alive_tasks();
        let before = under_way();
        assert!(!routes().is_empty());
        assert_eq!(under_way(), before);
    }
}
