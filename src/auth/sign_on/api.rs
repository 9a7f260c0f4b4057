//! How single sign-on is set up; it is changed with the other settings.

use leptos::prelude::*;

use super::model::SignOnState;
use crate::error::AppError;

/// How it is set up, what to register with the provider, and whether the provider can be used now.
#[server(name = ReadSignOn, prefix = "/fn", endpoint = "sign_on/read",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn read_sign_on() -> Result<SignOnState, AppError> {
    use super::{keeper::SignOn, reach::reached_by_this_request};
    use crate::auth::{guard::authorize, policy::Act};
    use crate::server::context::part;

    authorize(Act::ManageAccess)?;
    let sign_on = part::<SignOn>()?;
    let base = reached_by_this_request().await?;
    sign_on.state(base.as_deref()).await
}
