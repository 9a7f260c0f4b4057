//! One's own second factor. Whoever changes it proves with the password that they are not somebody who
//! found an open page.

use leptos::prelude::*;

use super::model::{NewSecret, RecoveryCodes, SecondFactor};
use crate::error::AppError;

/// Whether the caller is asked for one-time codes.
#[server(name = ReadSecondFactor, prefix = "/fn", endpoint = "auth/second_factor",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn read_second_factor() -> Result<SecondFactor, AppError> {
    use super::keeper::SecondFactors;
    use crate::auth::{guard::authorize, policy::Act};
    use crate::server::context::part;

    let user = authorize(Act::OwnAccount)?;
    part::<SecondFactors>()?.read(&user).await
}

/// A new secret for an authenticator app, shown this once. No code is asked for until one is confirmed,
/// within fifteen minutes.
#[server(name = BeginSecondFactor, prefix = "/fn", endpoint = "auth/second_factor/begin",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn begin_second_factor(password: String) -> Result<NewSecret, AppError> {
    use super::keeper::SecondFactors;
    use crate::auth::guard::{authorize, own_session};
    use crate::auth::{gate::Gate, policy::Act};
    use crate::server::context::part;

    let (user, session) = (authorize(Act::OwnAccount)?, own_session()?);
    let proven = part::<Gate>()?.prove(&user, &session, &password).await?;
    part::<SecondFactors>()?.begin(&user, &proven).await
}

/// Asks for codes at each sign-in from now on; answers the recovery codes, this once.
#[server(name = ConfirmSecondFactor, prefix = "/fn", endpoint = "auth/second_factor/confirm",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn confirm_second_factor(code: String) -> Result<RecoveryCodes, AppError> {
    use crate::auth::users::told::changed_oneself;
    use crate::auth::{gate::Gate, guard::authorize, policy::Act};
    use crate::events::act::record;
    use crate::server::context::part;

    let user = authorize(Act::OwnAccount)?;
    let gate = part::<Gate>()?;
    let codes = gate.confirm_second_factor(&user, &code).await?;
    record(changed_oneself(&user.username, "second_factor")).await;
    Ok(codes)
}

/// Replaces the recovery codes; answers them, this once.
#[server(name = RenewRecoveryCodes, prefix = "/fn", endpoint = "auth/second_factor/recovery_codes",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn renew_recovery_codes(password: String) -> Result<RecoveryCodes, AppError> {
    use super::keeper::SecondFactors;
    use crate::auth::guard::{authorize, own_session};
    use crate::auth::users::told::changed_oneself;
    use crate::auth::{gate::Gate, policy::Act};
    use crate::events::act::record;
    use crate::server::context::part;

    let (user, session) = (authorize(Act::OwnAccount)?, own_session()?);
    let proven = part::<Gate>()?.prove(&user, &session, &password).await?;
    let factors = part::<SecondFactors>()?;
    let codes = factors.renew_codes(&user, &proven).await?;
    record(changed_oneself(&user.username, "recovery_codes")).await;
    Ok(codes)
}

/// Asks for no more codes.
#[server(name = RemoveSecondFactor, prefix = "/fn", endpoint = "auth/second_factor/remove",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn remove_second_factor(password: String) -> Result<(), AppError> {
    use super::keeper::SecondFactors;
    use crate::auth::guard::{authorize, own_session};
    use crate::auth::users::told::changed_oneself;
    use crate::auth::{gate::Gate, policy::Act};
    use crate::events::act::record;
    use crate::server::context::part;

    let (user, session) = (authorize(Act::OwnAccount)?, own_session()?);
    let proven = part::<Gate>()?.prove(&user, &session, &password).await?;
    part::<SecondFactors>()?.remove(&user, &proven).await?;
    record(changed_oneself(&user.username, "second_factor")).await;
    Ok(())
}
