//! What an engine may be called, and where it may listen.

use crate::error::AppError;

/// An engine's name, without the space around it.
///
/// # Errors
/// `invalid` on the field `name` for an empty one, one over 64 characters, or one with control characters.
pub fn check_name(name: &str) -> Result<&str, AppError> {
    let name = name.trim();
    let fits = (1..=64).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    fits.then_some(name).ok_or_else(|| {
        AppError::invalid(
            "name",
            "A name has 1 to 64 characters, none of them invisible.",
        )
    })
}

/// An address that a person may add: a socket, or a port of this very machine.
///
/// # Errors
/// `invalid` on the field `url`, with what would do instead.
pub fn check_url(url: &str) -> Result<&str, AppError> {
    let url = url.trim();
    let (scheme, rest) = url.split_once("://").unwrap_or_default();
    match scheme {
        "unix" if rest.starts_with('/') => Ok(url),
        "tcp" if is_loopback(rest) => Ok(url),
        "tcp" => Err(AppError::invalid(
            "url",
            "A Docker port without TLS makes everybody on its network root. Reach the engine through \
             an SSH tunnel to a port or socket of this machine, and give that.",
        )),
        _ => Err(AppError::invalid(
            "url",
            "Give unix:///path/to/docker.sock or tcp://127.0.0.1:port.",
        )),
    }
}

/// Whether `authority` is a literal loopback address with a port; a name could change its mind.
fn is_loopback(authority: &str) -> bool {
    let address = authority
        .trim_end_matches('/')
        .parse::<std::net::SocketAddr>();
    address.is_ok_and(|address| address.ip().is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_sockets_and_ports_of_this_machine_may_be_added() {
        for url in [
            "unix:///run/docker.sock",
            "tcp://127.0.0.1:2375",
            "tcp://[::1]:2375",
        ] {
            assert_eq!(check_url(url), Ok(url));
        }
        for url in [
            "tcp://10.0.0.1:2375",
            "tcp://localhost:1",
            "unix://x",
            "http://127.0.0.1:1",
            "",
        ] {
            assert_eq!(
                check_url(url).unwrap_err().field.as_deref(),
                Some("url"),
                "{url}"
            );
        }
    }
}
