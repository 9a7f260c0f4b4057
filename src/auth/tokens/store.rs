//! API tokens in the database. Times are Unix milliseconds.

use chrono::DateTime;
use sqlx::{Sqlite, Transaction};

use super::model::ApiToken;
use crate::auth::credential::TokenHash;
use crate::auth::model::{Role, User};
use crate::server::db::Db;

/// A token that is about to be kept.
#[derive(Clone, Debug)]
pub struct NewRow<'a> {
    pub id: &'a str,
    pub name: &'a str,
    pub role: Role,
    pub hash: TokenHash,
    pub now: i64,
    pub expires_at: Option<i64>,
    pub created_by: Option<&'a str>,
    /// The id of the user or API token that makes it; `None`: the command line.
    pub maker: Option<&'a str>,
}

/// Whom a token acts as, and when it was last used.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Found {
    #[sqlx(flatten)]
    pub user: User,
    pub last_used_at: Option<i64>,
}

/// Adds a token; without an expiry it stays until it is removed.
///
/// It belongs to the user who makes it, or to whom the token belongs that makes it. False where its maker is no
/// admin any more, and there is no new one.
///
/// # Errors
/// A violated `unique` where the name is taken.
pub async fn add(db: &Db, token: &NewRow<'_>) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "insert into api_tokens (id, name, role, token_hash, created_at, expires_at, created_by, \
         owner_id) \
         select ?1, ?2, ?3, ?4, ?5, ?6, ?7, (select id from users where id = ?8 \
           union all select owner_id from api_tokens where id = ?8) \
         where ?8 is null \
           or exists (select 1 from users where id = ?8 and role = 'admin') \
           or exists (select 1 from api_tokens where id = ?8 and role = 'admin')",
    )
    .bind(token.id)
    .bind(token.name)
    .bind(token.role)
    .bind(token.hash.0.as_slice())
    .bind(token.now)
    .bind(token.expires_at)
    .bind(token.created_by)
    .bind(token.maker)
    .execute(db.write())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A token acts as a user that has the token's id, name and role.
///
/// # Errors
/// Where the database does not answer, here and below.
pub async fn find(db: &Db, token: TokenHash, now: i64) -> Result<Option<Found>, sqlx::Error> {
    sqlx::query_as(
        "select id, name as username, role, last_used_at from api_tokens \
         where token_hash = ? and (expires_at is null or expires_at > ?)",
    )
    .bind(token.0.as_slice())
    .bind(now)
    .fetch_optional(db.read())
    .await
}

/// Notes that a token was used.
///
/// # Errors
/// See [`find`].
pub async fn touch(db: &Db, id: &str, now: i64) -> Result<(), sqlx::Error> {
    sqlx::query("update api_tokens set last_used_at = ? where id = ?")
        .bind(now)
        .bind(id)
        .execute(db.write())
        .await?;
    Ok(())
}

/// Every token, by name.
///
/// # Errors
/// See [`find`].
pub async fn list(db: &Db) -> Result<Vec<ApiToken>, sqlx::Error> {
    #[derive(sqlx::FromRow)]
    struct Row {
        id: String,
        name: String,
        role: Role,
        created_at: i64,
        created_by: Option<String>,
        expires_at: Option<i64>,
        last_used_at: Option<i64>,
    }
    let rows: Vec<Row> = sqlx::query_as(
        "select id, name, role, created_at, created_by, expires_at, last_used_at \
         from api_tokens order by name",
    )
    .fetch_all(db.read())
    .await?;
    let tokens = rows.into_iter().map(|row| ApiToken {
        id: row.id,
        name: row.name,
        role: row.role,
        created_at: DateTime::from_timestamp_millis(row.created_at).unwrap_or_default(),
        created_by: row.created_by,
        expires_at: row.expires_at.and_then(DateTime::from_timestamp_millis),
        last_used_at: row.last_used_at.and_then(DateTime::from_timestamp_millis),
    });
    Ok(tokens.collect())
}

/// Removes a token and answers its name; `None` where there is none.
///
/// # Errors
/// See [`find`].
pub async fn delete(db: &Db, id: &str) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar("delete from api_tokens where id = ? returning name")
        .bind(id)
        .fetch_optional(db.write())
        .await
}

/// Removes the tokens that belong to a user; answers their names.
///
/// # Errors
/// See [`find`].
pub async fn delete_of(
    transaction: &mut Transaction<'_, Sqlite>,
    owner_id: &str,
) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar("delete from api_tokens where owner_id = ? returning name")
        .bind(owner_id)
        .fetch_all(&mut **transaction)
        .await
}

/// Removes those that belong to a user and may do what admins may; answers their names.
///
/// # Errors
/// See [`find`].
pub async fn delete_of_admins(
    transaction: &mut Transaction<'_, Sqlite>,
    owner_id: &str,
) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar(
        "delete from api_tokens where owner_id = ? and role = 'admin' returning name",
    )
    .bind(owner_id)
    .fetch_all(&mut **transaction)
    .await
}

/// The user whom the token of this id belongs to; `None` where it belongs to nobody, or is no token's id.
///
/// # Errors
/// See [`find`].
pub async fn owner(db: &Db, id: &str) -> Result<Option<String>, sqlx::Error> {
    let found: Option<Option<String>> =
        sqlx::query_scalar("select owner_id from api_tokens where id = ?")
            .bind(id)
            .fetch_optional(db.read())
            .await?;
    Ok(found.flatten())
}

/// The id of the token of this name.
///
/// # Errors
/// See [`find`].
pub async fn id_of(db: &Db, name: &str) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar("select id from api_tokens where name = ?")
        .bind(name)
        .fetch_optional(db.read())
        .await
}
