//! Adding, changing and removing people. Whatever changes what somebody may do ends their sessions, so
//! that nothing goes on under what they were before.

use super::model::{Account, AccountPatch};
use super::store;
use crate::auth::model::{Role, User};
use crate::auth::rules::check_username;
use crate::auth::{password, second_factor};
use crate::error::AppError;
use crate::server::clock::Clock;
use crate::server::db::{Db, new_id};

/// Adds somebody who signs in with a password.
///
/// # Errors
/// `invalid` for a name or a password that cannot be, `conflict` for a name that is taken.
pub async fn add(
    db: &Db,
    clock: &Clock,
    username: &str,
    new_password: &str,
    role: Role,
) -> Result<Account, AppError> {
    check_username(username)?;
    password::check(new_password, username)?;
    let hash = password::hash(new_password).await?;
    let user = User {
        id: new_id(),
        username: username.to_owned(),
        role,
    };
    crate::auth::store::add_user(db, &user, Some(&hash), clock.millis())
        .await
        .map_err(|error| AppError::on_unique(error, "username", "There is a user of this name."))?;
    read(db, &user.id).await
}

/// Somebody before and after a change.
#[derive(Clone, Debug)]
pub struct Changed {
    pub before: Account,
    pub after: Account,
    pub password: bool,
    pub second_factor_removed: bool,
}

/// Changes somebody; the answer is how they were and are.
///
/// # Errors
/// `not_found`, `invalid` for a password that cannot be, `conflict` where nobody would be left who may
/// change anything. Then nothing is changed.
pub async fn change(db: &Db, id: &str, patch: AccountPatch) -> Result<Changed, AppError> {
    let before = read(db, id).await?;
    let hash = match &patch.password {
        Some(new_password) => {
            password::check(new_password, &before.username)?;
            Some(password::hash(new_password).await?)
        }
        None => None,
    };
    let mut transaction = db.begin().await?;
    let role = store::role(&mut transaction, id).await?;
    let role = role.ok_or_else(|| AppError::not_found("user"))?;
    let new_role = patch.role.filter(|new_role| *new_role != role);
    if let Some(new_role) = new_role {
        if role == Role::Admin && !store::another_admin(&mut transaction, id).await? {
            return Err(last_admin());
        }
        store::set_role(&mut transaction, id, new_role).await?;
    }
    if let Some(hash) = &hash {
        store::set_password(&mut transaction, id, hash).await?;
    }
    if patch.remove_second_factor == Some(true) {
        second_factor::store::remove_in(&mut transaction, id).await?;
    }
    if new_role.is_some() || hash.is_some() {
        store::end_sessions(&mut transaction, id).await?;
    }
    transaction.commit().await?;
    tracing::info!(
        username = before.username,
        role = new_role.map(tracing::field::debug),
        password = hash.is_some(),
        second_factor_removed = patch.remove_second_factor == Some(true),
        "a user was changed"
    );
    Ok(Changed {
        before,
        after: read(db, id).await?,
        password: hash.is_some(),
        second_factor_removed: patch.remove_second_factor == Some(true),
    })
}

/// Removes somebody, and answers who they were.
///
/// # Errors
/// `not_found`, and `conflict` for the last admin.
pub async fn remove(db: &Db, id: &str) -> Result<String, AppError> {
    let username = read(db, id).await?.username;
    let mut transaction = db.begin().await?;
    let role = store::role(&mut transaction, id).await?;
    match role.ok_or_else(|| AppError::not_found("user"))? {
        Role::Admin if !store::another_admin(&mut transaction, id).await? => {
            return Err(last_admin());
        }
        Role::Admin | Role::Viewer => store::delete(&mut transaction, id).await?,
    }
    transaction.commit().await?;
    tracing::info!(user_id = id, "a user was removed");
    Ok(username)
}

async fn read(db: &Db, id: &str) -> Result<Account, AppError> {
    let account = store::read(db, id).await?;
    account.ok_or_else(|| AppError::not_found("user"))
}

fn last_admin() -> AppError {
    AppError::conflict("This is the last admin; make somebody else an admin first.")
}

#[cfg(test)]
#[path = "keeper_tests.rs"]
mod tests;
