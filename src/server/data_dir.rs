//! The folder that holds everything an installation has: only its owner looks in.

use std::fs::{DirBuilder, File, TryLockError};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

/// A data folder and the names of what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataDir(PathBuf);

impl DataDir {
    /// The folder at `path`, whether it exists or not.
    pub fn at(path: &Path) -> Self {
        Self(path.to_owned())
    }

    /// Makes the folder with mode 0700 where it is missing. One that is there is left as it is.
    ///
    /// # Errors
    /// Where it cannot be made, or something else has its name.
    pub fn make(path: &Path) -> io::Result<Self> {
        let made = DirBuilder::new().recursive(true).mode(0o700).create(path);
        made.map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => io::ErrorKind::NotADirectory.into(),
            _ => error,
        })?;
        Ok(Self::at(path))
    }

    /// Takes the folder for this process, for as long as the answer is kept. The system lets go of it
    /// when the process ends, however it ends.
    ///
    /// # Errors
    /// Where another process has it, or its lock file cannot be written.
    pub fn lock(&self) -> io::Result<File> {
        let file = File::create(self.0.join("lock"))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => Err(io::Error::new(
                io::ErrorKind::ResourceBusy,
                "another Docker Watcher serves from it",
            )),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The file of the database.
    pub fn database(&self) -> PathBuf {
        self.0.join("docker-watcher.db")
    }

    /// The file of the setup token, while there is one.
    pub fn setup_token(&self) -> PathBuf {
        self.0.join("setup-token")
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn only_the_owner_may_look_into_a_folder_that_we_made() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a/data");
        let made = DataDir::make(&path).unwrap();
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o700);
        assert_eq!(DataDir::make(&path).unwrap(), made);
        let held = made.lock().unwrap();
        assert_eq!(made.lock().unwrap_err().kind(), io::ErrorKind::ResourceBusy);
        drop(held);
        drop(made.lock().unwrap());
        std::fs::write(made.database(), "").unwrap();
        assert!(DataDir::make(&made.database()).is_err());
    }
}
