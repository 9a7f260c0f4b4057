//! The people who may come in; for admins.

use leptos::prelude::*;

use super::model::{Account, AccountPatch};
use crate::auth::model::Role;
use crate::error::AppError;

/// Everybody, by name.
#[server(name = ListUsers, prefix = "/fn", endpoint = "users/list",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn list_users() -> Result<Vec<Account>, AppError> {
    use super::store;
    use crate::auth::{guard::authorize, policy::Act};
    use crate::server::{context::part, db::Db};

    authorize(Act::ManageAccess)?;
    Ok(store::list(&part::<Db>()?).await?)
}

/// Adds somebody who signs in with a password.
#[server(name = CreateUser, prefix = "/fn", endpoint = "users/create",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn create_user(
    username: String,
    password: String,
    role: Role,
) -> Result<Account, AppError> {
    use super::{keeper, told};
    use crate::auth::{guard::authorize, policy::Act};
    use crate::events::act::record;
    use crate::server::{clock::Clock, context::part, db::Db};

    let by = authorize(Act::ManageAccess)?.username;
    let (db, clock) = (part::<Db>()?, part::<Clock>()?);
    let account = keeper::add(&db, &clock, username.trim(), &password, role).await?;
    record(told::created(&account, &by)).await;
    Ok(account)
}

/// Changes somebody's role or password; both end that person's sessions.
#[server(name = ChangeUser, prefix = "/fn", endpoint = "users/change",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn change_user(id: String, patch: AccountPatch) -> Result<Account, AppError> {
    use super::{keeper, told};
    use crate::auth::{guard::authorize, policy::Act};
    use crate::events::act::record;
    use crate::server::{context::part, db::Db};

    let by = authorize(Act::ManageAccess)?.username;
    let changed = keeper::change(&part::<Db>()?, &id, patch).await?;
    record(told::changed(&changed, &by)).await;
    Ok(changed.after)
}

/// Removes somebody, and ends their sessions.
#[server(name = DeleteUser, prefix = "/fn", endpoint = "users/delete",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn delete_user(id: String) -> Result<(), AppError> {
    use super::{keeper, told};
    use crate::auth::{guard::authorize, policy::Act};
    use crate::events::act::record;
    use crate::server::{context::part, db::Db};

    let by = authorize(Act::ManageAccess)?.username;
    let username = keeper::remove(&part::<Db>()?, &id).await?;
    record(told::removed(username, &by)).await;
    Ok(())
}
