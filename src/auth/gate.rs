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
#[path = "gate_tests.rs"]
mod tests;
