//! The second factors in the database. Times are Unix milliseconds.

use sqlx::{Executor, Sqlite};

use crate::auth::credential::TokenHash;
use crate::server::db::Db;

/// What is known of somebody's second factor.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Row {
    pub totp_sealed: Option<Vec<u8>>,
    pub totp_since: Option<i64>,
    pub totp_begun_at: Option<i64>,
    pub has_password: bool,
}

/// The second factor of a user; `None` where there is no such user.
///
/// # Errors
/// Where the database does not answer, here and below.
pub async fn read(db: &Db, user_id: &str) -> Result<Option<Row>, sqlx::Error> {
    sqlx::query_as(
        "select totp_sealed, totp_since, totp_begun_at, password_hash is not null as has_password \
         from users where id = ?",
    )
    .bind(user_id)
    .fetch_optional(db.read())
    .await
}

/// Keeps a secret that no code has proved yet; false where codes are asked for already, or the password is
/// not the one of the hash `proven`.
///
/// # Errors
/// See [`read`].
pub async fn begin(
    db: &Db,
    user_id: &str,
    proven: &str,
    sealed: &[u8],
    now: i64,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "update users set totp_sealed = ?, totp_begun_at = ? \
         where id = ? and password_hash = ? and totp_since is null",
    )
    .bind(sealed)
    .bind(now)
    .bind(user_id)
    .bind(proven)
    .execute(db.write())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Asks for codes from now on, and replaces the recovery codes; false where that was so already, or
/// another secret was begun meanwhile.
///
/// # Errors
/// See [`read`].
pub async fn confirm(
    db: &Db,
    user_id: &str,
    sealed: &[u8],
    step: i64,
    codes: &[TokenHash],
    now: i64,
) -> Result<bool, sqlx::Error> {
    let mut transaction = db.begin().await?;
    let done = sqlx::query(
        "update users set totp_since = ?, totp_last_step = ? \
         where id = ? and totp_since is null and totp_sealed = ?",
    )
    .bind(now)
    .bind(step)
    .bind(user_id)
    .bind(sealed)
    .execute(&mut *transaction)
    .await?;
    if done.rows_affected() == 1 {
        replace_codes(&mut transaction, user_id, codes).await?;
    }
    transaction.commit().await?;
    Ok(done.rows_affected() == 1)
}

/// Uses up a time step of this secret and all before it; false where it was used up already, or codes of
/// another secret are asked for by now.
///
/// # Errors
/// See [`read`].
pub async fn use_step(
    db: &Db,
    user_id: &str,
    sealed: &[u8],
    step: i64,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "update users set totp_last_step = ?1 where id = ?2 and totp_last_step < ?1 \
         and totp_sealed = ?3 and totp_since is not null",
    )
    .bind(step)
    .bind(user_id)
    .bind(sealed)
    .execute(db.write())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Uses up a recovery code; false where there is no such code.
///
/// # Errors
/// See [`read`].
pub async fn use_code(db: &Db, user_id: &str, code: TokenHash) -> Result<bool, sqlx::Error> {
    let done = sqlx::query("delete from recovery_codes where user_id = ? and code_hash = ?")
        .bind(user_id)
        .bind(code.0.as_slice())
        .execute(db.write())
        .await?;
    Ok(done.rows_affected() == 1)
}

/// How many recovery codes are left.
///
/// # Errors
/// See [`read`].
pub async fn codes_left(db: &Db, user_id: &str) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("select count(*) from recovery_codes where user_id = ?")
        .bind(user_id)
        .fetch_one(db.read())
        .await
}

/// Replaces the recovery codes of somebody whose codes are asked for, and whose password has the hash
/// `proven`; false for anybody else.
///
/// # Errors
/// See [`read`].
pub async fn renew_codes(
    db: &Db,
    user_id: &str,
    proven: &str,
    codes: &[TokenHash],
) -> Result<bool, sqlx::Error> {
    let mut transaction = db.begin().await?;
    let has: bool = sqlx::query_scalar(
        "select exists (select 1 from users \
         where id = ? and password_hash = ? and totp_since is not null)",
    )
    .bind(user_id)
    .bind(proven)
    .fetch_one(&mut *transaction)
    .await?;
    if has {
        replace_codes(&mut transaction, user_id, codes).await?;
    }
    transaction.commit().await?;
    Ok(has)
}

/// Takes the second factor away, with its recovery codes; false where the password is not the one of the
/// hash `proven`.
///
/// # Errors
/// See [`read`].
pub async fn remove(db: &Db, user_id: &str, proven: &str) -> Result<bool, sqlx::Error> {
    let mut transaction = db.begin().await?;
    let is_theirs: bool = sqlx::query_scalar(
        "select exists (select 1 from users where id = ? and password_hash = ?)",
    )
    .bind(user_id)
    .bind(proven)
    .fetch_one(&mut *transaction)
    .await?;
    if is_theirs {
        remove_in(&mut transaction, user_id).await?;
    }
    transaction.commit().await?;
    Ok(is_theirs)
}

/// Takes it away whatever the password is, within a transaction of somebody else's.
///
/// # Errors
/// See [`read`].
pub async fn remove_in(
    transaction: &mut sqlx::Transaction<'_, Sqlite>,
    user_id: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update users set totp_sealed = null, totp_since = null, totp_begun_at = null where id = ?",
    )
    .bind(user_id)
    .execute(&mut **transaction)
    .await?;
    delete_codes(&mut **transaction, user_id).await
}

async fn replace_codes(
    transaction: &mut sqlx::Transaction<'_, Sqlite>,
    user_id: &str,
    codes: &[TokenHash],
) -> Result<(), sqlx::Error> {
    delete_codes(&mut **transaction, user_id).await?;
    for code in codes {
        sqlx::query("insert into recovery_codes (user_id, code_hash) values (?, ?)")
            .bind(user_id)
            .bind(code.0.as_slice())
            .execute(&mut **transaction)
            .await?;
    }
    Ok(())
}

async fn delete_codes<'c>(
    writer: impl Executor<'c, Database = Sqlite>,
    user_id: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("delete from recovery_codes where user_id = ?")
        .bind(user_id)
        .execute(writer)
        .await?;
    Ok(())
}
