//! The setup token: whoever can read the log or the data directory may make the first admin, and
//! nobody else who happens to reach the port first.

use std::fs::{self, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::credential::{Kind, TokenHash, kind_of, new_token};
use crate::secrets::scrub;

/// The one token that makes the first admin, as long as there is none.
#[derive(Clone, Debug)]
pub struct SetupToken {
    file: Arc<PathBuf>,
    hash: TokenHash,
}

impl SetupToken {
    /// Takes up the token that an earlier start left in `file`, or makes one; says it in the log.
    ///
    /// # Errors
    /// Where the file cannot be read or written.
    pub fn prepare(file: &Path) -> io::Result<Self> {
        let token = match read(file)? {
            Some(token) => token,
            None => write(file, new_token(Kind::Setup))?,
        };
        scrub::know(token.as_bytes());
        tracing::info!(
            target: scrub::SHOWN_AS_IT_IS,
            token,
            file = %file.display(),
            "there is no admin yet: open /setup and use this token"
        );
        Ok(Self {
            file: Arc::new(file.to_owned()),
            hash: TokenHash::of(&token),
        })
    }

    /// Whether this is the token. Hashes are compared, so the time tells nothing about the token.
    pub fn is(&self, token: &str) -> bool {
        TokenHash::of(token.trim()) == self.hash
    }

    /// Removes the file; the token itself is refused as soon as somebody exists.
    pub fn remove(&self) {
        if let Err(error) = remove(&self.file) {
            tracing::warn!(%error, file = %self.file.display(), "the setup token was not removed");
        }
    }
}

/// Removes a token that is of no more use, where there is one.
///
/// # Errors
/// Where the file is there and cannot be removed.
pub fn remove(file: &Path) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn read(file: &Path) -> io::Result<Option<String>> {
    let text = match fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let token = text.trim();
    if kind_of(token) != Some(Kind::Setup) {
        return Ok(None);
    }
    fs::set_permissions(file, Permissions::from_mode(0o600))?;
    Ok(Some(token.to_owned()))
}

fn write(file: &Path, token: String) -> io::Result<String> {
    remove(file)?;
    let mut open = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file)?;
    writeln!(open, "{token}")?;
    open.sync_all()?;
    Ok(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_restart_keeps_the_token_and_only_its_owner_may_read_it() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("setup-token");
        let first = SetupToken::prepare(&file).unwrap();
        let token = fs::read_to_string(&file).unwrap();
        assert!(
            first.is(&token),
            "with the line's end, as a person copies it"
        );
        assert!(!first.is("") && !first.is("dwsetup_x"));
        assert_eq!(
            fs::metadata(&file).unwrap().permissions().mode() & 0o777,
            0o600
        );

        fs::set_permissions(&file, Permissions::from_mode(0o644)).unwrap();
        assert!(SetupToken::prepare(&file).unwrap().is(&token));
        assert_eq!(
            fs::metadata(&file).unwrap().permissions().mode() & 0o777,
            0o600
        );

        first.remove();
        assert!(!file.exists());
        first.remove();
    }

    #[test]
    fn a_file_that_is_no_token_is_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("setup-token");
        fs::write(&file, "guess me\n").unwrap();
        let token = SetupToken::prepare(&file).unwrap();
        assert!(!token.is("guess me"));
        assert!(token.is(&fs::read_to_string(&file).unwrap()));
    }
}
