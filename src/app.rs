//! The frame around every page.

use leptos::prelude::*;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::path;

/// The document around the application.
pub fn shell(_options: LeptosOptions) -> impl IntoView {
    view! { <!DOCTYPE html><html><body><App/></body></html> }
}

/// Every page.
#[component]
pub fn App() -> impl IntoView {
    view! {
        <Router>
            <Routes fallback=|| "Not found">
                <Route path=path!("/") view=|| "Docker Watcher"/>
            </Routes>
        </Router>
    }
}
