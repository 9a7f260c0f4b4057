//! The document around every page.

use leptos::html;
use leptos::prelude::*;
use leptos_meta::MetaTags;

use crate::app::App;
use crate::ui::preference::{self, Theme};

/// The document that the server writes; `lang` is added by the provider of the languages.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let theme = preference::theme();
    let colors = match theme {
        Theme::Auto => vec![
            ("#fdfdfd", "(prefers-color-scheme: light)"),
            ("#12181d", "(prefers-color-scheme: dark)"),
        ],
        Theme::Light => vec![("#fdfdfd", "all")],
        Theme::Dark => vec![("#12181d", "all")],
    };
    let colors = colors
        .into_iter()
        .map(|(content, media)| {
            html::meta()
                .name("theme-color")
                .content(content)
                .attr("media", media)
        })
        .collect_view();
    let style = format!("/{}/{}.css", options.site_pkg_dir, options.output_name);
    view! {
        <!DOCTYPE html>
        <html
            data-theme=theme.name()
            data-rail=preference::rail_is_closed().then_some("closed")
        >
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>
                {colors}
                <link rel="stylesheet" id="leptos" href=style/>
                <link rel="icon" type="image/svg+xml" href="/favicon.svg"/>
                <link rel="apple-touch-icon" href="/generated/apple-touch-icon.png"/>
                <link rel="manifest" href="/manifest.webmanifest"/>
                <AutoReload options=options.clone()/>
                <HydrationScripts options/>
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}
