//! Signing in and out, and the first admin.

use leptos::prelude::*;

use super::model::{AuthState, SignedIn};
use crate::error::AppError;

/// Who am I, and does this installation have an admin yet? Open to all.
#[server(name = ReadAuthState, prefix = "/fn", endpoint = "auth/state",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn read_auth_state() -> Result<AuthState, AppError> {
    use super::{gate::Gate, guard::Visitor};
    use crate::server::context::part;

    part::<Gate>()?.state(part::<Visitor>()?.0).await
}

/// Makes the first admin, once, and signs them in. Open to whoever has the setup token.
#[server(name = SetUp, prefix = "/fn", endpoint = "auth/setup",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn set_up(
    username: String,
    password: String,
    setup_token: String,
) -> Result<SignedIn, AppError> {
    use super::{gate::Gate, reply};
    use crate::server::context::part;

    let gate = part::<Gate>()?;
    let signed_in = gate
        .set_up(username.trim(), &password, &setup_token)
        .await?;
    reply::welcome(&signed_in).await?;
    Ok(signed_in)
}

/// Signs in: sets the session cookie and answers the same token. Open to all.
#[server(name = LogIn, prefix = "/fn", endpoint = "auth/login",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn log_in(username: String, password: String) -> Result<SignedIn, AppError> {
    use super::{gate::Gate, reply, session::Caller};
    use crate::server::context::part;

    let peer = part::<Caller>()?.peer;
    let signed_in = part::<Gate>()?
        .log_in(username.trim(), &password, peer)
        .await?;
    reply::welcome(&signed_in).await?;
    Ok(signed_in)
}

/// Ends the session: its token is refused from then on.
#[server(name = LogOut, prefix = "/fn", endpoint = "auth/logout",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn log_out() -> Result<(), AppError> {
    use super::{gate::Gate, guard::authorize, policy::Act, reply, session::Caller};
    use crate::server::context::part;

    authorize(Act::Read)?;
    part::<Gate>()?.log_out(&part::<Caller>()?).await?;
    reply::farewell().await
}
