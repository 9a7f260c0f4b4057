//! People as an admin sees them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::auth::model::Role;

/// One person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Account {
    pub id: String,
    pub username: String,
    pub role: Role,
    pub created_at: DateTime<Utc>,
    /// Null: never.
    pub last_sign_in_at: Option<DateTime<Utc>>,
    /// Whether one-time codes are asked for.
    pub second_factor: bool,
    /// Whether there is a password here; without one they sign in through the sign-on provider.
    pub has_password: bool,
    /// The sign-on provider that knows this person; null where none does.
    pub issuer: Option<String>,
}

impl Account {
    /// Whether this person can come in: with a password or, where `sign_on` is set up, as somebody whom a
    /// provider knows.
    fn enters(&self, sign_on: bool) -> bool {
        self.has_password || (sign_on && self.issuer.is_some())
    }

    /// Whether this is an admin without whom none of `everybody` who is one could come in. The server asks its
    /// table the same in the moment of a change.
    pub fn is_last_admin(&self, everybody: &[Account], sign_on: bool) -> bool {
        let mut others = everybody.iter().filter(|other| other.id != self.id);
        self.role == Role::Admin
            && !others.any(|other| other.role == Role::Admin && other.enters(sign_on))
    }
}

/// What an admin changes about somebody; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AccountPatch {
    pub role: Option<Role>,
    /// A new password.
    pub password: Option<String>,
    /// True takes the second factor away, for somebody who lost the device and the recovery codes.
    pub remove_second_factor: Option<bool>,
}
