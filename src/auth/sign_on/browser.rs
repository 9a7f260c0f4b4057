//! The cookie that ties a sign-in to the browser that began it: an answer of the provider that somebody
//! else brings signs nobody in.

use axum::http::HeaderMap;

use super::pending::PATIENCE;
use crate::auth::cookie;

/// Letters of the value.
const LENGTH: usize = 32;

fn name(is_https: bool) -> &'static str {
    if is_https {
        "__Host-docker_watcher_sign_on"
    } else {
        "docker_watcher_sign_on"
    }
}

/// What the browser is known by, where it is.
pub fn known(headers: &HeaderMap, is_https: bool) -> Option<&str> {
    let value = cookie::read(headers, name(is_https))?;
    let is_ours = value.len() == LENGTH && value.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_ours.then_some(value)
}

/// What a browser is known by from now on; two tabs of one browser sign in side by side.
pub fn know(headers: &HeaderMap, is_https: bool) -> String {
    known(headers, is_https)
        .map_or_else(|| format!("{:032x}", rand::random::<u128>()), str::to_owned)
}

/// The `Set-Cookie` value that gives it to the browser.
pub fn giving(value: &str, is_https: bool) -> String {
    cookie::set(name(is_https), value, PATIENCE, is_https)
}

/// The `Set-Cookie` value that takes it away.
pub fn taking(is_https: bool) -> String {
    cookie::set(name(is_https), "", chrono::Duration::zero(), is_https)
}

#[cfg(test)]
mod tests {
    use axum::http::header::COOKIE;

    use super::*;

    #[test]
    fn a_browser_keeps_its_value_and_cannot_choose_another_kind() {
        let mut headers = HeaderMap::new();
        let value = know(&headers, false);
        assert_ne!(value, know(&headers, false));
        let line = format!("a=b; docker_watcher_sign_on={value}");
        headers.insert(COOKIE, line.parse().unwrap());
        assert_eq!(know(&headers, false), value);
        assert_eq!(known(&headers, true), None);
        headers.insert(COOKIE, "docker_watcher_sign_on=short".parse().unwrap());
        assert_eq!(known(&headers, false), None);
    }

    #[test]
    fn over_https_no_other_host_can_set_it() {
        assert_eq!(
            giving("x", true),
            "__Host-docker_watcher_sign_on=x; Path=/; Max-Age=600; HttpOnly; SameSite=Lax; Secure"
        );
    }
}
