//! Accounts in the database. Times are Unix milliseconds.

use chrono::DateTime;
use sqlx::{Sqlite, Transaction};

use super::model::Account;
use crate::auth::model::{Role, User};
use crate::auth::tokens;
use crate::server::db::Db;

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    username: String,
    role: Role,
    created_at: i64,
    last_sign_in_at: Option<i64>,
    second_factor: bool,
    has_password: bool,
    issuer: Option<String>,
}

impl From<Row> for Account {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            username: row.username,
            role: row.role,
            created_at: DateTime::from_timestamp_millis(row.created_at).unwrap_or_default(),
            last_sign_in_at: row
                .last_sign_in_at
                .and_then(DateTime::from_timestamp_millis),
            second_factor: row.second_factor,
            has_password: row.has_password,
            issuer: row.issuer,
        }
    }
}

const COLUMNS: &str = "select id, username, role, created_at, last_sign_in_at, \
    totp_since is not null as second_factor, password_hash is not null as has_password, \
    (select issuer from identities where user_id = users.id limit 1) as issuer from users";

/// Everybody, by name.
///
/// # Errors
/// Where the database does not answer, here and below.
pub async fn list(db: &Db) -> Result<Vec<Account>, sqlx::Error> {
    let query = format!("{COLUMNS} order by username collate nocase");
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(query))
        .fetch_all(db.read())
        .await?;
    Ok(rows.into_iter().map(Account::from).collect())
}

/// One account.
///
/// # Errors
/// See [`list`].
pub async fn read(db: &Db, id: &str) -> Result<Option<Account>, sqlx::Error> {
    let query = format!("{COLUMNS} where id = ?");
    let row: Option<Row> = sqlx::query_as(sqlx::AssertSqlSafe(query))
        .bind(id)
        .fetch_optional(db.read())
        .await?;
    Ok(row.map(Account::from))
}

/// The user of this name.
///
/// # Errors
/// See [`list`].
pub async fn find(db: &Db, username: &str) -> Result<Option<User>, sqlx::Error> {
    sqlx::query_as("select id, username, role from users where username = ?")
        .bind(username)
        .fetch_optional(db.read())
        .await
}

/// The role of a user; `None` where there is none.
///
/// # Errors
/// See [`list`].
pub async fn role(
    transaction: &mut Transaction<'_, Sqlite>,
    id: &str,
) -> Result<Option<Role>, sqlx::Error> {
    sqlx::query_scalar("select role from users where id = ?")
        .bind(id)
        .fetch_optional(&mut **transaction)
        .await
}

/// Whether this is the id of an admin, or of an API token that may do what an admin may.
///
/// # Errors
/// See [`list`].
pub async fn is_admin(
    transaction: &mut Transaction<'_, Sqlite>,
    id: &str,
) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar(
        "select exists (select 1 from users where id = ?1 and role = 'admin') \
           or exists (select 1 from api_tokens where id = ?1 and role = 'admin')",
    )
    .bind(id)
    .fetch_one(&mut **transaction)
    .await
}

/// As [`another_admin_enters`], while somebody comes in by single sign-on.
///
/// # Errors
/// See [`list`].
pub async fn another_admin(
    transaction: &mut Transaction<'_, Sqlite>,
    id: &str,
) -> Result<bool, sqlx::Error> {
    another_admin_enters(transaction, id, true).await
}

/// Whether an admin beside this user can come in: with a password or, where `sign_on` is set up, as
/// somebody whom a provider knows.
///
/// # Errors
/// See [`list`].
pub async fn another_admin_enters(
    transaction: &mut Transaction<'_, Sqlite>,
    id: &str,
    sign_on: bool,
) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar(
        "select exists (select 1 from users where role = 'admin' and id <> ?1 \
           and (password_hash is not null \
             or (?2 and exists (select 1 from identities where user_id = users.id))))",
    )
    .bind(id)
    .bind(sign_on)
    .fetch_one(&mut **transaction)
    .await
}

/// Gives a user another role, and ends the API tokens that they made and that may more; answers the names of
/// those.
///
/// # Errors
/// See [`list`].
pub async fn set_role(
    transaction: &mut Transaction<'_, Sqlite>,
    id: &str,
    role: Role,
) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query("update users set role = ? where id = ?")
        .bind(role)
        .bind(id)
        .execute(&mut **transaction)
        .await?;
    match role {
        Role::Viewer => tokens::store::delete_of_admins(transaction, id).await,
        Role::Admin => Ok(Vec::new()),
    }
}

/// Gives a user another password. A second factor that was only begun ends: somebody else may have done so.
///
/// # Errors
/// See [`list`].
pub async fn set_password(
    transaction: &mut Transaction<'_, Sqlite>,
    id: &str,
    password_hash: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update users set password_hash = ?, \
           totp_sealed = case when totp_since is not null then totp_sealed end where id = ?",
    )
    .bind(password_hash)
    .bind(id)
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

/// As [`set_password`], where the password has the hash `old` still; false where it does not.
///
/// # Errors
/// See [`list`].
pub async fn replace_password(
    transaction: &mut Transaction<'_, Sqlite>,
    id: &str,
    old: &str,
    password_hash: &str,
) -> Result<bool, sqlx::Error> {
    let is_old: bool = sqlx::query_scalar(
        "select exists (select 1 from users where id = ? and password_hash = ?)",
    )
    .bind(id)
    .bind(old)
    .fetch_one(&mut **transaction)
    .await?;
    if is_old {
        set_password(transaction, id, password_hash).await?;
    }
    Ok(is_old)
}

/// Ends every session of a user.
///
/// # Errors
/// See [`list`].
pub async fn end_sessions(
    transaction: &mut Transaction<'_, Sqlite>,
    id: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("delete from sessions where user_id = ?")
        .bind(id)
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

/// Removes a user, and with them their sessions, their identities and the API tokens that they made; answers
/// the names of those.
///
/// # Errors
/// See [`list`].
pub async fn delete(
    transaction: &mut Transaction<'_, Sqlite>,
    id: &str,
) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query("delete from users where id = ?")
        .bind(id)
        .execute(&mut **transaction)
        .await?;
    tokens::store::delete_of(transaction, id).await
}
