//! The users' rows as signing in needs them. Times are Unix milliseconds.

use super::model::User;
use crate::server::db::Db;

/// A user and what they prove themselves with.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Credentials {
    #[sqlx(flatten)]
    pub user: User,
    /// A PHC string; `None` for somebody who signs in elsewhere.
    pub password_hash: Option<String>,
    /// Whether one-time codes are asked for.
    pub second_factor: bool,
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

/// Adds a user; without a password for one who signs in elsewhere.
///
/// `by` is the id of the user or API token that does it; false where that is no admin any more, and nobody was
/// added. `None` needs to be nobody.
///
/// # Errors
/// A violated `unique` where the username is taken, in any case of its letters.
pub async fn add_user(
    db: &Db,
    by: Option<&str>,
    user: &User,
    password_hash: Option<&str>,
    now: i64,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "insert into users (id, username, password_hash, role, created_at) \
         select ?1, ?2, ?3, ?4, ?5 where ?6 is null \
           or exists (select 1 from users where id = ?6 and role = 'admin') \
           or exists (select 1 from api_tokens where id = ?6 and role = 'admin')",
    )
    .bind(&user.id)
    .bind(&user.username)
    .bind(password_hash)
    .bind(user.role)
    .bind(now)
    .bind(by)
    .execute(db.write())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The user of this name and what they prove themselves with.
///
/// # Errors
/// See [`any_user`].
pub async fn credentials(db: &Db, username: &str) -> Result<Option<Credentials>, sqlx::Error> {
    sqlx::query_as(
        "select id, username, role, password_hash, totp_since is not null as second_factor \
         from users where username = ?",
    )
    .bind(username)
    .fetch_optional(db.read())
    .await
}

#[cfg(test)]
#[path = "store_tests.rs"]
mod tests;
