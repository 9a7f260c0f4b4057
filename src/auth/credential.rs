//! What a request can bring to say who sent it: a session's token or an API token, in a header or in
//! the cookie. An API token is random, is with its owner only, and is known here by its SHA-256; 32
//! random bytes need no slower hash.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::cookie;
use super::visit::Visit;
use crate::error::{AppError, Code};

/// What a random token opens; its first letters say which, to people and to secret scanners.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Api,
    Setup,
}

impl Kind {
    fn prefix(self) -> &'static str {
        match self {
            Kind::Api => "dwt_",
            Kind::Setup => "dwsetup_",
        }
    }
}

/// What is stored of a random token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenHash(pub [u8; 32]);

impl TokenHash {
    pub fn of(token: &str) -> Self {
        Self(Sha256::digest(token).into())
    }
}

/// What the sender was recognised by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Credential {
    /// The id of a session: somebody signed in.
    Session(String),
    /// The id of an API token: a program.
    ApiToken(String),
}

impl Credential {
    pub fn id(&self) -> &str {
        let (Self::Session(id) | Self::ApiToken(id)) = self;
        id
    }
}

/// Where a request comes from and what it was recognised by.
#[derive(Clone, Debug, Default)]
pub struct Caller {
    pub visit: Visit,
    pub credential: Option<Credential>,
}

impl Caller {
    /// The id of the session.
    ///
    /// # Errors
    /// `forbidden` for an API token, which has none.
    pub fn session(&self) -> Result<&str, AppError> {
        match &self.credential {
            Some(Credential::Session(id)) => Ok(id),
            Some(Credential::ApiToken(_)) | None => Err(AppError::new(
                Code::Forbidden,
                "This is for a person who is signed in, and not for an API token.",
            )),
        }
    }
}

/// A token that nobody has yet: a prefix and 32 random bytes in base64url.
pub fn new_token(kind: Kind) -> String {
    let secret: [u8; 32] = rand::random();
    format!("{}{}", kind.prefix(), URL_SAFE_NO_PAD.encode(secret))
}

/// What `token` opens, going by its form alone; `None` for what is no random token of ours.
pub fn kind_of(token: &str) -> Option<Kind> {
    [Kind::Api, Kind::Setup].into_iter().find(|kind| {
        let secret = token.strip_prefix(kind.prefix());
        secret.is_some_and(|secret| {
            URL_SAFE_NO_PAD
                .decode(secret)
                .is_ok_and(|bytes| bytes.len() == 32)
        })
    })
}

/// The token in a request. A bearer token, even a wrong one, wins over the cookie: whoever sends one
/// means it. The cookie's name depends on the way the request came, so that a site beside ours which
/// can set plain cookies for us cannot choose our session.
pub fn presented(headers: &HeaderMap, is_https: bool) -> Option<String> {
    if let Some(value) = headers.get(AUTHORIZATION) {
        let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
        return scheme
            .eq_ignore_ascii_case("bearer")
            .then(|| token.trim().to_owned());
    }
    cookie::read(headers, cookie::name(is_https)).map(str::to_owned)
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
        for kind in [Kind::Api, Kind::Setup] {
            let token = new_token(kind);
            assert_eq!(kind_of(&token), Some(kind));
            assert_ne!(new_token(kind), token);
            assert_eq!(kind_of(&token[..token.len() - 1]), None);
        }
        assert_eq!(kind_of(""), None);
        assert_eq!(kind_of("dwt_"), None);
    }

    #[test]
    fn the_cookie_is_found_among_others() {
        let one = headers(&[("cookie", "a=b; docker_watcher_session=x; c=d")]);
        assert_eq!(presented(&one, false).as_deref(), Some("x"));
        let two = headers(&[("cookie", "a=b"), ("cookie", "docker_watcher_session=y")]);
        assert_eq!(presented(&two, false).as_deref(), Some("y"));
        let other = headers(&[("cookie", "xdocker_watcher_session=x; a")]);
        assert_eq!(presented(&other, false), None);
    }

    #[test]
    fn over_https_only_the_cookie_that_no_neighbour_can_set_counts() {
        let plain = headers(&[("cookie", "docker_watcher_session=neighbours")]);
        assert_eq!(presented(&plain, true), None);
        let both = headers(&[(
            "cookie",
            "docker_watcher_session=neighbours; __Host-docker_watcher_session=ours",
        )]);
        assert_eq!(presented(&both, true).as_deref(), Some("ours"));
    }

    #[test]
    fn a_bearer_token_wins_over_the_cookie_even_where_it_is_nonsense() {
        let both = headers(&[
            ("authorization", "bearer  a"),
            ("cookie", "docker_watcher_session=b"),
        ]);
        assert_eq!(presented(&both, false).as_deref(), Some("a"));
        let basic = headers(&[
            ("authorization", "Basic YTpi"),
            ("cookie", "docker_watcher_session=b"),
        ]);
        assert_eq!(presented(&basic, false), None);
    }
}
