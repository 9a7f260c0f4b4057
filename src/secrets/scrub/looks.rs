//! What gives a secret away by its looks: private keys, tokens of well-known makers, passwords in
//! addresses.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use regex::Regex;

use super::assigned;
use super::known::without;

/// A pattern, with the group that is the secret; group 0 is all of it.
struct Look {
    pattern: Regex,
    group: usize,
    /// What looks alike and is no secret.
    is_secret: fn(&str) -> bool,
}

/// A pattern, the group in it that is the secret, and what else has to hold.
type Told = (&'static str, usize, fn(&str) -> bool);

/// A pattern that does not compile hides nothing, which a test would say.
static LOOKS: LazyLock<Vec<Look>> = LazyLock::new(|| {
    let looks: [Told; 6] = [
        (PRIVATE_KEY, 0, always),
        (TOKEN, 0, always),
        (PASSWORD_IN_ADDRESS, 1, is_no_port),
        (TOKEN_IN_ADDRESS, 1, always),
        (BEARER, 1, looks_random),
        (BASIC, 1, is_name_and_password),
    ];
    let looks = looks.into_iter().filter_map(|(pattern, group, is_secret)| {
        Some(Look {
            pattern: Regex::new(pattern).ok()?,
            group,
            is_secret,
        })
    });
    looks.collect()
});

/// With its end, or as far as its letters go.
const PRIVATE_KEY: &str = concat!(
    r"-----BEGIN[A-Z0-9 %+]*PRIVATE(?: |%20|\+)KEY[A-Z %0-9+]*-----",
    r"(?:(?s:.*?)-----END[A-Z0-9 %+]*PRIVATE(?: |%20|\+)KEY[A-Z %0-9+]*-----|[A-Za-z0-9+/=\s\\:,.%-]*)",
);

/// Ours, then those of others: JWT, GitHub, GitLab, Slack, AWS, Stripe, npm, Docker Hub, Google, Telegram.
const TOKEN: &str = concat!(
    r"dw[a-z]{1,8}_[A-Za-z0-9_-]{16,}",
    r"|eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*){0,3}",
    r"|gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[A-Za-z0-9_.-]{16,}",
    r"|xox[a-z]-[A-Za-z0-9-]{10,}|xapp-[A-Za-z0-9-]{10,}",
    r"|hooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9/_-]+",
    r"|discord(?:app)?\.com/api/webhooks/[0-9]+/[A-Za-z0-9_-]+",
    r"|(?:AKIA|ASIA)[A-Z0-9]{16}",
    r"|[rs]k_(?:live|test)_[A-Za-z0-9]{10,}|npm_[A-Za-z0-9]{30,}|dckr_(?:pat|oat)_[A-Za-z0-9_-]{16,}",
    r"|AIza[A-Za-z0-9_-]{30,}|[0-9]{8,10}:AA[A-Za-z0-9_-]{30,}",
);

/// `scheme://name:password@`; the password reaches to the last `@` before a space or a quote.
const PASSWORD_IN_ADDRESS: &str = r#"[A-Za-z][A-Za-z0-9+.-]*://[^\s/?#:@"'<>\\\[]*:([^\s"'<>]+)@"#;

/// `scheme://token@`, where the name is too long to be one.
const TOKEN_IN_ADDRESS: &str = r"[A-Za-z][A-Za-z0-9+.-]*://([A-Za-z0-9_.~%-]{20,})@";

const BEARER: &str = r"(?i)\bbearer(?:\s|%20|\+)+([A-Za-z0-9._~+/-]{6,}=*)";

const BASIC: &str = r"(?i)\bbasic(?:\s|%20|\+)+([A-Za-z0-9+/_-]{4,}(?:=|%3D){0,2})";

/// The text with everything hidden that looks like a secret.
pub fn hide(text: &str) -> Cow<'_, str> {
    let mut parts: Vec<Range<usize>> = Vec::new();
    for look in LOOKS.iter() {
        let found = look.pattern.captures_iter(text);
        let found = found.filter_map(|found| found.get(look.group));
        parts.extend(
            found
                .filter(|found| (look.is_secret)(found.as_str()))
                .map(|found| found.range()),
        );
    }
    assigned::find(text, &mut parts);
    match parts.is_empty() {
        true => Cow::Borrowed(text),
        false => Cow::Owned(without(text, parts)),
    }
}

fn always(_: &str) -> bool {
    true
}

/// In `http://host:8080/@scope/name` no password precedes the `@`.
fn is_no_port(text: &str) -> bool {
    let rest = text.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let is_port = rest.len() < text.len() && rest.starts_with(['/', '?', '#', ',']);
    !is_port
}

/// Whether nobody would write this as a word: two kinds of signs in it, or very many letters.
pub fn looks_random(text: &str) -> bool {
    let kinds: [fn(char) -> bool; 3] = [
        |letter| letter.is_ascii_digit(),
        |letter| letter.is_ascii_lowercase(),
        |letter| "!@#$%^&*+=?~".contains(letter),
    ];
    // A capital at the beginning is how a sentence begins.
    let has_capital = text
        .chars()
        .skip(1)
        .any(|letter| letter.is_ascii_uppercase());
    let kinds = kinds.iter().filter(|kind| text.contains(**kind)).count();
    text.len() >= 6 && kinds + usize::from(has_capital) >= 2 || text.len() >= 24
}

/// "Basic authentication" is ordinary; `Basic YTpi` is a name and a password.
fn is_name_and_password(text: &str) -> bool {
    let text = text.replace("%3D", "").replace("%3d", "");
    let text = text
        .trim_end_matches('=')
        .replace('-', "+")
        .replace('_', "/");
    STANDARD_NO_PAD
        .decode(text)
        .is_ok_and(|bytes| bytes.contains(&b':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_compiles() {
        assert_eq!(LOOKS.len(), 6);
    }
}
