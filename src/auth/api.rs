//! Signing in and out, and the first admin.

use leptos::prelude::*;

use super::model::{AuthState, SignedIn};
use crate::error::AppError;

/// Who am I, and does this installation have an admin yet? Open to all.
#[server(name = ReadAuthState, prefix = "/fn", endpoint = "auth/state",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn read_auth_state() -> Result<AuthState, AppError> {
    Err(AppError::internal("not built yet"))
}

/// Makes the first admin, once, and signs them in. Open to whoever has the setup token.
#[server(name = SetUp, prefix = "/fn", endpoint = "auth/setup",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn set_up(
    username: String,
    password: String,
    setup_token: String,
) -> Result<SignedIn, AppError> {
    Err(AppError::internal("not built yet"))
}

/// Signs in: sets the session cookie and answers the same token. Open to all.
#[server(name = LogIn, prefix = "/fn", endpoint = "auth/login",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn log_in(username: String, password: String) -> Result<SignedIn, AppError> {
    Err(AppError::internal("not built yet"))
}

/// Ends the session: its token is refused from then on.
#[server(name = LogOut, prefix = "/fn", endpoint = "auth/logout",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn log_out() -> Result<(), AppError> {
    Err(AppError::internal("not built yet"))
}
