//! Tokens, and the cookie that carries one. A token is random, is with its owner only, and is known
//! here by its SHA-256; 32 random bytes need no slower hash.

use std::net::IpAddr;

use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, COOKIE};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Duration;
use sha2::{Digest, Sha256};

/// The cookie that holds a session's token.
pub const COOKIE_NAME: &str = "docker_watcher_session";

/// A session ends this long after its sign-in, used or not.
pub const LIFETIME: Duration = Duration::days(30);

/// What a token opens; its first letters say which, to people and to secret scanners.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Session,
    Api,
    Setup,
}

impl Kind {
    fn prefix(self) -> &'static str {
        match self {
            Kind::Session => "dws_",
            Kind::Api => "dwt_",
            Kind::Setup => "dwsetup_",
        }
    }
}

/// What is stored of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenHash(pub [u8; 32]);

impl TokenHash {
    pub fn of(token: &str) -> Self {
        Self(Sha256::digest(token).into())
    }
}

/// What a request brought along, for the operations on the session itself.
#[derive(Clone, Debug, Default)]
pub struct Caller {
    /// The other end of the connection.
    pub peer: Option<IpAddr>,
    /// The token that the request was identified by.
    pub token: Option<TokenHash>,
    /// What that token is.
    pub kind: Option<Kind>,
}

/// A token that nobody has yet: a prefix and 32 random bytes in base64url.
pub fn new_token(kind: Kind) -> String {
    let secret: [u8; 32] = rand::random();
    format!("{}{}", kind.prefix(), URL_SAFE_NO_PAD.encode(secret))
}

/// What `token` opens, going by its form alone; `None` for what we never made.
pub fn kind_of(token: &str) -> Option<Kind> {
    [Kind::Session, Kind::Api, Kind::Setup]
        .into_iter()
        .find(|kind| {
            let secret = token.strip_prefix(kind.prefix());
            secret.is_some_and(|secret| {
                URL_SAFE_NO_PAD
                    .decode(secret)
                    .is_ok_and(|bytes| bytes.len() == 32)
            })
        })
}

/// The token in a request. A bearer token, even a wrong one, wins over the cookie: whoever sends one
/// means it.
pub fn presented(headers: &HeaderMap) -> Option<String> {
    if let Some(value) = headers.get(AUTHORIZATION) {
        let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
        return scheme
            .eq_ignore_ascii_case("bearer")
            .then(|| token.trim().to_owned());
    }
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == COOKIE_NAME)
        .map(|(_, token)| token.to_owned())
}

/// The `Set-Cookie` value that hands `token` to a browser; `secure` where people come over https.
pub fn cookie(token: &str, secure: bool) -> String {
    set_cookie(token, LIFETIME.num_seconds(), secure)
}

/// The `Set-Cookie` value that takes the token away again.
pub fn no_cookie(secure: bool) -> String {
    set_cookie("", 0, secure)
}

fn set_cookie(value: &str, max_age_seconds: i64, secure: bool) -> String {
    let secure = if secure { "; Secure" } else { "" };
    format!(
        "{COOKIE_NAME}={value}; Path=/; Max-Age={max_age_seconds}; HttpOnly; SameSite=Lax{secure}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[(&'static str, &str)]) -> HeaderMap {
        let lines = lines.iter().map(|(name, value)| {
            (
                axum::http::HeaderName::from_static(name),
                value.parse().unwrap(),
            )
        });
        lines.collect()
    }

    #[test]
    fn no_two_tokens_are_alike_and_each_says_what_it_opens() {
        for kind in [Kind::Session, Kind::Api, Kind::Setup] {
            let token = new_token(kind);
            assert_eq!(kind_of(&token), Some(kind));
            assert_ne!(new_token(kind), token);
            assert_eq!(kind_of(&token[..token.len() - 1]), None);
        }
        assert_eq!(kind_of(""), None);
        assert_eq!(kind_of("dws_"), None);
    }

    #[test]
    fn the_cookie_is_found_among_others() {
        let one = headers(&[("cookie", "a=b; docker_watcher_session=dws_x; c=d")]);
        assert_eq!(presented(&one).as_deref(), Some("dws_x"));
        let other = headers(&[("cookie", "xdocker_watcher_session=dws_x")]);
        assert_eq!(presented(&other), None);
    }

    #[test]
    fn a_bearer_token_wins_over_the_cookie_even_where_it_is_none() {
        let cookie = ("cookie", "docker_watcher_session=dws_x");
        let both = headers(&[("authorization", "bearer dwt_y"), cookie]);
        assert_eq!(presented(&both).as_deref(), Some("dwt_y"));
        let other = headers(&[("authorization", "Basic YTpi"), cookie]);
        assert_eq!(presented(&other), None);
    }

    #[test]
    fn a_cookie_is_out_of_reach_of_scripts_and_other_sites() {
        let set = cookie("dws_x", false);
        assert_eq!(
            set,
            "docker_watcher_session=dws_x; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax"
        );
        assert!(cookie("dws_x", true).ends_with("; Secure"));
        assert!(no_cookie(true).starts_with("docker_watcher_session=; Path=/; Max-Age=0;"));
    }
}
