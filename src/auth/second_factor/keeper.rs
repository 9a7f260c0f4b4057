//! Setting a second factor up, checking it, and taking it away.

use chrono::{DateTime, Duration};
use zeroize::Zeroizing;

use super::model::{NewSecret, RecoveryCodes, SecondFactor};
use super::{picture, recovery, store, totp};
use crate::auth::credential::TokenHash;
use crate::auth::model::User;
use crate::error::AppError;
use crate::secrets::vault::{Place, Vault};
use crate::server::clock::Clock;
use crate::server::db::Db;

/// How long a new secret waits for its first code: whoever finds it later, on a page or in a picture of
/// one, has no use for it.
const WAITS: Duration = Duration::minutes(15);

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

    /// A new secret for an app; it counts once [`SecondFactors::confirm`] saw a code of it. `proven` is the
    /// hash of the password that was proven, here and below: nothing is done where it is another by now.
    ///
    /// # Errors
    /// `conflict` where codes are asked for already, `not_signed_in` where the password is another.
    pub async fn begin(&self, user: &User, proven: &str) -> Result<NewSecret, AppError> {
        let secret: [u8; totp::SECRET_BYTES] = rand::random();
        let secret = Zeroizing::new(secret);
        let sealed = self.vault.seal(place(user), secret.as_slice());
        let sealed = sealed.map_err(AppError::internal)?;
        let now = self.clock.millis();
        if !store::begin(&self.db, &user.id, proven, &sealed, now).await? {
            let is_on = self.row(user).await?.totp_since.is_some();
            let taken = "One-time codes are asked for already; take them away first.";
            return Err(refusal(is_on, taken));
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
    /// `conflict` where nothing was begun in the last fifteen minutes, `invalid` on `code` for a wrong one.
    pub async fn confirm(&self, user: &User, code: &str) -> Result<RecoveryCodes, AppError> {
        let begun = || AppError::conflict("Begin with a new secret first.");
        let row = self.row(user).await?;
        let now = self.clock.millis();
        let is_fresh = |at: i64| now - at < WAITS.num_milliseconds();
        let waits = row.totp_since.is_none() && row.totp_begun_at.is_some_and(is_fresh);
        let sealed = row.totp_sealed.filter(|_| waits).ok_or_else(begun)?;
        let step = self.step(user, &sealed, code)?.ok_or_else(wrong_code)?;
        let (codes, hashes) = self.new_codes(user);
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
            return Ok(store::use_step(&self.db, &user.id, &sealed, step).await?);
        }
        match recovery::normalise(code) {
            Some(code) => Ok(store::use_code(&self.db, &user.id, hash(user, &code)).await?),
            None => Ok(false),
        }
    }

    /// New recovery codes; the old ones are of no more use.
    ///
    /// # Errors
    /// `conflict` where no codes are asked for, `not_signed_in` where the password is another.
    pub async fn renew_codes(&self, user: &User, proven: &str) -> Result<RecoveryCodes, AppError> {
        let (codes, hashes) = self.new_codes(user);
        if store::renew_codes(&self.db, &user.id, proven, &hashes).await? {
            return Ok(codes);
        }
        let is_off = self.row(user).await?.totp_since.is_none();
        Err(refusal(is_off, "No one-time codes are asked for."))
    }

    /// Asks for no more codes.
    ///
    /// # Errors
    /// `not_signed_in` where the password is another.
    pub async fn remove(&self, user: &User, proven: &str) -> Result<(), AppError> {
        if store::remove(&self.db, &user.id, proven).await? {
            Ok(())
        } else {
            Err(AppError::not_signed_in())
        }
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

/// Why nothing was done: as things stand it cannot be, or else the password that was proven is another by
/// now, and the session that asked has ended with it.
fn refusal(cannot_be: bool, why: &str) -> AppError {
    match cannot_be {
        true => AppError::conflict(why),
        false => AppError::not_signed_in(),
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
