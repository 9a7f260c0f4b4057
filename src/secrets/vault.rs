//! Seals values with AES-256-GCM, each bound to its place, and opens them there and nowhere else.
//!
//! A sealed value is: a byte that says how it was sealed, the id of the key (8), the nonce (12), the
//! ciphertext with its tag (16 more than the plain value).

use std::fmt;
use std::fs::File;
use std::sync::Arc;

use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, KeyInit, Nonce};
use zeroize::Zeroizing;

use super::key::{Key, KeyId, Ring};
use super::scrub;
use crate::error::AppError;

/// How values are sealed today.
const VERSION: u8 = 1;

/// Bytes of a nonce. Random ones are good for four thousand million values of one key.
const NONCE: usize = 12;

/// Bytes before the nonce: the version and the id of the key.
pub const HEADER: usize = 1 + KeyId::LENGTH;

/// Told apart from whatever else may ever be authenticated with this key.
const LABEL: &[u8] = b"docker-watcher sealed value";

/// Where a value stands. A value that was moved elsewhere does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    pub table: &'a str,
    /// The row's id, as text.
    pub row: &'a str,
    pub column: &'a str,
}

/// Why a value was not sealed or does not open. Says nothing of the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    #[error("a value is too long to be sealed")]
    TooLong,
    #[error("a sealed value is damaged, or was sealed by a newer version of this program")]
    Garbled,
    #[error("a value is sealed with key {0}, which is not here")]
    UnknownKey(KeyId),
    #[error("a sealed value was changed, or stands in another place than it was sealed for")]
    Refused,
}

impl From<VaultError> for AppError {
    fn from(error: VaultError) -> Self {
        AppError::internal(error)
    }
}

/// Seals with the current key, and opens with it and the one before. A clone is cheap.
#[derive(Clone)]
pub struct Vault(Arc<Keys>);

struct Keys {
    current: (KeyId, Aes256Gcm),
    previous: Option<(KeyId, Aes256Gcm)>,
    /// While this is held, nobody takes the key away.
    _in_use: Option<File>,
}

impl Vault {
    /// A vault with the keys of `ring`; `in_use` is kept for as long as the vault is.
    pub fn new(ring: &Ring, in_use: Option<File>) -> Self {
        let cipher = |key: &Key| (key.id(), Aes256Gcm::new(key.bytes().into()));
        Self(Arc::new(Keys {
            current: cipher(&ring.current),
            previous: ring.previous.as_ref().map(cipher),
            _in_use: in_use,
        }))
    }

    /// Seals `plain` for `place`.
    ///
    /// # Errors
    /// Beyond 64 GiB.
    pub fn seal(&self, place: Place<'_>, plain: &[u8]) -> Result<Vec<u8>, VaultError> {
        let (id, cipher) = &self.0.current;
        let nonce: [u8; NONCE] = rand::random();
        let mut sealed = vec![VERSION];
        sealed.extend(id.0);
        let aad = associated(&sealed, place);
        let payload = Payload {
            msg: plain,
            aad: &aad,
        };
        let secret = cipher
            .encrypt(&Nonce::from(nonce), payload)
            .map_err(|_| VaultError::TooLong)?;
        sealed.extend(nonce);
        sealed.extend(secret);
        Ok(sealed)
    }

    /// Opens what was sealed for `place`. What comes out is a known secret from then on, and taken out
    /// of every error and every line of the log.
    ///
    /// # Errors
    /// Where its key is not here, a bit of it was changed, or it was sealed for another place.
    pub fn open(&self, place: Place<'_>, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let plain = self.read(place, sealed)?;
        scrub::know(&plain);
        Ok(plain)
    }

    /// As [`Vault::open`], for a value that nobody gets to see.
    pub(super) fn read(
        &self,
        place: Place<'_>,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let id = key_of(sealed)?;
        let mut keys = std::iter::once(&self.0.current).chain(&self.0.previous);
        let (_, cipher) = keys
            .find(|(known, _)| *known == id)
            .ok_or(VaultError::UnknownKey(id))?;
        let (header, rest) = sealed.split_at(HEADER);
        let (nonce, secret) = rest
            .split_first_chunk::<NONCE>()
            .ok_or(VaultError::Garbled)?;
        let payload = Payload {
            msg: secret,
            aad: &associated(header, place),
        };
        let plain = cipher.decrypt(&Nonce::from(*nonce), payload);
        plain.map(Zeroizing::new).map_err(|_| VaultError::Refused)
    }

    /// The key that seals.
    pub fn key_id(&self) -> KeyId {
        self.0.current.0
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Vault")
    }
}

/// The key that a value, or the beginning of one, says it was sealed with.
///
/// # Errors
/// Where it is no sealed value, or one of a later version.
pub fn key_of(sealed: &[u8]) -> Result<KeyId, VaultError> {
    match sealed.split_first_chunk::<HEADER>() {
        Some(([VERSION, id @ ..], _)) => Ok(KeyId(*id)),
        _ => Err(VaultError::Garbled),
    }
}

/// What is authenticated beside the value. Lengths stand before the parts, so that no two places read
/// the same.
fn associated(header: &[u8], place: Place<'_>) -> Vec<u8> {
    let mut data = Vec::with_capacity(128);
    for part in [
        LABEL,
        header,
        place.table.as_bytes(),
        place.row.as_bytes(),
        place.column.as_bytes(),
    ] {
        data.extend((part.len() as u64).to_be_bytes());
        data.extend(part);
    }
    data
}

#[cfg(test)]
#[path = "vault_tests.rs"]
mod tests;
