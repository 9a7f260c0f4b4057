//! Who gets in: the first admin, signing in and out, and recognising who sent a request.

use std::io;
use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;

use tokio::sync::Mutex;

use super::attempts::Attempts;
use super::model::{AuthState, Role, SignedIn, User};
use super::rules::{check_password, check_username};
use super::session::{Caller, Kind, LIFETIME, TokenHash, kind_of, new_token};
use super::setup::{self, SetupToken};
use super::{password, store};
use crate::error::{AppError, Code};
use crate::server::clock::Clock;
use crate::server::db::{Db, new_id};
use crate::settings;

/// Why the gate cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum GateError {
    #[error("the users cannot be read: {0}")]
    Users(#[from] sqlx::Error),
    #[error("the setup token's file cannot be used: {0}")]
    SetupToken(#[from] io::Error),
}

/// A cheap handle on all that decides who gets in.
#[derive(Clone, Debug)]
pub struct Gate {
    db: Db,
    clock: Clock,
    attempts: Attempts,
    /// `None` where the installation had users when it started. One at a time holds it, so that of many
    /// who try at once only one has a password hashed.
    setup: Arc<Mutex<Option<SetupToken>>>,
}

impl Gate {
    /// Sets the gate up; while there are no users, with a setup token in `setup_file`.
    ///
    /// # Errors
    /// Where the database or the file cannot be used.
    pub async fn open(db: Db, clock: Clock, setup_file: &Path) -> Result<Self, GateError> {
        let token = if store::any_user(&db).await? {
            setup::remove(setup_file)?;
            None
        } else {
            Some(SetupToken::prepare(setup_file)?)
        };
        Ok(Self {
            db,
            clock,
            attempts: Attempts::default(),
            setup: Arc::new(Mutex::new(token)),
        })
    }

    /// Whether the first admin is still to be made.
    ///
    /// # Errors
    /// `internal` where the database does not answer, here and below.
    pub async fn setup_required(&self) -> Result<bool, AppError> {
        Ok(!store::any_user(&self.db).await?)
    }

    /// What anyone may know, and what `visitor` may know of themselves.
    ///
    /// # Errors
    /// See [`Gate::setup_required`].
    pub async fn state(&self, visitor: Option<User>) -> Result<AuthState, AppError> {
        let setup_required = self.setup_required().await?;
        Ok(AuthState {
            setup_required,
            oidc: None,
            user: visitor,
        })
    }

    /// Makes the first admin and signs them in.
    ///
    /// # Errors
    /// `conflict` where there are users already, `forbidden` for a wrong token, `invalid` for a name or
    /// a password that cannot be.
    pub async fn set_up(
        &self,
        username: &str,
        password: &str,
        setup_token: &str,
    ) -> Result<SignedIn, AppError> {
        let taken = || AppError::conflict("This installation has its admin already; sign in.");
        let mut setup = self.setup.lock().await;
        if !self.setup_required().await? {
            return Err(taken());
        }
        if !setup.as_ref().is_some_and(|token| token.is(setup_token)) {
            return Err(AppError {
                code: Code::Forbidden,
                message: "This is not the setup token; the log and the data directory have it."
                    .into(),
                field: Some("setup_token".into()),
            });
        }
        check_username(username)?;
        check_password(password)?;
        let hash = password::hash(password).await?;
        let admin = User {
            id: new_id(),
            username: username.to_owned(),
            role: Role::Admin,
        };
        if !store::add_first_admin(&self.db, &admin, &hash, self.clock.millis()).await? {
            return Err(taken());
        }
        if let Some(token) = setup.take() {
            token.remove();
        }
        drop(setup);
        tracing::info!(username, "the first admin was made");
        self.open_session(admin).await
    }

    /// Signs in with a password.
    ///
    /// # Errors
    /// `not_signed_in` for a wrong name or password, without saying which; `too_many` after too many.
    pub async fn log_in(
        &self,
        username: &str,
        password: &str,
        peer: Option<IpAddr>,
    ) -> Result<SignedIn, AppError> {
        let now = self.clock.millis();
        self.attempts.begin(now, username, peer)?;
        let found = store::credentials(&self.db, username).await?;
        let hash = found.as_ref().map(|found| found.password_hash.as_str());
        let right = password::verify(password, hash).await?;
        match found {
            Some(found) if right => {
                self.attempts.forgive(now, username, peer);
                self.open_session(found.user).await
            }
            _ => {
                tracing::warn!(?peer, "a sign-in failed");
                Err(AppError::new(
                    Code::NotSignedIn,
                    "The username or the password is wrong.",
                ))
            }
        }
    }

    /// Ends the session that the request came with.
    ///
    /// # Errors
    /// `conflict` for an API token, which is no session.
    pub async fn log_out(&self, caller: &Caller) -> Result<(), AppError> {
        let ended = match caller.token {
            Some(token) => store::delete_session(&self.db, token).await?,
            None => false,
        };
        if ended {
            Ok(())
        } else {
            Err(AppError::conflict(
                "There is no session to end; an API token is removed instead.",
            ))
        }
    }

    /// Whose token this is; `None` for one that was never ours, was taken back or has expired.
    ///
    /// # Errors
    /// See [`Gate::setup_required`].
    pub async fn recognise(&self, token: &str) -> Result<Option<User>, AppError> {
        let (hash, now) = (TokenHash::of(token), self.clock.millis());
        Ok(match kind_of(token) {
            Some(Kind::Session) => store::user_of_session(&self.db, hash, now).await?,
            Some(Kind::Api) => store::user_of_api_token(&self.db, hash, now).await?,
            Some(Kind::Setup) | None => None,
        })
    }

    /// Whether people come over https, as far as the settings say.
    ///
    /// # Errors
    /// See [`Gate::setup_required`].
    pub async fn is_secure(&self) -> Result<bool, AppError> {
        let settings = settings::store::read(self.db.read()).await?;
        Ok(settings
            .public_url
            .is_some_and(|url| url.starts_with("https://")))
    }

    async fn open_session(&self, user: User) -> Result<SignedIn, AppError> {
        let token = new_token(Kind::Session);
        let now = self.clock.now();
        let expires_at = now + LIFETIME;
        store::add_session(
            &self.db,
            &new_id(),
            &user.id,
            TokenHash::of(&token),
            now.timestamp_millis(),
            expires_at.timestamp_millis(),
        )
        .await?;
        Ok(SignedIn {
            token,
            expires_at,
            user,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct House {
        dir: tempfile::TempDir,
        clock: Clock,
        gate: Gate,
    }

    impl House {
        async fn fresh() -> Self {
            let dir = tempfile::tempdir().unwrap();
            let db = Db::open(&dir.path().join("test.db")).await.unwrap();
            let clock = Clock::held_at(chrono::DateTime::UNIX_EPOCH);
            let gate = Gate::open(db, clock.clone(), &dir.path().join("setup-token"))
                .await
                .unwrap();
            Self { dir, clock, gate }
        }

        fn token(&self) -> Option<String> {
            std::fs::read_to_string(self.dir.path().join("setup-token")).ok()
        }
    }

    fn status<T: std::fmt::Debug>(result: Result<T, AppError>) -> u16 {
        result.unwrap_err().code.status()
    }

    #[tokio::test]
    async fn of_two_hundred_who_set_up_at_once_one_becomes_the_admin() {
        let house = House::fresh().await;
        let token = house.token().unwrap();
        let tries = (0..200).map(|number| {
            let (gate, token) = (house.gate.clone(), token.clone());
            async move {
                gate.set_up(&format!("admin{number}"), "long enough", &token)
                    .await
            }
        });
        let results = futures::future::join_all(tries).await;
        let (won, lost): (Vec<_>, Vec<_>) = results.into_iter().partition(Result::is_ok);
        assert_eq!(won.len(), 1);
        assert!(lost.into_iter().all(|lost| status(lost) == 409));
        assert_eq!(house.token(), None);
    }

    #[tokio::test]
    async fn a_wrong_token_or_a_short_password_leaves_the_setup_open() {
        let House { gate, .. } = &House::fresh().await;
        assert_eq!(
            status(gate.set_up("ann", "long enough", "dwsetup_x").await),
            403
        );
        assert_eq!(status(gate.set_up("ann", "long enough", "").await), 403);
        assert!(gate.state(None).await.unwrap().setup_required);
    }

    #[tokio::test]
    async fn the_rules_for_names_and_passwords_hold_for_the_first_admin() {
        let house = House::fresh().await;
        let token = house.token().unwrap();
        let error = house.gate.set_up("ann", "short", &token).await.unwrap_err();
        assert_eq!(
            (error.code.status(), error.field.as_deref()),
            (422, Some("password"))
        );
        let error = house
            .gate
            .set_up("", "long enough", &token)
            .await
            .unwrap_err();
        assert_eq!(
            (error.code.status(), error.field.as_deref()),
            (422, Some("username"))
        );
        assert!(house.token().is_some());
    }

    #[tokio::test]
    async fn a_session_is_good_for_thirty_days_or_until_its_sign_out() {
        let house = House::fresh().await;
        let gate = &house.gate;
        let token = house.token().unwrap();
        let ann = gate.set_up("ann", "long enough", &token).await.unwrap();
        assert_eq!(
            gate.recognise(&ann.token).await.unwrap(),
            Some(ann.user.clone())
        );

        let again = gate.log_in("Ann", "long enough", None).await.unwrap();
        assert_ne!(again.token, ann.token);
        let caller = Caller {
            peer: None,
            token: Some(TokenHash::of(&again.token)),
        };
        gate.log_out(&caller).await.unwrap();
        assert_eq!(gate.recognise(&again.token).await.unwrap(), None);
        assert_eq!(status(gate.log_out(&caller).await), 409);

        house
            .clock
            .advance(LIFETIME - chrono::Duration::milliseconds(1));
        assert!(gate.recognise(&ann.token).await.unwrap().is_some());
        house.clock.advance(chrono::Duration::milliseconds(1));
        assert_eq!(gate.recognise(&ann.token).await.unwrap(), None);
    }

    #[tokio::test]
    async fn a_wrong_name_and_a_wrong_password_get_the_same_answer_and_soon_none() {
        let house = House::fresh().await;
        let token = house.token().unwrap();
        house
            .gate
            .set_up("ann", "long enough", &token)
            .await
            .unwrap();
        let wrong = house
            .gate
            .log_in("ann", "long enougH", None)
            .await
            .unwrap_err();
        assert_eq!(
            house
                .gate
                .log_in("bob", "long enough", None)
                .await
                .unwrap_err(),
            wrong
        );
        assert_eq!(wrong.code.status(), 401);
        for _ in 1..10 {
            assert_eq!(status(house.gate.log_in("ann", "x", None).await), 401);
        }
        assert_eq!(
            status(house.gate.log_in("ann", "long enough", None).await),
            429
        );
        house.clock.advance(chrono::Duration::minutes(1));
        house.gate.log_in("ann", "long enough", None).await.unwrap();
    }

    #[tokio::test]
    async fn a_token_that_was_never_ours_is_nobody() {
        let house = House::fresh().await;
        let setup = house.token().unwrap();
        for token in ["", "dws_", "x", setup.trim(), &new_token(Kind::Session)] {
            assert_eq!(house.gate.recognise(token).await.unwrap(), None, "{token}");
        }
    }

    #[tokio::test]
    async fn with_users_there_is_no_setup_token_after_a_restart() {
        let house = House::fresh().await;
        let token = house.token().unwrap();
        house
            .gate
            .set_up("ann", "long enough", &token)
            .await
            .unwrap();
        let file = house.dir.path().join("setup-token");
        std::fs::write(&file, &token).unwrap();
        let gate = Gate::open(house.gate.db, house.clock, &file).await.unwrap();
        assert!(!file.exists());
        assert_eq!(status(gate.set_up("eve", "long enough", &token).await), 409);
    }
}
