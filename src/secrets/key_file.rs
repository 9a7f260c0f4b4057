//! The file of the master key. It is whole or not there, at every moment: a program that is killed and
//! a machine that loses its power leave no half of a key.

use std::fs::{self, File, OpenOptions, Permissions, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::key::{Key, Ring};

/// What a key file that is being written ends in.
const UNFINISHED: &str = ".new";

/// Why the file does not give a key.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    #[error("{} holds no key, which is 32 bytes in base64; restore it from your backup", .0.display())]
    NoKey(PathBuf),
    #[error("the key file {} cannot be used: {cause}", .path.display())]
    Unusable { path: PathBuf, cause: io::Error },
}

/// The file of the master key in one data folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyFile {
    folder: PathBuf,
    path: PathBuf,
}

impl KeyFile {
    /// The key file in `folder`, whether it exists or not.
    pub fn in_folder(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            path: folder.join("secret-key"),
        }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads the ring; `None` where there is no file. Whoever else may read the file no longer may
    /// afterwards.
    ///
    /// # Errors
    /// Where the file cannot be read or holds no key.
    pub fn read(&self) -> Result<Option<Ring>, KeyFileError> {
        let ring = self.peek()?;
        if ring.is_some() {
            self.close_to_others();
        }
        Ok(ring)
    }

    /// Reads the ring and leaves the file as it is.
    ///
    /// # Errors
    /// As for [`KeyFile::read`].
    pub fn peek(&self) -> Result<Option<Ring>, KeyFileError> {
        let text = match fs::read(&self.path) {
            Ok(bytes) => Zeroizing::new(bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(cause) => return Err(self.unusable(cause)),
        };
        let ring = std::str::from_utf8(&text).ok().and_then(Ring::read);
        ring.map(Some)
            .ok_or_else(|| KeyFileError::NoKey(self.path.clone()))
    }

    /// The rights of the file where others than its owner have some, such as `0o644`.
    pub fn looser_mode(&self) -> Option<u32> {
        let mode = fs::metadata(&self.path).ok()?.permissions().mode() & 0o777;
        (mode & 0o077 != 0).then_some(mode)
    }

    fn close_to_others(&self) {
        let Some(mode) = self.looser_mode() else {
            return;
        };
        let (file, mode) = (self.path.display(), format!("{mode:04o}"));
        match fs::set_permissions(&self.path, Permissions::from_mode(0o600)) {
            Ok(()) => {
                tracing::warn!(%file, mode, "the key file was open to others and is no more; rotate the key if somebody read it")
            }
            Err(error) => {
                tracing::warn!(%file, mode, %error, "the key file is open to others; chmod 600 it")
            }
        }
    }

    /// Makes the file with a random key. Where another process was faster, its key is the answer.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn make(&self) -> Result<Ring, KeyFileError> {
        let ring = Ring::of(Key::random());
        let unfinished = self.prepare(&ring).map_err(|cause| self.unusable(cause))?;
        // A link fails where the name is taken, which a rename does not.
        let placed = match fs::hard_link(&unfinished, &self.path) {
            Ok(()) => self.keep_folder(),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            // Some file systems have no links; on those the first start is alone.
            Err(_) if !self.path.exists() => self.replace(&unfinished),
            Err(error) => Err(error),
        };
        // Where a rename took it, it is gone already.
        drop(fs::remove_file(&unfinished));
        placed.map_err(|cause| self.unusable(cause))?;
        self.read()?
            .ok_or_else(|| self.unusable(io::ErrorKind::NotFound.into()))
    }

