//! API tokens as people see them: never the secret itself, but for once.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::auth::model::Role;

/// One token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ApiToken {
    pub id: String,
    pub name: String,
    pub role: Role,
    pub created_at: DateTime<Utc>,
    /// Who made it; null: the command line.
    pub created_by: Option<String>,
    /// Null: it does not expire.
    pub expires_at: Option<DateTime<Utc>>,
    /// To the minute; null: never.
    pub last_used_at: Option<DateTime<Utc>>,
}

/// A token that was just made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NewApiToken {
    #[serde(flatten)]
    pub about: ApiToken,
    /// The secret; it is shown this once.
    pub token: String,
}
