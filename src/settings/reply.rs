//! What a form hears that was sent without scripts: its own page again, which says that it was saved.

use axum::http::Uri;
use axum::http::header::{ACCEPT, REFERER};
use axum::http::request::Parts;
use leptos::prelude::use_context;
use leptos_axum::redirect;

/// Sends a browser without scripts back to the page of the settings that its form is on; everybody
/// else has the answer itself.
pub fn saved() {
    let Some(request) = use_context::<Parts>() else {
        return;
    };
    let header = |name| {
        request
            .headers
            .get(name)
            .and_then(|value| value.to_str().ok())
    };
    let is_plain_form = request.uri.path().starts_with("/fn/")
        && header(ACCEPT).is_some_and(|kinds| kinds.contains("text/html"));
    if let Some(page) = header(REFERER).and_then(page).filter(|_| is_plain_form) {
        redirect(&format!("{page}?saved="));
    }
}

/// The path of a page of ours.
fn page(referer: &str) -> Option<String> {
    let page: Uri = referer.parse().ok()?;
    page.path()
        .starts_with("/settings/")
        .then(|| page.path().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_page_of_the_settings_is_led_back_to_and_without_what_it_said_before() {
        let ours = page("http://127.0.0.1:3000/settings/general?__err=x&saved=");
        assert_eq!(ours.as_deref(), Some("/settings/general"));
        for other in [
            "http://evil.example/",
            "http://evil.example//settings/x",
            "settings",
            "",
        ] {
            assert_eq!(page(other), None, "{other}");
        }
    }
}
