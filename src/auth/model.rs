//! People, their roles, and what a browser learns about who it is.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a person or a token may do at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(
    feature = "ssr",
    derive(sqlx::Type, clap::ValueEnum),
    sqlx(rename_all = "lowercase")
)]
pub enum Role {
    /// Reads.
    Viewer,
    /// Reads and changes.
    Admin,
}

impl Role {
    /// As the API and the command line say it.
    pub fn name(self) -> &'static str {
        match self {
            Role::Viewer => "viewer",
            Role::Admin => "admin",
        }
    }
}

/// A person who is signed in, or the holder of a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct User {
    pub id: String,
    pub username: String,
    pub role: Role,
}

/// What anyone may ask: is this a fresh installation, and who am I?
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AuthState {
    pub setup_required: bool,
    /// The single sign-on that is set up; null without one.
    pub oidc: Option<Oidc>,
    pub user: Option<User>,
}

/// A single sign-on provider, as the sign-in page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Oidc {
    pub name: String,
    pub url: String,
}

/// The answer to a sign-in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SignedIn {
    pub token: String,
    pub expires_at: DateTime<Utc>,
    pub user: User,
}
