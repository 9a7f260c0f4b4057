//! The pages, rendered here and taken over by the browser, and the files that belong to them.

use axum::Router;
use axum::http::HeaderValue;
use axum::http::header::CACHE_CONTROL;
use axum::http::request::Parts;
use leptos::nonce::Nonce;
use leptos::prelude::{provide_context, use_context};
use leptos::server_fn::axum::server_fn_paths;
use leptos_axum::{AxumRouteListing, LeptosRoutes, generate_route_list_with_exclusions};
use tower::ServiceBuilder;
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

use super::state::AppState;
use crate::app::App;
use crate::document::shell;

/// The pages that the router of the browser's half has, with their paths as ours has them.
pub fn routes() -> Vec<AxumRouteListing> {
    // Else Leptos would serve the server functions here too, and their errors as 500 each.
    let functions = server_fn_paths().map(|(path, _)| path.to_owned()).collect();
    generate_route_list_with_exclusions(App, Some(functions))
}

/// Adds every page and every file of the site to the router.
pub fn add(router: Router<AppState>, state: &AppState) -> Router<AppState> {
    let provider = state.clone();
    let provide = move || {
        // Leptos provides the request itself; without it nobody is signed in.
        if let Some(parts) = use_context::<Parts>() {
            provider.provide(&parts);
            // The one that the answer's own header names, in place of the one that Leptos made up.
            if let Some(nonce) = parts.extensions.get::<Nonce>() {
                provide_context(nonce.clone());
            }
        }
    };
    let options = state.leptos.clone();
    let page = move || shell(options.clone());
    let not_found = leptos_axum::render_app_async_with_context(provide.clone(), page.clone());
    let files = ServeDir::new(&*state.leptos.site_root)
        .append_index_html_on_directories(false)
        .precompressed_br()
        .precompressed_gzip();
    // A file may be kept if the server is asked each time whether it is still the one.
    let revalidated = ServiceBuilder::new().layer(SetResponseHeaderLayer::overriding(
        CACHE_CONTROL,
        |response: &axum::http::Response<_>| {
            response
                .status()
                .is_success()
                .then(|| HeaderValue::from_static("no-cache"))
        },
    ));
    router
        .leptos_routes_with_context(state, routes(), provide, page)
        .fallback_service(
            revalidated.service(files.fallback(axum::routing::any(not_found).with_state(()))),
        )
}
