//! What may be said of a single sign-on provider, here and in the environment.

use std::net::IpAddr;

use super::model::Settings;
use super::ranges::is_public_url;
use crate::error::AppError;

/// The most characters of a name that people read.
const NAME_MOST: usize = 64;

/// The most characters of anything else.
const TEXT_MOST: usize = 1024;

/// Whether what the settings say of it can be.
///
/// # Errors
/// `invalid` with the first field whose value cannot be.
pub fn check(settings: &Settings) -> Result<(), AppError> {
    if let Some(issuer) = &settings.oidc_issuer {
        if !is_issuer(issuer) {
            return Err(AppError::invalid("oidc_issuer", ISSUER));
        }
        if settings.oidc_client_id.is_none() {
            return Err(AppError::invalid(
                "oidc_client_id",
                "Single sign-on needs the client id that the provider gave.",
            ));
        }
    }
    for (field, value, most) in [
        ("oidc_client_id", &settings.oidc_client_id, TEXT_MOST),
        ("oidc_name", &settings.oidc_name, NAME_MOST),
        ("oidc_role_claim", &settings.oidc_role_claim, TEXT_MOST),
        ("oidc_admin_values", &settings.oidc_admin_values, TEXT_MOST),
        (
            "oidc_viewer_values",
            &settings.oidc_viewer_values,
            TEXT_MOST,
        ),
    ] {
        if value.as_ref().is_some_and(|value| !is_text(value, most)) {
            return Err(AppError::invalid(
                field,
                format!("This must be 1 to {most} characters in one line."),
            ));
        }
    }
    Ok(())
}

/// Whether this can be a client secret.
///
/// # Errors
/// `invalid` where it cannot.
pub fn check_secret(secret: &str) -> Result<(), AppError> {
    match is_text(secret, TEXT_MOST) {
        true => Ok(()),
        false => Err(AppError::invalid(
            "oidc_client_secret",
            format!("This must be 1 to {TEXT_MOST} characters in one line."),
        )),
    }
}

/// What an issuer has to be, for people.
pub const ISSUER: &str = "This must be an address like https://id.example.org, exactly as the provider calls \
    itself, without a query; http only on this machine.";

/// `https` with a host, without credentials, a query or a fragment; `http` only where nobody is between.
pub fn is_issuer(url: &str) -> bool {
    is_public_url(url) && (url.starts_with("https://") || is_on_this_machine(url))
}

/// Whether it is plain HTTP to this machine itself.
pub fn is_on_this_machine(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("http://") else {
        return false;
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    host.eq_ignore_ascii_case("localhost")
        || host
            .parse()
            .is_ok_and(|address: IpAddr| address.is_loopback())
}

fn is_text(text: &str, most: usize) -> bool {
    let is_short = (1..=most).contains(&text.chars().count());
    is_short && !text.trim().is_empty() && !text.contains(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_is_https_or_on_this_machine() {
        for fine in [
            "https://id.example.org",
            "https://id.example.org:8443/realms/home/",
            "http://127.0.0.1:4000",
            "http://[::1]:4000/oidc",
            "http://localhost",
        ] {
            assert!(is_issuer(fine), "{fine}");
        }
        for wrong in [
            "",
            "id.example.org",
            "http://id.example.org",
            "http://127.0.0.1.example.org",
            "http://localhost.example.org",
            "http://localhost@example.org",
            "https://ann@id.example.org",
            "https://id.example.org?x=1",
            "https://id.example.org/#x",
            "ftp://127.0.0.1",
        ] {
            assert!(!is_issuer(wrong), "{wrong}");
        }
    }
}
