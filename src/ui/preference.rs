//! What a reader chose for this browser: theme, language and the width of the rail, each in a cookie.
//!
//! A choice is a link, `?theme=dark`, so that it works without scripts; with them nothing is loaded.

use leptos::prelude::*;
use leptos_i18n::context::UseLocalesOptions;
use leptos_router::hooks::{use_location, use_query_map};

use super::browser;
use crate::i18n::*;

const THEME: &str = "docker_watcher_theme";
const LANGUAGE: &str = "docker_watcher_language";
const RAIL: &str = "docker_watcher_rail";

/// Which colours the pages have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// As the system has it.
    Auto,
    Light,
    Dark,
}

impl Theme {
    pub const ALL: [Theme; 3] = [Theme::Auto, Theme::Light, Theme::Dark];

    /// Its name in the cookie, in links and in `data-theme`.
    pub fn name(self) -> &'static str {
        match self {
            Theme::Auto => "auto",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    fn named(name: &str) -> Option<Theme> {
        Theme::ALL.into_iter().find(|theme| theme.name() == name)
    }
}

/// The theme that was chosen, or the system's.
pub fn theme() -> Theme {
    browser::cookie(THEME)
        .and_then(|name| Theme::named(&name))
        .unwrap_or(Theme::Auto)
}

/// Remembers a theme and shows it.
pub fn choose_theme(theme: Theme) {
    keep(THEME, theme.name());
    browser::mark_document("data-theme", Some(theme.name()));
}

/// Remembers a language; showing it is the business of the i18n context.
pub fn choose_language(locale: Locale) {
    keep(LANGUAGE, locale.as_str());
}

/// Whether the rail shows icons only.
pub fn rail_is_closed() -> bool {
    browser::cookie(RAIL).as_deref() == Some("closed")
}

/// Remembers how wide the rail is, and shows it so.
pub fn close_rail(closed: bool) {
    keep(RAIL, if closed { "closed" } else { "open" });
    browser::mark_document("data-rail", closed.then_some("closed"));
}

/// The language of this installation, for whoever has chosen none; `None` where the browser decides.
#[derive(Clone, Debug, Default)]
pub struct UsualLanguage(pub Option<String>);

/// In which languages a page may be written: the chosen one first, then the installation's, then those
/// that the browser asks for.
pub fn languages() -> UseLocalesOptions {
    UseLocalesOptions::default().ssr_lang_header_getter(|| {
        let usual = use_context::<UsualLanguage>().unwrap_or_default();
        let wishes = [
            browser::cookie(LANGUAGE),
            usual.0,
            browser::header("accept-language"),
        ];
        Some(wishes.into_iter().flatten().collect::<Vec<_>>().join(","))
    })
}

fn keep(name: &str, value: &str) {
    browser::keep(&format!(
        "{name}={value}; Path=/; Max-Age=31536000; SameSite=Lax"
    ));
}

/// The value of `name` in the text of a `Cookie` header.
pub fn in_jar(jar: &str, name: &str) -> Option<String> {
    jar.split(';')
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find(|(found, _)| *found == name)
        .map(|(_, value)| value.to_owned())
}

/// Fulfils a choice that came as a link, and leads to the same page without it. Shows nothing.
#[component]
pub fn Wishes() -> impl IntoView {
    let mut query = use_query_map().get_untracked();
    let theme = query.get_str("theme").and_then(Theme::named);
    let locale = query
        .get_str("lang")
        .and_then(|name| name.parse::<Locale>().ok());
    if theme.is_none() && locale.is_none() {
        return;
    }
    if let Some(theme) = theme {
        choose_theme(theme);
    }
    if let Some(locale) = locale {
        choose_language(locale);
    }
    query.remove("theme");
    query.remove("lang");
    let path = use_location().pathname.get_untracked();
    let back = format!("{}{}", on_this_site(&path), query.to_query_string());
    browser::lead_to(&back);
}

/// Two slashes at the start would lead to another host.
fn on_this_site(path: &str) -> String {
    format!("/{}", path.trim_start_matches(['/', '\\']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_among_others_and_by_its_whole_name() {
        let jar = "a=1; docker_watcher_theme=dark;docker_watcher_rail=closed; x_docker_watcher_theme=light";
        assert_eq!(in_jar(jar, THEME).as_deref(), Some("dark"));
        assert_eq!(in_jar(jar, RAIL).as_deref(), Some("closed"));
        assert_eq!(in_jar(jar, LANGUAGE), None);
    }

    #[test]
    fn a_choice_never_leads_to_another_site() {
        assert_eq!(on_this_site("/apps/1"), "/apps/1");
        assert_eq!(on_this_site("//evil.example/x"), "/evil.example/x");
        assert_eq!(on_this_site("/\\evil.example"), "/evil.example");
    }

    #[test]
    fn a_theme_that_is_not_ours_is_not_taken() {
        assert_eq!(Theme::named("dark"), Some(Theme::Dark));
        assert_eq!(Theme::named("\"><script>"), None);
    }
}
