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
    pub created_by: Option<Maker<'a>>,
}

/// Who makes a token.
#[derive(Clone, Copy, Debug)]
pub struct Maker<'a> {
    /// The id of a user, or of an API token.
    pub id: &'a str,
    pub name: &'a str,
}

/// Makes a token.
///
/// # Errors
/// `invalid` for a name that cannot be or an expiry that is over, `conflict` for a name that is taken,
/// `forbidden` where its maker is no admin any more.
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
    let created_by = wanted.created_by.map(|maker| maker.name);
    let row = NewRow {
        id: &id,
        name,
        role: wanted.role,
        hash: TokenHash::of(&token),
        now: now.timestamp_millis(),
        expires_at: wanted.expires_at.map(|time| time.timestamp_millis()),
        created_by,
        maker: wanted.created_by.map(|maker| maker.id),
    };
    let is_added = store::add(db, &row)
        .await
        .map_err(|error| AppError::on_unique(error, "name", "There is a token of this name."))?;
    if !is_added {
        return Err(AppError::forbidden());
    }
    tracing::info!(name, role = ?wanted.role, by = created_by, "a token was made");
    let about = ApiToken {
        name: name.to_owned(),
        role: wanted.role,
        created_at: now,
        created_by: created_by.map(str::to_owned),
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

    async fn somebody(db: &Db, name: &str, role: Role) -> User {
        let user = User {
            id: format!("id of {name}"),
            username: name.into(),
            role,
        };
        crate::auth::store::add_user(db, None, &user, Some("hash"), 0)
            .await
            .unwrap();
        user
    }

    fn maker(user: &User) -> Maker<'_> {
        Maker {
            id: &user.id,
            name: &user.username,
        }
    }

    #[tokio::test]
    async fn a_token_is_made_by_admins_and_ends_with_what_its_maker_may() {
        let dir = tempfile::tempdir().unwrap();
        let db = Db::open(&dir.path().join("test.db")).await.unwrap();
        let clock = Clock::held_at(DateTime::UNIX_EPOCH);
        let make_by = async |created_by: Option<Maker<'_>>, name: &str, role: Role| {
            let wanted = Wanted {
                name,
                role,
                expires_at: None,
                created_by,
            };
            make(&db, &clock, &wanted).await
        };
        let names = async || {
            let all = store::list(&db).await.unwrap();
            let names = all.into_iter().map(|token| token.name);
            names.collect::<Vec<_>>()
        };
        let ann = somebody(&db, "ann", Role::Admin).await;
        let vic = somebody(&db, "vic", Role::Viewer).await;
        make_by(None, "1 by command", Role::Admin).await.unwrap();
        let by_ann = make_by(Some(maker(&ann)), "2 by ann", Role::Admin).await;
        make_by(Some(maker(&ann)), "3 reads", Role::Viewer)
            .await
            .unwrap();
        // Nobody stays in by a token that one of their tokens made.
        let by_ann = recognise(&db, &clock, &by_ann.unwrap().token)
            .await
            .unwrap()
            .unwrap();
        make_by(Some(maker(&by_ann)), "4 by a token", Role::Admin)
            .await
            .unwrap();
        let by_vic = make_by(Some(maker(&vic)), "by vic", Role::Viewer).await;
        assert_eq!(by_vic.unwrap_err().code.status(), 403);

        let mut transaction = db.begin().await.unwrap();
        let mut ended =
            crate::auth::users::store::set_role(&mut transaction, &ann.id, Role::Viewer)
                .await
                .unwrap();
        transaction.commit().await.unwrap();
        ended.sort_unstable();
        assert_eq!(ended, ["2 by ann", "4 by a token"]);
        assert_eq!(names().await, ["1 by command", "3 reads"]);
        let mut transaction = db.begin().await.unwrap();
        let ended = crate::auth::users::store::delete(&mut transaction, &ann.id).await;
        transaction.commit().await.unwrap();
        assert_eq!(ended.unwrap(), ["3 reads"]);
        assert_eq!(names().await, ["1 by command"]);
        let late = make_by(Some(maker(&by_ann)), "late", Role::Viewer).await;
        assert_eq!(late.unwrap_err().code.status(), 403);
    }

    #[tokio::test]
    async fn a_token_acts_with_its_role_until_it_expires_and_says_when_it_was_used() {
        let dir = tempfile::tempdir().unwrap();
        let db = Db::open(&dir.path().join("test.db")).await.unwrap();
        let clock = Clock::held_at(DateTime::UNIX_EPOCH + Duration::days(1));
        let ann = somebody(&db, "ann", Role::Admin).await;
        let wanted = Wanted {
            name: " ci ",
            role: Role::Viewer,
            expires_at: Some(clock.now() + Duration::hours(1)),
            created_by: Some(maker(&ann)),
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
