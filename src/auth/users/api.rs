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
    use super::{doer::Doer, keeper, told};
    use crate::auth::{guard::authorize, policy::Act};
    use crate::events::act::record;
    use crate::server::{context::part, db::Db};

    let user = authorize(Act::ManageAccess)?;
    let (db, doer) = (part::<Db>()?, Doer::of_request(&user).await?);
    let account = keeper::add_as(&doer, &db, username.trim(), &password, role).await?;
    record(told::created(&account, doer.name)).await;
    Ok(account)
}

/// Changes somebody's role or password; both end that person's sessions.
///
/// The API tokens that they made end where they may more than the new role. One's own password and second
/// factor are not changed here but at `/api/auth`, which asks for the password; neither does an API token change
/// those of whom it belongs to.
#[server(name = ChangeUser, prefix = "/fn", endpoint = "users/change",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn change_user(id: String, patch: AccountPatch) -> Result<Account, AppError> {
    use super::{doer::Doer, keeper, told};
    use crate::auth::{guard::authorize, policy::Act};
    use crate::events::act::record;
    use crate::server::{context::part, db::Db};

    let user = authorize(Act::ManageAccess)?;
    let (db, doer) = (part::<Db>()?, Doer::of_request(&user).await?);
    let changed = keeper::change_as(&doer, &db, &id, patch).await?;
    record(told::changed(&changed, doer.name)).await;
    Ok(changed.after)
}

/// Removes somebody, and ends their sessions and the API tokens that they made.
#[server(name = DeleteUser, prefix = "/fn", endpoint = "users/delete",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn delete_user(id: String) -> Result<(), AppError> {
    use super::{doer::Doer, keeper, told};
    use crate::auth::{guard::authorize, policy::Act};
    use crate::events::act::record;
    use crate::server::{context::part, db::Db};

    let user = authorize(Act::ManageAccess)?;
    let (db, doer) = (part::<Db>()?, Doer::of_request(&user).await?);
    let username = keeper::remove_as(&doer, &db, &id).await?;
    record(told::removed(username, doer.name)).await;
    Ok(())
}
