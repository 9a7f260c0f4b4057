//! Who somebody is to a provider. Times are Unix milliseconds.

use sqlx::{Sqlite, Transaction};

use crate::auth::model::User;

/// The user of an identity.
///
/// # Errors
/// Where the database does not answer, here and below.
pub async fn find(
    transaction: &mut Transaction<'_, Sqlite>,
    issuer: &str,
    subject: &str,
) -> Result<Option<User>, sqlx::Error> {
    sqlx::query_as(
        "select users.id, users.username, users.role from identities \
         join users on users.id = identities.user_id \
         where identities.issuer = ? and identities.subject = ?",
    )
    .bind(issuer)
    .bind(subject)
    .fetch_optional(&mut **transaction)
    .await
}

/// Whether somebody is called this, in any case of its letters.
///
/// # Errors
/// See [`find`].
pub async fn is_taken(
    transaction: &mut Transaction<'_, Sqlite>,
    username: &str,
) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar("select exists (select 1 from users where username = ?)")
        .bind(username)
        .fetch_one(&mut **transaction)
        .await
}

/// Adds a user without a password, known by this identity.
///
/// # Errors
/// See [`find`]; a violated `unique` where the name or the identity is taken.
pub async fn add(
    transaction: &mut Transaction<'_, Sqlite>,
    user: &User,
    issuer: &str,
    subject: &str,
    now: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query("insert into users (id, username, role, created_at) values (?, ?, ?, ?)")
        .bind(&user.id)
        .bind(&user.username)
        .bind(user.role)
        .bind(now)
        .execute(&mut **transaction)
        .await?;
    sqlx::query(
        "insert into identities (issuer, subject, user_id, created_at) values (?, ?, ?, ?)",
    )
    .bind(issuer)
    .bind(subject)
    .bind(&user.id)
    .bind(now)
    .execute(&mut **transaction)
    .await?;
    Ok(())
}
