//! What somebody sees of their second factor.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Whether there is one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SecondFactor {
    /// When its first code was right; null where no codes are asked for.
    pub since: Option<DateTime<Utc>>,
    pub recovery_codes_left: i64,
    /// Whether the account has a password here; without one the sign-on provider asks for what it wants.
    pub has_password: bool,
}

/// What an authenticator app needs. It is shown once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NewSecret {
    /// In base32, for typing it.
    pub secret: String,
    /// `otpauth://…`
    pub uri: String,
    /// The same as a square of dots.
    pub picture: Picture,
}

/// A QR code: a square of `size` × `size` dots.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Picture {
    pub size: usize,
    /// The dark dots as the `d` of an SVG path, one unit a dot.
    pub path: String,
}

/// Codes that each open the account once. They are shown once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RecoveryCodes {
    pub codes: Vec<String>,
}
