//! Sessions and what signs their tokens. Times are Unix milliseconds.

use chrono::{DateTime, Utc};

use super::model::Session;
use crate::auth::model::{Role, User};
use crate::server::db::Db;

/// A sealed signing key.
#[derive(Clone, sqlx::FromRow)]
pub struct SigningKey {
    pub id: String,
    pub key_sealed: Vec<u8>,
}

/// A session that is about to be opened.
#[derive(Clone, Debug)]
pub struct NewSession<'a> {
    pub id: &'a str,
    pub user_id: &'a str,
    pub now: i64,
    pub expires_at: i64,
    pub address: Option<String>,
    pub agent: Option<&'a str>,
    pub proven: Proven<'a>,
}

/// What opens a session; it has to hold still in the moment when it does.
#[derive(Clone, Copy, Debug)]
pub enum Proven<'a> {
    /// The password of this hash and, with `code`, a one-time code beside it.
    Password { hash: &'a str, code: bool },
    /// The word of this issuer.
    SignedOn(&'a str),
}

/// Whose session it is, and when it was last used.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Found {
    #[sqlx(flatten)]
    pub user: User,
    pub last_seen_at: i64,
}

/// The newest first.
///
/// # Errors
/// Where the database does not answer, here and below.
pub async fn signing_keys(db: &Db) -> Result<Vec<SigningKey>, sqlx::Error> {
    sqlx::query_as("select id, key_sealed from signing_keys order by created_at desc, id desc")
        .fetch_all(db.read())
        .await
}

/// Adds the first key; of two that do it at once one wins.
///
/// # Errors
/// See [`signing_keys`].
pub async fn add_signing_key(
    db: &Db,
    id: &str,
    sealed: &[u8],
    now: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into signing_keys (id, key_sealed, created_at) \
         select ?, ?, ? where not exists (select 1 from signing_keys)",
    )
    .bind(id)
    .bind(sealed)
    .bind(now)
    .execute(db.write())
    .await?;
    Ok(())
}

/// Opens a session where what was proven holds still, and notes that its user signed in.
///
/// The answer is the role that they have by now; `None` where the password is another meanwhile, codes are
/// asked for that were not, or there is no such user any more. Then nothing was opened.
///
/// # Errors
/// See [`signing_keys`].
pub async fn add(db: &Db, session: &NewSession<'_>) -> Result<Option<Role>, sqlx::Error> {
    let (hash, code, issuer) = match session.proven {
        Proven::Password { hash, code } => (Some(hash), code, None),
        Proven::SignedOn(issuer) => (None, false, Some(issuer)),
    };
    let mut transaction = db.begin().await?;
    // Checking a password takes a while, in which somebody may have given its owner another one.
    let opened = sqlx::query(
        "insert into sessions (id, user_id, created_at, expires_at, last_seen_at, address, agent, \
         signed_on) \
         select ?1, id, ?2, ?3, ?2, ?4, ?5, ?6 from users where id = ?7 \
           and (?6 is not null or (password_hash = ?8 and (?9 or totp_since is null)))",
    )
    .bind(session.id)
    .bind(session.now)
    .bind(session.expires_at)
    .bind(&session.address)
    .bind(session.agent)
    .bind(issuer)
    .bind(session.user_id)
    .bind(hash)
    .bind(code)
    .execute(&mut *transaction)
    .await?;
    if opened.rows_affected() == 0 {
        return Ok(None);
    }
    let role =
        sqlx::query_scalar("update users set last_sign_in_at = ? where id = ? returning role")
            .bind(session.now)
            .bind(session.user_id)
            .fetch_one(&mut *transaction)
            .await?;
    transaction.commit().await?;
    Ok(Some(role))
}

/// The user of a session that is not over: before its end, and used since `idle_since`.
///
/// # Errors
/// See [`signing_keys`].
pub async fn find(
    db: &Db,
    id: &str,
    user_id: &str,
    now: i64,
    idle_since: i64,
) -> Result<Option<Found>, sqlx::Error> {
    sqlx::query_as(
        "select users.id, users.username, users.role, sessions.last_seen_at from sessions \
         join users on users.id = sessions.user_id \
         where sessions.id = ? and sessions.user_id = ? \
           and sessions.expires_at > ? and sessions.last_seen_at > ?",
    )
    .bind(id)
    .bind(user_id)
    .bind(now)
    .bind(idle_since)
    .fetch_optional(db.read())
    .await
}

