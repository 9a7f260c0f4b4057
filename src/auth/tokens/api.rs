//! API tokens, listed for whoever is signed in, made and taken back by admins.

use chrono::{DateTime, Utc};
use leptos::prelude::*;

use super::model::{ApiToken, NewApiToken};
use crate::auth::model::Role;
use crate::error::AppError;

/// Every token, without its secret.
#[server(name = ListTokens, prefix = "/fn", endpoint = "tokens/list",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn list_tokens() -> Result<Vec<ApiToken>, AppError> {
    use super::store;
    use crate::auth::{guard::authorize, policy::Act};
    use crate::server::{context::part, db::Db};

    authorize(Act::Read)?;
    Ok(store::list(&part::<Db>()?).await?)
}

/// Makes a token and answers its secret, this once. Without `expires_at` it does not expire.
#[server(name = CreateToken, prefix = "/fn", endpoint = "tokens/create",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn create_token(
    name: String,
    role: Role,
    expires_at: Option<DateTime<Utc>>,
) -> Result<NewApiToken, AppError> {
    use super::keeper::{Maker, Wanted, make};
    use super::told;
    use crate::auth::{guard::authorize, policy::Act};
    use crate::events::act::record;
    use crate::server::{clock::Clock, context::part, db::Db};

    let user = authorize(Act::ManageAccess)?;
    let (id, by) = (user.id.as_str(), user.username.as_str());
    let created_by = Some(Maker { id, name: by });
    let wanted = Wanted {
        name: &name,
        role,
        expires_at,
        created_by,
    };
    let made = make(&part::<Db>()?, &part::<Clock>()?, &wanted).await?;
    record(told::created(&made.about, by)).await;
    Ok(made)
}

/// Takes a token back: it is refused from then on, and its streams end within five seconds.
#[server(name = DeleteToken, prefix = "/fn", endpoint = "tokens/delete",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn delete_token(id: String) -> Result<(), AppError> {
    use super::{keeper, told};
    use crate::auth::{guard::authorize, policy::Act};
    use crate::events::act::record;
    use crate::server::{context::part, db::Db};

    let by = authorize(Act::ManageAccess)?.username;
    let name = keeper::remove(&part::<Db>()?, &id).await?;
    record(told::removed(name, &by)).await;
    Ok(())
}
