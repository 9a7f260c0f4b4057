//! Signing in and out, the first admin, and one's own password.

use leptos::prelude::*;

use super::model::{AuthState, SignedIn};
use crate::error::AppError;

/// Who am I, and does this installation have an admin yet? Open to all.
#[server(name = ReadAuthState, prefix = "/fn", endpoint = "auth/state",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn read_auth_state() -> Result<AuthState, AppError> {
    use super::{gate::Gate, guard::Visitor, sign_on::keeper::SignOn};
    use crate::server::context::part;

    let oidc = part::<SignOn>()?.shown().await?;
    part::<Gate>()?.state(part::<Visitor>()?.0, oidc).await
}

/// Makes the first admin, once, and signs them in. Open to whoever has the setup token.
#[server(name = SetUp, prefix = "/fn", endpoint = "auth/setup",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn set_up(
    username: String,
    password: String,
    setup_token: String,
) -> Result<SignedIn, AppError> {
    use super::{credential::Caller, gate::Gate, reply, told};
    use crate::server::context::part;

    let (gate, visit) = (part::<Gate>()?, part::<Caller>()?.visit);
    let signed_in = gate
        .set_up(username.trim(), &password, &setup_token, &visit)
        .await?;
    told::first_admin(&signed_in).await;
    reply::welcome(&signed_in)?;
    Ok(signed_in)
}

/// Signs in: sets the session cookie and answers the same token. Open to all. An account with a second
/// factor answers `second_factor` until `code` is there, too.
///
/// The session of a cookie that came along ends, because no browser could end it afterwards.
#[server(name = LogIn, prefix = "/fn", endpoint = "auth/login",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn log_in(
    username: String,
    password: String,
    code: Option<String>,
) -> Result<SignedIn, AppError> {
    use super::{credential::Caller, gate::Gate, reply, told};
    use crate::server::context::part;

    let (gate, caller) = (part::<Gate>()?, part::<Caller>()?);
    let (username, code) = (username.trim(), code.as_deref());
    let outcome = gate.log_in(username, &password, code, &caller.visit).await;
    told::sign_in(username, code, &caller.visit, &outcome).await?;
    let signed_in = outcome?;
    if let Some(old) = reply::replaced(&caller) {
        gate.replace(old).await?;
    }
    reply::welcome(&signed_in)?;
    Ok(signed_in)
}

/// Ends the session: its token is refused from then on. A browser that came by single sign-on goes on to
/// sign out there, too.
#[server(name = LogOut, prefix = "/fn", endpoint = "auth/logout",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn log_out() -> Result<(), AppError> {
    use super::sign_on::keeper::SignOn;
    use super::{credential::Caller, gate::Gate, guard::authorize, policy::Act, reply};
    use crate::server::context::part;

    authorize(Act::OwnAccount)?;
    let caller = part::<Caller>()?;
    let way_out = part::<SignOn>()?.way_out(&caller).await?;
    part::<Gate>()?.log_out(&caller).await?;
    reply::farewell(way_out)
}

/// Gives the caller a new password. Every session of theirs ends, and this one goes on under a new
/// token, which is answered and set as the cookie.
#[server(name = ChangePassword, prefix = "/fn", endpoint = "auth/password",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn change_password(password: String, new_password: String) -> Result<SignedIn, AppError> {
    use super::users::told::changed_oneself;
    use super::{credential::Caller, gate::Gate, guard::authorize, policy::Act, reply};
    use crate::events::act::record;
    use crate::server::context::part;

    let user = authorize(Act::OwnAccount)?;
    let (gate, caller) = (part::<Gate>()?, part::<Caller>()?);
    let (session, visit) = (caller.session()?, &caller.visit);
    let signed_in = gate
        .change_password(user, session, &password, &new_password, visit)
        .await?;
    record(changed_oneself(&signed_in.user.username, "password")).await;
    reply::keep(&signed_in)?;
    Ok(signed_in)
}
