//! The policy, asked on behalf of whoever sent the request.

use leptos::prelude::use_context;

use super::credential::Caller;
use super::model::User;
use super::policy::{Act, allows};
use crate::error::AppError;

/// Who sent the request; `None` is nobody.
#[derive(Clone, Debug, Default)]
pub struct Visitor(pub Option<User>);

/// Lets the request go on if its sender may do `act`.
///
/// # Errors
/// `not_signed_in` for nobody, `forbidden` for a role that is too low and for an API token that asks
/// for an account of its own.
pub fn authorize(act: Act) -> Result<User, AppError> {
    let visitor = use_context::<Visitor>().unwrap_or_default();
    let user = visitor.0.ok_or_else(AppError::not_signed_in)?;
    if act == Act::OwnAccount {
        own_session()?;
    }
    if allows(user.role, act) {
        Ok(user)
    } else {
        Err(AppError::forbidden())
    }
}

/// The id of the session that the request came with.
///
/// # Errors
/// `forbidden` for an API token, which has none.
pub fn own_session() -> Result<String, AppError> {
    let caller = use_context::<Caller>().unwrap_or_default();
    caller.session().map(str::to_owned)
}
