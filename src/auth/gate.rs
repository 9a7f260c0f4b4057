//! Who gets in: the first admin, signing in and out, and recognising who sent a request.

use std::io;
use std::path::Path;
use std::sync::Arc;

use tokio::sync::Mutex;

use super::attempts::{Attempts, Subject};
use super::credential::{Caller, Credential, Kind, kind_of};
use super::model::{AuthState, Oidc, Role, SignedIn, User};
use super::rules::check_username;
use super::second_factor::keeper::SecondFactors;
use super::second_factor::model::RecoveryCodes;
use super::sessions::keeper::Sessions;
use super::sessions::store::Proven;
use super::setup::{self, SetupToken};
use super::store::Credentials;
use super::visit::Visit;
use super::{password, store, tokens, users};
use crate::error::{AppError, Code};
use crate::server::clock::Clock;
use crate::server::db::{Db, new_id};

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
    sessions: Sessions,
    second_factors: SecondFactors,
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
    pub async fn open(
        db: Db,
        clock: Clock,
        sessions: Sessions,
        second_factors: SecondFactors,
        setup_file: &Path,
    ) -> Result<Self, GateError> {
        let token = if store::any_user(&db).await? {
            setup::remove(setup_file)?;
            None
        } else {
            Some(SetupToken::prepare(setup_file)?)
        };
        Ok(Self {
            db,
            clock,
            sessions,
            second_factors,
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
    pub async fn state(
        &self,
        visitor: Option<User>,
        oidc: Option<Oidc>,
    ) -> Result<AuthState, AppError> {
        Ok(AuthState {
            setup_required: self.setup_required().await?,
            oidc,
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
        new_password: &str,
        setup_token: &str,
        visit: &Visit,
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
        password::check(new_password, username)?;
        let hash = password::hash(new_password).await?;
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
        let proven = Proven::Password {
            hash: &hash,
            code: false,
        };
        let opened = self.sessions.open(admin, visit, proven).await?;
        opened.ok_or_else(AppError::not_signed_in)
    }

    /// Signs in with a password, and with a one-time code where the account asks for one.
    ///
    /// # Errors
    /// `not_signed_in` for a wrong name or password, without saying which; `second_factor` where a code
    /// is missing or wrong; `too_many` after too many of them.
    pub async fn log_in(
        &self,
        username: &str,
        password: &str,
        code: Option<&str>,
        visit: &Visit,
    ) -> Result<SignedIn, AppError> {
        let is_familiar = self.sessions.is_familiar(username, visit).await?;
        let mut subjects = vec![Subject::name(username, is_familiar)];
        subjects.extend(visit.address.map(Subject::network));
        let attempt = self.attempts.begin(self.clock.millis(), subjects)?;
        let found = store::credentials(&self.db, username).await?;
        let hash = found
            .as_ref()
            .and_then(|found| found.password_hash.as_deref());
        let right = password::verify(password, hash).await?;
        let Some(Credentials {
            user,
            password_hash: Some(hash),
            second_factor,
        }) = found.filter(|_| right)
        else {
            tracing::warn!(address = ?visit.address, "a sign-in failed");
            return Err(wrong_credentials());
        };
        if second_factor {
            let code = code.map(str::trim).filter(|code| !code.is_empty());
            let Some(code) = code else {
                // Whoever came so far has guessed nothing yet.
                self.attempts.forgive(attempt);
                return Err(code_wanted("This account needs a one-time code, too."));
            };
            if !self.second_factors.takes(&user, code).await? {
                tracing::warn!(address = ?visit.address, "a one-time code was wrong");
                return Err(code_wanted(
                    "The one-time code is wrong or was used before; wait for the next one.",
                ));
            }
        }
        let proven = Proven::Password {
            hash: &hash,
            code: second_factor,
        };
        let Some(signed_in) = self.sessions.open(user, visit, proven).await? else {
            tracing::warn!(address = ?visit.address, "a sign-in failed: what it proved has changed meanwhile");
            return Err(wrong_credentials());
        };
        self.attempts.forgive(attempt);
        Ok(signed_in)
    }

    /// Ends the session that a new one replaces in a browser, which could neither use nor end it any more.
    ///
    /// # Errors
    /// See [`Gate::setup_required`].
    pub async fn replace(&self, old: &str) -> Result<(), AppError> {
        self.sessions.forget(old).await
    }

    /// Lets somebody who is signed in go on with what an open page alone must not be enough for. `session` is
    /// the id of the one that asks; what it gets wrong counts for no other.
    ///
    /// The answer is the hash of the password: what goes on holds to it, because it may be another by then.
    ///
    /// # Errors
    /// `invalid` on `password` for a wrong one, `conflict` where the account has none, `too_many` after
    /// too many wrong ones. The session itself is never locked.
    pub async fn prove(
        &self,
        user: &User,
        session: &str,
        password: &str,
    ) -> Result<String, AppError> {
        let subjects = vec![Subject::Session(session.to_owned())];
        let attempt = self.attempts.begin(self.clock.millis(), subjects)?;
        let found = store::credentials(&self.db, &user.username).await?;
        let hash = found.and_then(|found| found.password_hash);
        let hash = hash.ok_or_else(|| {
            AppError::conflict("This account has no password here; its sign-on provider has it.")
        })?;
        if !password::verify(password, Some(&hash)).await? {
            return Err(AppError::invalid("password", "This is not your password."));
        }
        self.attempts.forgive(attempt);
        Ok(hash)
    }

    /// Asks `user` for codes from now on, if `code` proves that their app has the new secret.
    ///
    /// # Errors
    /// As [`SecondFactors::confirm`], and `too_many` after too many wrong codes, from all sessions of theirs.
    pub async fn confirm_second_factor(
        &self,
        user: &User,
        code: &str,
    ) -> Result<RecoveryCodes, AppError> {
        let subjects = vec![Subject::Person(user.id.clone())];
        let attempt = self.attempts.begin(self.clock.millis(), subjects)?;
        let confirmed = self.second_factors.confirm(user, code).await;
        // Where there was nothing to confirm, nobody guessed.
        if !matches!(&confirmed, Err(error) if error.code == Code::Invalid) {
            self.attempts.forgive(attempt);
        }
        confirmed
    }

    /// Gives somebody who is signed in a new password. All their sessions end, and this one goes on
    /// under a new id.
    ///
    /// # Errors
    /// As [`Gate::prove`], and `invalid` on `new_password` for one that cannot be; `not_signed_in` where
    /// somebody else gave them another one meanwhile, which stays.
    pub async fn change_password(
        &self,
        user: User,
        session: &str,
        current: &str,
        new_password: &str,
        visit: &Visit,
    ) -> Result<SignedIn, AppError> {
        let old = self.prove(&user, session, current).await?;
        password::check(new_password, &user.username).map_err(|error| AppError {
            field: Some("new_password".into()),
            ..error
        })?;
        let hash = password::hash(new_password).await?;
        let mut transaction = self.db.begin().await?;
        if !users::store::replace_password(&mut transaction, &user.id, &old, &hash).await? {
            return Err(AppError::not_signed_in());
        }
        users::store::end_sessions(&mut transaction, &user.id).await?;
        transaction.commit().await?;
        tracing::info!(username = user.username, "a password was changed");
        // The session that asked was opened with a code, where one is wanted.
        let proven = Proven::Password {
            hash: &hash,
            code: true,
        };
        let opened = self.sessions.open(user, visit, proven).await?;
        opened.ok_or_else(AppError::not_signed_in)
    }

    /// Ends the session that the request came with.
    ///
    /// # Errors
    /// `conflict` for an API token, which is no session.
    pub async fn log_out(&self, caller: &Caller) -> Result<(), AppError> {
        match &caller.credential {
            Some(Credential::Session(id)) => self.sessions.forget(id).await,
            Some(Credential::ApiToken(_)) | None => Err(AppError::conflict(
                "There is no session to end; an API token is removed instead.",
            )),
        }
    }

    /// Whose token this is; `None` for one that was never ours, was taken back or has expired.
    ///
    /// # Errors
    /// See [`Gate::setup_required`].
    pub async fn recognise(&self, token: &str) -> Result<Option<(User, Credential)>, AppError> {
        match kind_of(token) {
            Some(Kind::Setup) => Ok(None),
            Some(Kind::Api) => {
                let user = tokens::keeper::recognise(&self.db, &self.clock, token).await?;
                Ok(user.map(|user| {
                    let credential = Credential::ApiToken(user.id.clone());
                    (user, credential)
                }))
            }
            None => {
                let found = self.sessions.recognise(token).await?;
                Ok(found.map(|(user, id)| (user, Credential::Session(id))))
            }
        }
    }
}

/// The same whichever of the two it is.
fn wrong_credentials() -> AppError {
    AppError::new(Code::NotSignedIn, "The username or the password is wrong.")
}

fn code_wanted(message: &str) -> AppError {
    AppError {
        code: Code::SecondFactor,
        message: message.into(),
        field: Some("code".into()),
    }
}

#[cfg(test)]
#[path = "gate_tests.rs"]
pub mod tests;
