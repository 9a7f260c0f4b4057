//! One's own sessions.

use leptos::prelude::*;

use super::model::Session;
use crate::error::AppError;

/// Where the caller is signed in, the session used last first.
#[server(name = ListSessions, prefix = "/fn", endpoint = "auth/sessions",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn list_sessions() -> Result<Vec<Session>, AppError> {
    use super::keeper::Sessions;
    use crate::auth::{
        guard::{authorize, own_session},
        policy::Act,
    };
    use crate::server::context::part;

    let user = authorize(Act::OwnAccount)?;
    let current = own_session()?;
    part::<Sessions>()?.list(&user, &current).await
}

/// Ends one of the caller's sessions; its streams end within five seconds.
#[server(name = EndSession, prefix = "/fn", endpoint = "auth/sessions/end",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn end_session(id: String) -> Result<(), AppError> {
    use super::keeper::{Sessions, told};
    use crate::auth::{guard::authorize, policy::Act};
    use crate::events::act::record;
    use crate::server::context::part;

    let user = authorize(Act::OwnAccount)?;
    part::<Sessions>()?.end(&user, &id).await?;
    record(told(&user)).await;
    Ok(())
}

/// Ends all sessions of the caller but the one that asks; answers how many.
#[server(name = EndOtherSessions, prefix = "/fn", endpoint = "auth/sessions/end_others",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn end_other_sessions() -> Result<u64, AppError> {
    use super::keeper::{Sessions, told};
    use crate::auth::{
        guard::{authorize, own_session},
        policy::Act,
    };
    use crate::events::act::record;
    use crate::server::context::part;

    let user = authorize(Act::OwnAccount)?;
    let current = own_session()?;
    let ended = part::<Sessions>()?.end_others(&user, &current).await?;
    record(told(&user)).await;
    Ok(ended)
}
