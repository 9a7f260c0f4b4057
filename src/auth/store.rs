//! People, their sessions and the API tokens in the database. Times are Unix milliseconds.

use super::model::{Role, User};
use super::session::TokenHash;
use crate::server::db::Db;

/// A user and what their password is checked against.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Credentials {
    #[sqlx(flatten)]
    pub user: User,
    /// A PHC string.
    pub password_hash: String,
}

/// Whether this installation has users at all.
///
/// # Errors
/// Where the database does not answer, here and below.
pub async fn any_user(db: &Db) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar("select exists (select 1 from users)")
        .fetch_one(db.read())
        .await
}

/// Adds `admin` if there is no user yet, in one statement, so that of many at once one wins.
///
/// # Errors
/// See [`any_user`].
pub async fn add_first_admin(
    db: &Db,
    admin: &User,
    password_hash: &str,
    now: i64,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "insert into users (id, username, password_hash, role, created_at) \
         select ?, ?, ?, ?, ? where not exists (select 1 from users)",
    )
    .bind(&admin.id)
    .bind(&admin.username)
    .bind(password_hash)
    .bind(admin.role)
    .bind(now)
    .execute(db.write())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Adds a user.
///
/// # Errors
/// A violated `unique` where the username is taken, in any case of its letters.
pub async fn add_user(
    db: &Db,
    user: &User,
    password_hash: &str,
    now: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into users (id, username, password_hash, role, created_at) values (?, ?, ?, ?, ?)",
    )
    .bind(&user.id)
    .bind(&user.username)
    .bind(password_hash)
    .bind(user.role)
    .bind(now)
    .execute(db.write())
    .await?;
    Ok(())
}

/// The user of this name and their password's hash.
///
/// # Errors
/// See [`any_user`].
pub async fn credentials(db: &Db, username: &str) -> Result<Option<Credentials>, sqlx::Error> {
    sqlx::query_as("select id, username, role, password_hash from users where username = ?")
        .bind(username)
        .fetch_optional(db.read())
        .await
}

/// Sets a user's password and ends their sessions; false where there is no such user.
///
/// # Errors
/// See [`any_user`].
pub async fn set_password(
    db: &Db,
    username: &str,
    password_hash: &str,
) -> Result<bool, sqlx::Error> {
    let mut transaction = db.begin().await?;
    let done = sqlx::query("update users set password_hash = ? where username = ?")
        .bind(password_hash)
        .bind(username)
        .execute(&mut *transaction)
        .await?;
    sqlx::query("delete from sessions where user_id = (select id from users where username = ?)")
        .bind(username)
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await?;
    Ok(done.rows_affected() == 1)
}

/// Opens a session for the user with this id.
///
/// # Errors
/// See [`any_user`].
pub async fn add_session(
    db: &Db,
    id: &str,
    user_id: &str,
    token: TokenHash,
    now: i64,
    expires_at: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into sessions (id, user_id, token_hash, created_at, expires_at) \
         values (?, ?, ?, ?, ?)",
    )
    .bind(id)
    .bind(user_id)
    .bind(token.0.as_slice())
    .bind(now)
    .bind(expires_at)
    .execute(db.write())
    .await?;
    Ok(())
}

/// Whose session this is, unless it has expired.
///
/// # Errors
/// See [`any_user`].
pub async fn user_of_session(
    db: &Db,
    token: TokenHash,
    now: i64,
) -> Result<Option<User>, sqlx::Error> {
    sqlx::query_as(
        "select users.id, users.username, users.role from sessions \
         join users on users.id = sessions.user_id \
         where sessions.token_hash = ? and sessions.expires_at > ?",
    )
    .bind(token.0.as_slice())
    .bind(now)
    .fetch_optional(db.read())
    .await
}

/// Ends a session; false where there was none.
///
/// # Errors
/// See [`any_user`].
pub async fn delete_session(db: &Db, token: TokenHash) -> Result<bool, sqlx::Error> {
    let done = sqlx::query("delete from sessions where token_hash = ?")
        .bind(token.0.as_slice())
        .execute(db.write())
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Removes the sessions that nobody can use any more; answers how many.
///
/// # Errors
/// See [`any_user`].
pub async fn delete_expired(db: &Db, now: i64) -> Result<u64, sqlx::Error> {
    let done = sqlx::query("delete from sessions where expires_at <= ?")
        .bind(now)
        .execute(db.write())
        .await?;
    Ok(done.rows_affected())
}

/// Adds an API token; without an expiry it stays until it is removed.
///
/// # Errors
/// A violated `unique` where the name is taken.
pub async fn add_api_token(
    db: &Db,
    id: &str,
    name: &str,
    role: Role,
    token: TokenHash,
    now: i64,
    expires_at: Option<i64>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into api_tokens (id, name, role, token_hash, created_at, expires_at) \
         values (?, ?, ?, ?, ?, ?)",
    )
    .bind(id)
    .bind(name)
    .bind(role)
    .bind(token.0.as_slice())
    .bind(now)
    .bind(expires_at)
    .execute(db.write())
    .await?;
    Ok(())
}

/// An API token acts as a user that has the token's id, name and role.
///
/// # Errors
/// See [`any_user`].
pub async fn user_of_api_token(
    db: &Db,
    token: TokenHash,
    now: i64,
) -> Result<Option<User>, sqlx::Error> {
    sqlx::query_as(
        "select id, name as username, role from api_tokens \
         where token_hash = ? and (expires_at is null or expires_at > ?)",
    )
    .bind(token.0.as_slice())
    .bind(now)
    .fetch_optional(db.read())
    .await
}

#[cfg(test)]
#[path = "store_tests.rs"]
mod tests;
