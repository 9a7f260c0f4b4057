//! Setting a second factor up, checking it, and taking it away.

use chrono::DateTime;
use zeroize::Zeroizing;

use super::model::{NewSecret, RecoveryCodes, SecondFactor};
use super::{picture, recovery, store, totp};
use crate::auth::credential::TokenHash;
use crate::auth::model::User;
use crate::error::AppError;
use crate::secrets::vault::{Place, Vault};
use crate::server::clock::Clock;
use crate::server::db::Db;

/// A cheap handle on the second factors.
#[derive(Clone, Debug)]
pub struct SecondFactors {
    db: Db,
    clock: Clock,
    vault: Vault,
}

impl SecondFactors {
    pub fn new(db: Db, clock: Clock, vault: Vault) -> Self {
        Self { db, clock, vault }
    }

    /// What `user` has.
    ///
    /// # Errors
    /// `not_found` where the user is gone meanwhile, here and below.
    pub async fn read(&self, user: &User) -> Result<SecondFactor, AppError> {
        let row = self.row(user).await?;
        Ok(SecondFactor {
            since: row.totp_since.and_then(DateTime::from_timestamp_millis),
            recovery_codes_left: store::codes_left(&self.db, &user.id).await?,
            has_password: row.has_password,
        })
    }

    /// A new secret for an app; it counts once [`SecondFactors::confirm`] saw a code of it.
    ///
    /// # Errors
    /// `conflict` where codes are asked for already.
    pub async fn begin(&self, user: &User) -> Result<NewSecret, AppError> {
        let secret: [u8; totp::SECRET_BYTES] = rand::random();
        let secret = Zeroizing::new(secret);
        let sealed = self.vault.seal(place(user), secret.as_slice());
        let sealed = sealed.map_err(AppError::internal)?;
        if !store::begin(&self.db, &user.id, &sealed).await? {
            return Err(AppError::conflict(
                "One-time codes are asked for already; take them away first.",
            ));
        }
        let uri = totp::uri(secret.as_slice(), &user.username);
        Ok(NewSecret {
            secret: totp::base32(secret.as_slice()),
            picture: picture::draw(&uri)?,
            uri,
        })
    }

    /// Asks for codes from now on, if `code` proves that the app has the secret.
    ///
    /// # Errors
    /// `conflict` where nothing was begun, `invalid` on `code` for a wrong one.
    pub async fn confirm(&self, user: &User, code: &str) -> Result<RecoveryCodes, AppError> {
        let begun = || AppError::conflict("Begin with a new secret first.");
        let row = self.row(user).await?;
        let sealed = row.totp_sealed.filter(|_| row.totp_since.is_none());
        let sealed = sealed.ok_or_else(begun)?;
        let step = self.step(user, &sealed, code)?.ok_or_else(wrong_code)?;
        let (codes, hashes) = self.new_codes(user);
        let now = self.clock.millis();
        if store::confirm(&self.db, &user.id, &sealed, step, &hashes, now).await? {
            Ok(codes)
        } else {
            Err(begun())
        }
    }

    /// Whether `code`, of the app or for recovery, opens the account now. It is used up by this.
    ///
    /// # Errors
    /// `internal` where the secret does not open.
    pub async fn takes(&self, user: &User, code: &str) -> Result<bool, AppError> {
        let row = self.row(user).await?;
        let (Some(sealed), Some(_)) = (row.totp_sealed, row.totp_since) else {
            return Ok(false);
        };
        if let Some(step) = self.step(user, &sealed, code)? {
            return Ok(store::use_step(&self.db, &user.id, step).await?);
        }
        match recovery::normalise(code) {
            Some(code) => Ok(store::use_code(&self.db, &user.id, hash(user, &code)).await?),
            None => Ok(false),
        }
    }

    /// New recovery codes; the old ones are of no more use.
    ///
    /// # Errors
    /// `conflict` where no codes are asked for.
    pub async fn renew_codes(&self, user: &User) -> Result<RecoveryCodes, AppError> {
        let (codes, hashes) = self.new_codes(user);
        if store::renew_codes(&self.db, &user.id, &hashes).await? {
            Ok(codes)
        } else {
            Err(AppError::conflict("No one-time codes are asked for."))
        }
    }

    /// Asks for no more codes.
    ///
    /// # Errors
    /// `internal` where the database does not answer.
    pub async fn remove(&self, user: &User) -> Result<(), AppError> {
        Ok(store::remove(&self.db, &user.id).await?)
    }

    async fn row(&self, user: &User) -> Result<store::Row, AppError> {
        let row = store::read(&self.db, &user.id).await?;
        row.ok_or_else(|| AppError::not_found("user"))
    }

    fn step(&self, user: &User, sealed: &[u8], code: &str) -> Result<Option<i64>, AppError> {
        let secret = self.vault.open(place(user), sealed);
        let secret = secret.map_err(AppError::internal)?;
        Ok(totp::step_of(&secret, code, self.clock.now().timestamp()))
    }

    fn new_codes(&self, user: &User) -> (RecoveryCodes, Vec<TokenHash>) {
        let codes = recovery::new_codes();
        let plain = codes.iter().filter_map(|code| recovery::normalise(code));
        let hashes = plain.map(|code| hash(user, &code)).collect();
        (RecoveryCodes { codes }, hashes)
    }
}

fn place(user: &User) -> Place<'_> {
    Place {
        table: "users",
        row: &user.id,
        column: "totp_sealed",
    }
}

/// With the user's id as salt: one table of all codes would not do for two users.
fn hash(user: &User, code: &str) -> TokenHash {
    TokenHash::of(&format!("{} {code}", user.id))
}

/// What is said of a wrong code.
pub fn wrong_code() -> AppError {
    AppError::invalid(
        "code",
        "This is not the code of now; look at the app again, and at the clock of its device.",
    )
}

#[cfg(test)]
#[path = "keeper_tests.rs"]
mod tests;
