//! Adding, changing and removing people. Whatever changes what somebody may do ends their sessions, so
//! that nothing goes on under what they were before.

use sqlx::{Sqlite, Transaction};

use super::doer::Doer;
use super::model::{Account, AccountPatch};
use super::store;
use crate::auth::model::{Role, User};
use crate::auth::rules::check_username;
use crate::auth::{password, second_factor, tokens};
use crate::error::{AppError, Code};
use crate::server::clock::Clock;
use crate::server::db::{Db, new_id};

/// Adds somebody who signs in with a password, by the command line.
///
/// # Errors
/// See [`add_as`].
pub async fn add(
    db: &Db,
    clock: &Clock,
    username: &str,
    new_password: &str,
    role: Role,
) -> Result<Account, AppError> {
    let doer = Doer::command_line(clock);
    add_as(&doer, db, username, new_password, role).await
}

/// Adds somebody who signs in with a password.
///
/// # Errors
/// `invalid` for a name or a password that cannot be, `conflict` for a name that is taken, `forbidden` where
/// whoever does it is no admin any more, here and below.
pub async fn add_as(
    doer: &Doer<'_>,
    db: &Db,
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
    let is_added = crate::auth::store::add_user(db, doer.id, &user, Some(&hash), doer.now)
        .await
        .map_err(|error| AppError::on_unique(error, "username", "There is a user of this name."))?;
    if !is_added {
        return Err(AppError::forbidden());
    }
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

/// As [`change_as`], by the command line.
///
/// # Errors
/// See [`change_as`].
pub async fn change(db: &Db, id: &str, patch: AccountPatch) -> Result<Changed, AppError> {
    change_as(&Doer::command_line(&Clock::system()), db, id, patch).await
}

/// Changes somebody; the answer is how they were and are.
///
/// # Errors
/// `not_found`, `invalid` for a password that cannot be, `conflict` where no admin who can come in would be
/// left, and for one's own password or second factor: an open page must not be enough for those. `forbidden`
/// where an API token wants those of whom it belongs to. Then nothing is changed.
pub async fn change_as(
    doer: &Doer<'_>,
    db: &Db,
    id: &str,
    patch: AccountPatch,
) -> Result<Changed, AppError> {
    let is_guarded = patch.password.is_some() || patch.remove_second_factor == Some(true);
    if is_guarded {
        keep_what_proves(doer, db, id).await?;
    }
    let before = read(db, id).await?;
    let hash = match &patch.password {
        Some(new_password) => {
            password::check(new_password, &before.username)?;
            Some(password::hash(new_password).await?)
        }
        None => None,
    };
    let mut transaction = begin(doer, db).await?;
    let role = store::role(&mut transaction, id).await?;
    let role = role.ok_or_else(|| AppError::not_found("user"))?;
    let new_role = patch.role.filter(|new_role| *new_role != role);
    if let Some(new_role) = new_role {
        keep_an_admin(doer, &mut transaction, id, role).await?;
        let ended = store::set_role(&mut transaction, id, new_role).await?;
        doer.tell_of_tokens(&mut transaction, ended).await?;
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

/// As [`remove_as`], by the command line.
///
/// # Errors
/// See [`remove_as`].
pub async fn remove(db: &Db, id: &str) -> Result<String, AppError> {
    remove_as(&Doer::command_line(&Clock::system()), db, id).await
}

/// Removes somebody, and answers who they were.
///
/// # Errors
/// `not_found`, and `conflict` for the last admin who can come in.
pub async fn remove_as(doer: &Doer<'_>, db: &Db, id: &str) -> Result<String, AppError> {
    let username = read(db, id).await?.username;
    let mut transaction = begin(doer, db).await?;
    let role = store::role(&mut transaction, id).await?;
    let role = role.ok_or_else(|| AppError::not_found("user"))?;
    keep_an_admin(doer, &mut transaction, id, role).await?;
    let ended = store::delete(&mut transaction, id).await?;
    doer.tell_of_tokens(&mut transaction, ended).await?;
    transaction.commit().await?;
    tracing::info!(user_id = id, "a user was removed");
    Ok(username)
}

/// What somebody proves themselves with changes only where they prove themselves anew: neither an open page nor
/// an API token that leaked takes the account for good of whom it belongs to.
async fn keep_what_proves(doer: &Doer<'_>, db: &Db, id: &str) -> Result<(), AppError> {
    let Some(by) = doer.id else {
        return Ok(());
    };
    if by == id {
        return Err(AppError::conflict(
            "Change your own password and second factor on your account's page, which asks for the password.",
        ));
    }
    match tokens::store::owner(db, by).await? {
        Some(owner) if owner == id => Err(AppError::new(
            Code::Forbidden,
            "An API token does not change the password or the second factor of whom it belongs to; they do so \
             on their account's page, which asks for the password.",
        )),
        _ => Ok(()),
    }
}

/// Whoever does it may have lost the right to while a password was hashed.
async fn begin(doer: &Doer<'_>, db: &Db) -> Result<Transaction<'static, Sqlite>, AppError> {
    let mut transaction = db.begin().await?;
    if let Some(id) = doer.id
        && !store::is_admin(&mut transaction, id).await?
    {
        return Err(AppError::forbidden());
    }
    Ok(transaction)
}

/// Somebody of this role goes, or becomes something else, only where another admin can come in.
async fn keep_an_admin(
    doer: &Doer<'_>,
    transaction: &mut Transaction<'_, Sqlite>,
    id: &str,
    role: Role,
) -> Result<(), AppError> {
    let is_safe =
        role != Role::Admin || store::another_admin_enters(transaction, id, doer.sign_on).await?;
    match is_safe {
        true => Ok(()),
        false => Err(last_admin()),
    }
}

async fn read(db: &Db, id: &str) -> Result<Account, AppError> {
    let account = store::read(db, id).await?;
    account.ok_or_else(|| AppError::not_found("user"))
}

fn last_admin() -> AppError {
    AppError::conflict("This is the last admin who can sign in; make somebody else an admin first.")
}

#[cfg(test)]
#[path = "keeper_tests.rs"]
mod tests;
