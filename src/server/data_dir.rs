//! The folder that holds everything an installation has: only its owner looks in.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// The name of the file that says that somebody serves from the folder.
const LOCK: &str = "lock";

/// A data folder and the names of what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataDir(PathBuf);

impl DataDir {
    /// The folder at `path`, whether it exists or not.
    pub fn at(path: &Path) -> Self {
        Self(path.to_owned())
    }

    /// Makes the folder with mode 0700 where it is missing, and the file of the database with mode 0600. A folder
    /// that is there is left as it is, since it may be for more than us; where others may look into it that is
    /// told in the log, and our files in it are closed to them.
    ///
    /// # Errors
    /// Where it cannot be made or written, or something else has its name.
    pub fn make(path: &Path) -> io::Result<Self> {
        let made = DirBuilder::new().recursive(true).mode(0o700).create(path);
        made.map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => io::ErrorKind::NotADirectory.into(),
            _ => error,
        })?;
        let dir = Self::at(path);
        let open = looser_mode(path);
        if let Some(mode) = open {
            let (folder, mode) = (path.display(), format!("{mode:04o}"));
            tracing::warn!(%folder, mode, "the data folder is open to others; chmod 700 it");
        }
        dir.make_database_file()?;
        for file in dir.files() {
            close_to_others(&file, open.is_some());
        }
        Ok(dir)
    }

    /// SQLite makes a file with the rights that are usual, and the files beside it with the rights of that one;
    /// an empty file is a new database to it.
    fn make_database_file(&self) -> io::Result<()> {
        let mut options = OpenOptions::new();
        let made = options.write(true).create_new(true).mode(0o600);
        match made.open(self.database()) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
            _ => Ok(()),
        }
    }

    /// The files that hold what is known here and that nobody else looks after; some are not there.
    fn files(&self) -> [PathBuf; 4] {
        let database = self.database();
        let beside = |end: &str| {
            let mut path = database.clone().into_os_string();
            path.push(end);
            PathBuf::from(path)
        };
        [
            beside(""),
            beside("-wal"),
            beside("-shm"),
            self.0.join(LOCK),
        ]
    }

    /// Takes the folder for this process, for as long as the answer is kept. The system lets go of it
    /// when the process ends, however it ends.
    ///
    /// # Errors
    /// Where another process has it, or its lock file cannot be written.
    pub fn lock(&self) -> io::Result<File> {
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(self.0.join(LOCK))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => Err(io::Error::new(
                io::ErrorKind::ResourceBusy,
                "another Docker Watcher serves from it",
            )),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// Whether a process has the folder for itself, by [`DataDir::lock`]. Nothing is made or written to find out.
    ///
    /// # Errors
    /// Where the lock file is there and cannot be read.
    pub fn is_locked(&self) -> io::Result<bool> {
        let file = match File::open(self.0.join(LOCK)) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(error),
        };
        // Shared, so that two who ask do not take each other for one who serves.
        match file.try_lock_shared() {
            Ok(()) => Ok(false),
            Err(TryLockError::WouldBlock) => Ok(true),
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

/// The rights of a file or folder where others than its owner have some, such as `0o755`.
fn looser_mode(path: &Path) -> Option<u32> {
    let mode = fs::metadata(path).ok()?.permissions().mode() & 0o777;
    (mode & 0o077 != 0).then_some(mode)
}

/// Takes away the rights of others, in an open folder with a word in the log: somebody may have read it.
fn close_to_others(file: &Path, is_within_reach: bool) {
    let Some(mode) = looser_mode(file) else {
        return;
    };
    let (shown, mode) = (file.display(), format!("{mode:04o}"));
    match fs::set_permissions(file, Permissions::from_mode(0o600)) {
        Ok(()) if is_within_reach => {
            tracing::warn!(file = %shown, mode, "the file was open to others and is no more");
        }
        Ok(()) => {}
        Err(error) => {
            tracing::warn!(file = %shown, mode, %error, "the file is open to others; chmod 600 it");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::db::Db;

    #[test]
    fn only_the_owner_may_look_into_a_folder_that_we_made() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a/data");
        let made = DataDir::make(&path).unwrap();
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o700);
        assert_eq!(DataDir::make(&path).unwrap(), made);
        assert!(!made.is_locked().unwrap());
        assert!(!path.join(LOCK).exists(), "asking makes no file");
        let held = made.lock().unwrap();
        assert!(made.is_locked().unwrap());
        assert_eq!(made.lock().unwrap_err().kind(), io::ErrorKind::ResourceBusy);
        drop(held);
        assert!(!made.is_locked().unwrap());
        drop(made.lock().unwrap());
        std::fs::write(made.database(), "").unwrap();
        assert!(DataDir::make(&made.database()).is_err());
    }
    /// Everything in a folder with its rights.
    fn modes(folder: &Path) -> Vec<(String, u32)> {
        let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
        let each = entries.map(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            (name, entry.metadata().unwrap().permissions().mode() & 0o777)
        });
        each.collect()
    }

    #[tokio::test]
    async fn what_is_in_a_folder_that_is_open_to_others_is_closed_to_them() {
        let dir = tempfile::tempdir().unwrap();
        fs::set_permissions(dir.path(), Permissions::from_mode(0o755)).unwrap();
        let made = DataDir::make(dir.path()).unwrap();
        let _held = made.lock().unwrap();
        let db = Db::open(&made.database()).await.unwrap();
        let fresh = modes(dir.path());
        assert_eq!(fresh.len(), 4, "{fresh:?}");
        assert!(fresh.iter().all(|(_, mode)| *mode == 0o600), "{fresh:?}");

        // As earlier versions made them.
        for (name, _) in &fresh {
            let file = dir.path().join(name);
            fs::set_permissions(file, Permissions::from_mode(0o644)).unwrap();
        }
        DataDir::make(dir.path()).unwrap();
        let closed = modes(dir.path());
        assert!(closed.iter().all(|(_, mode)| *mode == 0o600), "{closed:?}");
        assert_eq!(looser_mode(dir.path()), Some(0o755), "it is not ours alone");
        db.close().await;
    }
}