    /// Writes `ring` beside the file, to be put in its place by [`KeyFile::replace`].
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn prepare(&self, ring: &Ring) -> io::Result<PathBuf> {
        let name = format!("secret-key.{}{UNFINISHED}", ring.current.id());
        let unfinished = self.folder.join(name);
        drop(fs::remove_file(&unfinished));
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&unfinished)?;
        file.write_all(ring.text().as_bytes())?;
        file.sync_all()?;
        Ok(unfinished)
    }

    /// Puts what was prepared in the file's place, at once and for good.
    ///
    /// # Errors
    /// Where the folder cannot be written; the file is then as it was.
    pub fn replace(&self, unfinished: &Path) -> io::Result<()> {
        fs::rename(unfinished, &self.path)?;
        self.keep_folder()
    }

    /// A name is on the disk only when its folder is.
    fn keep_folder(&self) -> io::Result<()> {
        File::open(&self.folder)?.sync_all()
    }

    /// Removes what a killed process was about to put in the file's place. Only whoever holds the key
    /// alone may do this.
    ///
    /// # Errors
    /// Where the folder cannot be read or a file in it not be removed.
    pub fn sweep(&self) -> io::Result<()> {
        for entry in fs::read_dir(&self.folder)? {
            let name = entry?.file_name();
            let name = name.to_string_lossy();
            if name.starts_with("secret-key.") && name.ends_with(UNFINISHED) {
                fs::remove_file(self.folder.join(&*name))?;
            }
        }
        Ok(())
    }

    /// Says that the key is in use, for as long as the answer is kept; many may.
    ///
    /// # Errors
    /// `ResourceBusy` while somebody holds the key alone.
    pub fn share(&self) -> io::Result<File> {
        let lock = self.lock_file()?;
        held(lock.try_lock_shared())?;
        Ok(lock)
    }

    /// Has the key alone, for as long as the answer is kept.
    ///
    /// # Errors
    /// `ResourceBusy` while the key is in use.
    pub fn hold_alone(&self) -> io::Result<File> {
        let lock = self.lock_file()?;
        held(lock.try_lock())?;
        Ok(lock)
    }

    fn lock_file(&self) -> io::Result<File> {
        OpenOptions::new()
            .read(true)
            .append(true)
            .create(true)
            .mode(0o600)
            .open(self.folder.join("secret-key.lock"))
    }

    fn unusable(&self, cause: io::Error) -> KeyFileError {
        KeyFileError::Unusable {
            path: self.path.clone(),
            cause,
        }
    }
}

fn held(outcome: Result<(), TryLockError>) -> io::Result<()> {
    outcome.map_err(|error| match error {
        TryLockError::WouldBlock => io::ErrorKind::ResourceBusy.into(),
        TryLockError::Error(error) => error,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(file: &Path) -> u32 {
        fs::metadata(file).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn a_file_is_made_once_for_its_owner_and_many_who_make_it_agree() {
        let dir = tempfile::tempdir().unwrap();
        let file = KeyFile::in_folder(dir.path());
        assert_eq!(file.read().unwrap(), None);
        let rings: Vec<_> = std::thread::scope(|scope| {
            let makers: Vec<_> = (0..8)
                .map(|_| scope.spawn(|| file.make().unwrap()))
                .collect();
            makers
                .into_iter()
                .map(|maker| maker.join().unwrap())
                .collect()
        });
        assert!(rings.iter().all(|ring| *ring == rings[0]));
        assert_eq!(file.make().unwrap(), rings[0], "it is there already");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
        assert_eq!(mode(file.path()), 0o600);
    }

    #[test]
    fn a_fresh_file_is_closed_and_an_open_one_is_shut() {
        let dir = tempfile::tempdir().unwrap();
        let file = KeyFile::in_folder(dir.path());
        let ring = file.make().unwrap();
        assert_eq!(mode(file.path()), 0o600);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
        fs::set_permissions(file.path(), Permissions::from_mode(0o644)).unwrap();
        assert_eq!(file.looser_mode(), Some(0o644));
        assert_eq!(file.peek().unwrap().as_ref(), Some(&ring));
        assert_eq!(mode(file.path()), 0o644, "a peek changes nothing");
        assert_eq!(file.read().unwrap().as_ref(), Some(&ring));
        assert_eq!(mode(file.path()), 0o600);
    }

    #[test]
    fn a_file_that_holds_no_key_is_never_overwritten() {
        let dir = tempfile::tempdir().unwrap();
        let file = KeyFile::in_folder(dir.path());
        for text in ["", "not a key", "\u{fffd}"] {
            fs::write(file.path(), text).unwrap();
            assert!(matches!(file.read(), Err(KeyFileError::NoKey(_))), "{text}");
            assert!(file.make().is_err());
            assert_eq!(fs::read_to_string(file.path()).unwrap(), text);
        }
    }

    #[test]
    fn many_share_the_key_and_one_has_it_alone() {
        let dir = tempfile::tempdir().unwrap();
        let file = KeyFile::in_folder(dir.path());
        let (one, two) = (file.share().unwrap(), file.share().unwrap());
        let busy = |error: io::Error| error.kind() == io::ErrorKind::ResourceBusy;
        assert!(file.hold_alone().is_err_and(busy));
        drop((one, two));
        let alone = file.hold_alone().unwrap();
        assert!(file.share().is_err_and(busy));
        drop(alone);
        assert!(file.share().is_ok());
    }
}
