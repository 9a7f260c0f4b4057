//! Another key for everything that is sealed.
//!
//! At every moment the keys at hand open every value: first the file gets the new key beside the old
//! one, then all values are sealed anew in one transaction, then the old key leaves the file. Whoever
//! is interrupted begins again where that was.

use std::io;

use super::key::{Key, KeyId, Ring};
use super::key_file::{KeyFile, KeyFileError};
use super::opening::{OpenError, check, keys_in_use};
use super::sealed::Column;
use super::source::Source;
use super::store;
use super::vault::{Place, Vault, VaultError, key_of};
use crate::server::db::Db;

/// Why the key was not changed, or not wholly. Beginning again finishes it.
#[derive(Debug, thiserror::Error)]
pub enum RotationError {
    #[error(transparent)]
    Key(#[from] OpenError),
    #[error("the key file was not written: {0}")]
    File(#[from] io::Error),
    #[error("the values were not sealed anew: {0}")]
    Database(#[from] sqlx::Error),
    #[error("{table}.{column} of row {row}: {cause}; nothing was changed")]
    Value {
        table: &'static str,
        column: &'static str,
        row: String,
        cause: VaultError,
    },
}

impl From<KeyFileError> for RotationError {
    fn from(error: KeyFileError) -> Self {
        Self::Key(error.into())
    }
}

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rotated {
    pub from: KeyId,
    pub to: KeyId,
    /// How many values were sealed anew just now.
    pub values: usize,
    /// An earlier change was finished, and no other key made.
    pub resumed: bool,
}

/// The moments between which a rotation can be interrupted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    Begun,
    BothKeysPrepared,
    BothKeysKept,
    ValueSealed,
    Committed,
    Durable,
    NewKeyPrepared,
    NewKeyKept,
}

/// What is told of every moment; an error ends the rotation there, as a killed process would.
pub type Watch<'a> = &'a mut (dyn FnMut(Moment) -> io::Result<()> + Send);

/// Changes the key in `file`, which the caller holds alone.
///
/// # Errors
/// Where it was interrupted; the keys in the file open every value all the same.
pub async fn rotate_file(
    file: &KeyFile,
    db: &Db,
    columns: &[Column],
    watch: Watch<'_>,
) -> Result<Rotated, RotationError> {
    watch(Moment::Begun)?;
    file.sweep()?;
    let used = keys_in_use(db.read(), columns).await?;
    let ring = match check(&Source::File, file, &used)? {
        Some(ring) => ring,
        None => file.make()?,
    };
    let resumed = ring.previous.is_some();
    let old = ring.previous.clone().unwrap_or(ring.current.clone());
    let both = if resumed {
        ring
    } else {
        let both = Ring {
            current: Key::random(),
            previous: Some(old.clone()),
        };
        let prepared = file.prepare(&both)?;
        watch(Moment::BothKeysPrepared)?;
        file.replace(&prepared)?;
        both
    };
    watch(Moment::BothKeysKept)?;
    let values = reseal(&both, db, columns, watch).await?;
    let prepared = file.prepare(&Ring::of(both.current.clone()))?;
    watch(Moment::NewKeyPrepared)?;
    file.replace(&prepared)?;
    watch(Moment::NewKeyKept)?;
    Ok(Rotated {
        from: old.id(),
        to: both.current.id(),
        values,
        resumed,
    })
}

/// Seals everything that `old` sealed with `new`, where a person keeps the keys. `resumed` says that
/// there was nothing left to do.
///
/// # Errors
/// Where it was interrupted; all values are then still sealed with one and the same key.
pub async fn rotate_environment(
    old: &Key,
    new: &Key,
    db: &Db,
    columns: &[Column],
    watch: Watch<'_>,
) -> Result<Rotated, RotationError> {
    watch(Moment::Begun)?;
    let used = keys_in_use(db.read(), columns).await?;
    let resumed = !used.is_empty() && used.iter().all(|id| *id == new.id());
    let both = Ring {
        current: new.clone(),
        previous: Some(old.clone()),
    };
    let values = reseal(&both, db, columns, watch).await?;
    Ok(Rotated {
        from: old.id(),
        to: new.id(),
        values,
        resumed,
    })
}

/// Seals every value with the current key of `ring` that is not yet, in one transaction that is on the
/// disk when this returns. Answers how many there were.
async fn reseal(
    ring: &Ring,
    db: &Db,
    columns: &[Column],
    watch: Watch<'_>,
) -> Result<usize, RotationError> {
    let vault = Vault::new(ring, None);
    store::commit_to_disk(db.write()).await?;
    let mut transaction = db.begin().await?;
    let mut count = 0;
    for column in columns {
        for (row, sealed) in store::values(&mut transaction, column).await? {
            let place = Place {
                table: column.table,
                row: &row,
                column: column.column,
            };
            let sealed = match key_of(&sealed) {
                Ok(id) if id == vault.key_id() => continue,
                Ok(_) => vault
                    .read(place, &sealed)
                    .and_then(|plain| vault.seal(place, &plain)),
                Err(cause) => Err(cause),
            };
            let sealed = sealed.map_err(|cause| RotationError::Value {
                table: column.table,
                column: column.column,
                row: row.clone(),
                cause,
            })?;
            store::replace(&mut transaction, column, &row, &sealed).await?;
            count += 1;
            watch(Moment::ValueSealed)?;
        }
    }
    transaction.commit().await?;
    watch(Moment::Committed)?;
    store::empty_journal(db.write()).await?;
    watch(Moment::Durable)?;
    Ok(count)
}

#[cfg(test)]
#[path = "rotation_tests.rs"]
pub mod tests;
