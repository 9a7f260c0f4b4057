//! The vault at start. With the wrong key, or none where one is needed, there is no start: what was
//! sealed anew with another key would split the installation in two.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use sqlx::SqlitePool;

use super::key::{KeyId, Ring};
use super::key_file::{KeyFile, KeyFileError};
use super::sealed::{Column, SEALED};
use super::source::{Source, SourceError, Unshown};
use super::vault::{Vault, VaultError, key_of};
use super::{scrub, store};

/// Why the vault does not open, and what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error(transparent)]
    Source(#[from] SourceError),
    #[error("the database is sealed with key {needed}, and {place} holds key {here}; {remedy}")]
    WrongKey {
        needed: KeyId,
        here: KeyId,
        place: String,
        remedy: String,
    },
    #[error(
        "the database is sealed with key {needed}, and {place} is not there; restore it from your backup"
    )]
    NoKey { needed: KeyId, place: String },
    #[error("the sealed values cannot be read: {0}")]
    Values(#[from] VaultError),
    #[error("the database cannot be read: {0}")]
    Database(#[from] sqlx::Error),
    #[error("the key is being changed: wait until `docker-watcher rotate-key` has ended")]
    Rotating,
    #[error("the key's lock file cannot be used: {0}")]
    Lock(io::Error),
}

impl From<KeyFileError> for OpenError {
    fn from(error: KeyFileError) -> Self {
        Self::Source(error.into())
    }
}

/// Opens the vault of the installation in `folder`, and makes its key where nothing is sealed yet.
///
/// # Errors
/// Where the key is wrong, missing or being changed.
pub async fn open(
    variable: Option<&Unshown>,
    folder: &Path,
    reader: &SqlitePool,
) -> Result<Vault, OpenError> {
    let source = Source::of(variable)?;
    let file = KeyFile::in_folder(folder);
    let in_use = file.share().map_err(|error| match error.kind() {
        io::ErrorKind::ResourceBusy => OpenError::Rotating,
        _ => OpenError::Lock(error),
    })?;
    let used = keys_in_use(reader, &SEALED).await?;
    let ring = match (&source, check(&source, &file, &used)?) {
        (_, Some(ring)) => {
            if source == Source::File {
                // Takes the rights from whoever has too many of them.
                file.read()?;
            }
            ring
        }
        (_, None) => file.make()?,
    };
    for key in std::iter::once(&ring.current).chain(&ring.previous) {
        scrub::know(key.bytes());
    }
    if ring.previous.is_some() {
        tracing::warn!(
            "a change of the key was not finished: run `docker-watcher rotate-key` once more, with the server stopped"
        );
    }
    Ok(Vault::new(&ring, Some(in_use)))
}

/// The keys that the values of `columns` are sealed with.
///
/// # Errors
/// Where the database cannot be read, or a value in it was never sealed by us.
pub async fn keys_in_use(
    reader: &SqlitePool,
    columns: &[Column],
) -> Result<BTreeSet<KeyId>, OpenError> {
    let mut connection = reader.acquire().await?;
    let headers = store::headers(&mut connection, columns).await?;
    let ids = headers.iter().map(|header| key_of(header));
    Ok(ids.collect::<Result<_, _>>()?)
}

/// The ring that is there, where it has every key of `used`; `None` where no key is there and none is
/// needed. Changes nothing.
///
/// # Errors
/// Where a key is missing.
pub fn check(
    source: &Source,
    file: &KeyFile,
    used: &BTreeSet<KeyId>,
) -> Result<Option<Ring>, OpenError> {
    let folder = file.path().parent().unwrap_or(Path::new("."));
    let place = source.place(folder);
    let ring = source.peek(file)?;
    let missing = |ring: &Ring| used.iter().find(|id| ring.find(**id).is_none()).copied();
    match (ring, used.first()) {
        (Some(ring), _) => match missing(&ring) {
            None => Ok(Some(ring)),
            Some(needed) => Err(OpenError::WrongKey {
                needed,
                here: ring.current.id(),
                place,
                remedy: remedy(source, file, needed),
            }),
        },
        (None, Some(needed)) => Err(OpenError::NoKey {
            needed: *needed,
            place,
        }),
        (None, None) => Ok(None),
    }
}

fn remedy(source: &Source, file: &KeyFile, needed: KeyId) -> String {
    let path = file.path().display();
    match source {
        Source::File => format!("restore {path} from your backup"),
        Source::Environment(_) => match file.peek() {
            Ok(Some(ring)) if ring.find(needed).is_some() => {
                format!("unset the variable: {path} holds the right one")
            }
            _ => "set the variable to the right key; after `docker-watcher rotate-key`, to the new one"
                .to_owned(),
        },
    }
}

#[cfg(test)]
#[path = "opening_tests.rs"]
mod tests;
