//! The cookie that carries a session's token: for this site only, out of reach of scripts.

use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use chrono::Duration;

/// What it is called; over https with a prefix that makes browsers refuse one that another host, a
/// folder or a plain connection set.
pub fn name(is_https: bool) -> &'static str {
    if is_https {
        "__Host-docker_watcher_session"
    } else {
        "docker_watcher_session"
    }
}

/// The `Set-Cookie` value that hands `token` to a browser for `lifetime`.
pub fn giving(token: &str, lifetime: Duration, is_https: bool) -> String {
    set(name(is_https), token, lifetime, is_https)
}

/// The `Set-Cookie` value that takes the token away again.
pub fn taking(is_https: bool) -> String {
    set(name(is_https), "", Duration::zero(), is_https)
}

/// The value of the cookie `wanted` in a request.
pub fn read<'h>(headers: &'h HeaderMap, wanted: &str) -> Option<&'h str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == wanted)
        .map(|(_, value)| value)
}

/// A `Set-Cookie` value with everything that keeps a cookie to us.
pub fn set(name: &str, value: &str, lifetime: Duration, is_https: bool) -> String {
    let seconds = lifetime.num_seconds();
    let secure = if is_https { "; Secure" } else { "" };
    format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_script_reads_it_and_no_plain_connection_carries_it() {
        assert_eq!(
            giving("t", Duration::days(30), true),
            "__Host-docker_watcher_session=t; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax; Secure"
        );
        assert_eq!(
            taking(false),
            "docker_watcher_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"
        );
    }
}
