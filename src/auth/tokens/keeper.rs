//! Making a token, recognising it, and taking it back.

use chrono::{DateTime, Duration, Utc};

use super::model::{ApiToken, NewApiToken};
use super::store::{self, NewRow};
use crate::auth::credential::{Kind, TokenHash, new_token};
use crate::auth::model::{Role, User};
use crate::error::AppError;
use crate::server::clock::Clock;
use crate::server::db::{Db, new_id};

/// The longest name, in characters.
const NAME_MOST: usize = 64;

/// How exactly the last use is kept.
const TOUCH: Duration = Duration::minutes(1);

/// What a new token shall be.
#[derive(Clone, Debug)]
pub struct Wanted<'a> {
    pub name: &'a str,
    pub role: Role,
    /// `None`: it does not expire.
    pub expires_at: Option<DateTime<Utc>>,
    /// `None`: the command line.
    pub created_by: Option<&'a str>,
}

/// Makes a token.
///
/// # Errors
/// `invalid` for a name that cannot be or an expiry that is over, `conflict` for a name that is taken.
pub async fn make(db: &Db, clock: &Clock, wanted: &Wanted<'_>) -> Result<NewApiToken, AppError> {
    let name = wanted.name.trim();
    let length = name.chars().count();
    if length == 0 || length > NAME_MOST || name.contains(char::is_control) {
        return Err(AppError::invalid(
            "name",
            format!("A token's name has 1 to {NAME_MOST} characters."),
        ));
    }
    let now = clock.now();
    if wanted
        .expires_at
        .is_some_and(|expires_at| expires_at <= now)
    {
        return Err(AppError::invalid(
            "expires_at",
            "A token expires in the future, or not at all.",
        ));
    }
    let (id, token) = (new_id(), new_token(Kind::Api));
    let row = NewRow {
        id: &id,
        name,
        role: wanted.role,
        hash: TokenHash::of(&token),
        now: now.timestamp_millis(),
        expires_at: wanted.expires_at.map(|time| time.timestamp_millis()),
        created_by: wanted.created_by,
    };
    store::add(db, &row)
        .await
        .map_err(|error| AppError::on_unique(error, "name", "There is a token of this name."))?;
    tracing::info!(name, role = ?wanted.role, by = wanted.created_by, "a token was made");
    let about = ApiToken {
        name: name.to_owned(),
        role: wanted.role,
        created_at: now,
        created_by: wanted.created_by.map(str::to_owned),
        expires_at: wanted.expires_at,
        last_used_at: None,
        id,
    };
    Ok(NewApiToken { about, token })
}

/// Whom a token acts as; `None` for one that was never ours, was taken back or has expired.
///
/// # Errors
/// `internal` where the database does not answer.
pub async fn recognise(db: &Db, clock: &Clock, token: &str) -> Result<Option<User>, AppError> {
    let now = clock.millis();
    let Some(found) = store::find(db, TokenHash::of(token), now).await? else {
        return Ok(None);
    };
    let is_old = |used: i64| now - used >= TOUCH.num_milliseconds();
    if found.last_used_at.is_none_or(is_old) {
        store::touch(db, &found.user.id, now).await?;
    }
    Ok(Some(found.user))
}

/// Takes back the token of this name or, where none has it, of this id. A name may look like another
/// token's id, so the two are never looked for at once.
///
/// # Errors
/// `not_found`.
pub async fn remove_named(db: &Db, name: &str) -> Result<String, AppError> {
    let id = store::id_of(db, name).await?;
    remove(db, id.as_deref().unwrap_or(name)).await
}

/// Takes a token back, and answers its name.
///
/// # Errors
/// `not_found`.
pub async fn remove(db: &Db, id: &str) -> Result<String, AppError> {
    let name = store::delete(db, id).await?;
    let name = name.ok_or_else(|| AppError::not_found("token"))?;
    tracing::info!(name, "a token was taken back");
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_token_acts_with_its_role_until_it_expires_and_says_when_it_was_used() {
        let dir = tempfile::tempdir().unwrap();
        let db = Db::open(&dir.path().join("test.db")).await.unwrap();
        let clock = Clock::held_at(DateTime::UNIX_EPOCH + Duration::days(1));
        let wanted = Wanted {
            name: " ci ",
            role: Role::Viewer,
            expires_at: Some(clock.now() + Duration::hours(1)),
            created_by: Some("ann"),
        };
        let made = make(&db, &clock, &wanted).await.unwrap();
        let listed = store::list(&db).await.unwrap();
        assert_eq!(listed, std::slice::from_ref(&made.about));
        let taken = make(&db, &clock, &wanted).await.unwrap_err();
        assert_eq!(taken.code.status(), 409);

        clock.advance(Duration::minutes(30));
        let user = recognise(&db, &clock, &made.token).await.unwrap().unwrap();
        assert_eq!((user.username.as_str(), user.role), ("ci", Role::Viewer));
        let used = store::list(&db).await.unwrap()[0].last_used_at;
        assert_eq!(used, Some(clock.now()));
        assert_eq!(recognise(&db, &clock, "dwt_x").await.unwrap(), None);
        clock.advance(Duration::minutes(30));
        assert_eq!(recognise(&db, &clock, &made.token).await.unwrap(), None);

        assert_eq!(remove(&db, "ci").await.unwrap_err().code.status(), 404);
        remove_named(&db, "ci").await.unwrap();
        let gone = remove_named(&db, "ci").await.unwrap_err();
        assert_eq!(gone.code.status(), 404);
    }

    #[tokio::test]
    async fn what_cannot_be_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let db = Db::open(&dir.path().join("test.db")).await.unwrap();
        let clock = Clock::held_at(DateTime::UNIX_EPOCH);
        let long = "x".repeat(65);
        for (name, expires_at, field) in [
            ("", None, "name"),
            ("  ", None, "name"),
            ("a\nb", None, "name"),
            (long.as_str(), None, "name"),
            ("ci", Some(clock.now()), "expires_at"),
        ] {
            let wanted = Wanted {
                name,
                role: Role::Admin,
                expires_at,
                created_by: None,
            };
            let error = make(&db, &clock, &wanted).await.unwrap_err();
            assert_eq!(
                (error.code.status(), error.field.as_deref()),
                (422, Some(field))
            );
        }
    }
}
