//! What a title becomes on the server, where it is written into the page as it stands.

use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt;
use leptos_meta::{MetaTags, provide_meta_context};

use super::*;

#[component]
fn Page() -> impl IntoView {
    provide_meta_context();
    view! {
        <html>
            <head><MetaTags/></head>
            <body><PageTitle name="</title><script>alert(1)</script> & co"/></body>
        </html>
    }
}

#[tokio::test]
async fn a_name_with_markup_stays_text_in_the_page_of_the_server() {
    // As at the start of the server: this also gives Leptos its executor.
    leptos_axum::generate_route_list(|| view! { <Page/> });
    let render = leptos_axum::render_app_to_stream(|| view! { <Page/> });
    let request = Request::builder().uri("/").body(Body::empty()).unwrap();
    let body = render(request)
        .await
        .into_body()
        .collect()
        .await
        .unwrap()
        .to_bytes();
    let page = String::from_utf8(body.to_vec()).unwrap();
    let title = "<title>&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt; &amp; co · \
                 Docker Watcher</title>";
    assert!(page.contains(title), "{page}");
}
