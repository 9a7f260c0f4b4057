//! Takes secrets out of text that leaves the process: those that we know, however they are encoded, and
//! whatever looks like one.
//!
//! `known` what we opened, made or read · `views` a text and what it says once decoded · `looks` what
//! gives a secret away · `assigned` values that stand behind a telling name

mod assigned;
mod known;
mod looks;
mod views;

use std::borrow::Cow;
use std::sync::{PoisonError, RwLock};

use serde::{Serialize, Serializer};

use known::Known;

/// What stands where a secret was.
pub const HIDDEN: &str = "[hidden]";

/// The target of log lines that are shown as they are: the one that hands the setup token to whoever
/// reads the log. Every other line loses it.
pub const SHOWN_AS_IT_IS: &str = "docker_watcher::setup_token";

/// What this process knows. There is one log and one outside, so there is one of these.
static KNOWN: RwLock<Known> = RwLock::new(Known::new());

/// Takes `secret` out of every text from now on, also where it is in base64, in hexadecimal digits or
/// encoded for JSON or a URL. Less than [`known::SHORTEST`] bytes are no secret, and would be found
/// in ordinary words.
pub fn know(secret: &[u8]) {
    let is_known = |known: &Known| known.has(secret);
    if !is_known(&KNOWN.read().unwrap_or_else(PoisonError::into_inner)) {
        KNOWN
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .add(secret);
    }
}

/// The text without its secrets; ordinary text comes back unchanged.
pub fn scrub(text: &str) -> Cow<'_, str> {
    let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner);
    let without_known = known.hide(text);
    drop(known);
    match looks::hide(&without_known) {
        Cow::Borrowed(_) => without_known,
        Cow::Owned(scrubbed) => Cow::Owned(scrubbed),
    }
}

/// Writes a text that leaves the process, for `serde(serialize_with)`.
///
/// # Errors
/// Those of the serializer, here and below.
pub fn serialize<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&scrub(text))
}

/// As [`serialize`], for a text that may be missing.
#[expect(clippy::ref_option, reason = "serde hands the field over as it is")]
pub fn serialize_option<S: Serializer>(
    text: &Option<String>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    text.as_deref().map(scrub).serialize(serializer)
}

#[cfg(test)]
mod tests;