/// Notes that sessions are in use, where that was last noted at `old` or before; `ids` is a JSON array.
///
/// # Errors
/// See [`signing_keys`].
pub async fn touch(db: &Db, ids: &str, now: i64, old: i64) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update sessions set last_seen_at = ? \
         where id in (select value from json_each(?)) and last_seen_at <= ?",
    )
    .bind(now)
    .bind(ids)
    .bind(old)
    .execute(db.write())
    .await?;
    Ok(())
}

/// Which of these sessions and API tokens are still good; `ids` is a JSON array of both kinds' ids.
///
/// # Errors
/// See [`signing_keys`].
pub async fn still_good(
    db: &Db,
    ids: &str,
    now: i64,
    idle_since: i64,
) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar(
        "select id from sessions where id in (select value from json_each(?1)) \
           and expires_at > ?2 and last_seen_at > ?3 \
         union all \
         select id from api_tokens where id in (select value from json_each(?1)) \
           and (expires_at is null or expires_at > ?2)",
    )
    .bind(ids)
    .bind(now)
    .bind(idle_since)
    .fetch_all(db.read())
    .await
}

/// The sessions of one user that are not over, the one used last first.
///
/// # Errors
/// See [`signing_keys`].
pub async fn list(
    db: &Db,
    user_id: &str,
    current: &str,
    now: i64,
    idle_since: i64,
) -> Result<Vec<Session>, sqlx::Error> {
    #[derive(sqlx::FromRow)]
    struct Row {
        id: String,
        created_at: i64,
        last_seen_at: i64,
        expires_at: i64,
        address: Option<String>,
        agent: Option<String>,
    }
    let rows: Vec<Row> = sqlx::query_as(
        "select id, created_at, last_seen_at, expires_at, address, agent from sessions \
         where user_id = ? and expires_at > ? and last_seen_at > ? \
         order by last_seen_at desc, id desc",
    )
    .bind(user_id)
    .bind(now)
    .bind(idle_since)
    .fetch_all(db.read())
    .await?;
    let time = |millis| DateTime::<Utc>::from_timestamp_millis(millis).unwrap_or_default();
    let sessions = rows.into_iter().map(|row| Session {
        is_current: row.id == current,
        id: row.id,
        created_at: time(row.created_at),
        last_seen_at: time(row.last_seen_at),
        expires_at: time(row.expires_at),
        address: row.address,
        agent: row.agent,
    });
    Ok(sessions.collect())
}

/// The issuer whose sign-on opened a session; `None` for one that a password opened.
///
/// # Errors
/// See [`signing_keys`].
pub async fn signed_on(db: &Db, id: &str) -> Result<Option<String>, sqlx::Error> {
    let found: Option<Option<String>> =
        sqlx::query_scalar("select signed_on from sessions where id = ?")
            .bind(id)
            .fetch_optional(db.read())
            .await?;
    Ok(found.flatten())
}

/// The addresses that the user of this name is signed in from.
///
/// # Errors
/// See [`signing_keys`].
pub async fn addresses(db: &Db, username: &str) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar(
        "select distinct sessions.address from sessions join users on users.id = sessions.user_id \
         where users.username = ? and sessions.address is not null",
    )
    .bind(username)
    .fetch_all(db.read())
    .await
}

/// Ends one session of one user; false where there was none.
///
/// # Errors
/// See [`signing_keys`].
pub async fn delete(db: &Db, id: &str, user_id: &str) -> Result<bool, sqlx::Error> {
    let done = sqlx::query("delete from sessions where id = ? and user_id = ?")
        .bind(id)
        .bind(user_id)
        .execute(db.write())
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends a session, whoever's it is.
///
/// # Errors
/// See [`signing_keys`].
pub async fn forget(db: &Db, id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("delete from sessions where id = ?")
        .bind(id)
        .execute(db.write())
        .await?;
    Ok(())
}

/// Ends the sessions of a user but one; answers how many.
///
/// # Errors
/// See [`signing_keys`].
pub async fn delete_others(db: &Db, user_id: &str, kept: &str) -> Result<u64, sqlx::Error> {
    let done = sqlx::query("delete from sessions where user_id = ? and id <> ?")
        .bind(user_id)
        .bind(kept)
        .execute(db.write())
        .await?;
    Ok(done.rows_affected())
}

/// Removes the sessions that nobody can use any more; answers how many.
///
/// # Errors
/// See [`signing_keys`].
pub async fn delete_over(db: &Db, now: i64, idle_since: i64) -> Result<u64, sqlx::Error> {
    let done = sqlx::query("delete from sessions where expires_at <= ? or last_seen_at <= ?")
        .bind(now)
        .bind(idle_since)
        .execute(db.write())
        .await?;
    Ok(done.rows_affected())
}

#[cfg(test)]
#[path = "store_tests.rs"]
mod tests;
