//! What the event log says of API tokens. Never the token.

use super::model::ApiToken;
use crate::events::model::Happening;

/// `by` made it.
pub fn created(token: &ApiToken, by: &str) -> Happening {
    Happening::TokenCreated {
        name: token.name.clone(),
        role: token.role.name().to_owned(),
        by: by.to_owned(),
    }
}

/// `by` took it back.
pub fn removed(name: String, by: &str) -> Happening {
    Happening::TokenRemoved {
        name,
        by: by.to_owned(),
    }
}
