//! The folder that holds everything an installation has: only its owner looks in.

use std::fs::DirBuilder;
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
        std::fs::write(made.database(), "").unwrap();
        assert!(DataDir::make(&made.database()).is_err());
    }
}
