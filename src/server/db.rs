//! The embedded database: one connection that writes, a few that read.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sqlx::migrate::MigrateError;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteSynchronous,
};
use sqlx::{Connection, Sqlite, Transaction};
use tokio_util::sync::CancellationToken;

use super::store;
use crate::error::{AppError, Code};

/// From one look through the whole file to the next.
const LOOK_EVERY: Duration = Duration::from_secs(24 * 3600);

/// Steps of SQLite's machine from one question whether to go on to the next: some milliseconds.
const STEPS: i32 = 10_000;

/// Handles on the database. SQLite has one writer at a time, so there is one connection for it and
/// nobody ever waits for a lock in the middle of a transaction.
#[derive(Clone, Debug)]
pub struct Db {
    reader: SqlitePool,
    writer: SqlitePool,
    damaged: Arc<AtomicBool>,
}

impl Db {
    /// Opens the file, makes it where it is missing and brings its tables up to date. What is damaged
    /// beyond the pages that this reads is found by [`Db::watch`].
    ///
    /// # Errors
    /// Where the file cannot be opened, read or written, is no database, or is damaged where it begins.
    pub async fn open(path: &Path) -> Result<Self, sqlx::Error> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            // The first pragma: the ones below may already have to wait for another process.
            .busy_timeout(Duration::from_secs(5))
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .pragma("journal_size_limit", "16777216");
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(options.clone().create_if_missing(true))
            .await?;
        sqlx::migrate!().run(&writer).await?;
        let reader = SqlitePoolOptions::new()
            .max_connections(4)
            .connect_with(options.read_only(true))
            .await?;
        Ok(Self {
            reader,
            writer,
            damaged: Arc::default(),
        })
    }

    /// Looks through the whole file, now and once a day, until it is to stop. That takes minutes where the
    /// file is large, so no start waits for it; what it found, [`Db::is_damaged`] says.
    pub async fn watch(&self, stop: CancellationToken) {
        loop {
            match self.look(&stop).await {
                Ok(said) if said == "ok" => self.damaged.store(false, Ordering::Relaxed),
                Ok(said) => self.note_damage(&said),
                Err(_) if stop.is_cancelled() => return,
                Err(error) if matches!(code(&error), Some(CORRUPT | NO_DATABASE)) => {
                    self.note_damage(&error.to_string());
                }
                Err(error) => tracing::warn!(%error, "the database was not looked through"),
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
    }

    /// Whether the last look through the whole file found damage.
    pub fn is_damaged(&self) -> bool {
        self.damaged.load(Ordering::Relaxed)
    }

    /// `ok`, or the first thing that is wrong.
    async fn look(&self, stop: &CancellationToken) -> Result<String, sqlx::Error> {
        // A connection of its own: it is busy for long, and no page is to wait for it.
        let options = self.reader.connect_options();
        let mut connection = SqliteConnection::connect_with(&options).await?;
        let stop = stop.clone();
        connection
            .lock_handle()
            .await?
            .set_progress_handler(STEPS, move || !stop.is_cancelled());
        let said = store::quick_check(&mut connection).await?;
        connection.close().await?;
        Ok(said)
    }

    /// Logs it once, not once a day.
    fn note_damage(&self, damage: &str) {
        if !self.damaged.swap(true, Ordering::Relaxed) {
            tracing::error!(
                damage,
                "the database is damaged; stop the program and put a backup in its place, or save with \
                 `sqlite3 FILE .recover` what can be saved"
            );
        }
    }

    /// Connections that can only read.
    pub fn read(&self) -> &SqlitePool {
        &self.reader
    }

    /// The connection that writes, for single statements.
    pub fn write(&self) -> &SqlitePool {
        &self.writer
    }

    /// A transaction that has the write lock from its first moment.
    ///
    /// # Errors
    /// Where another process holds the lock for longer than the busy timeout.
    pub async fn begin(&self) -> Result<Transaction<'static, Sqlite>, sqlx::Error> {
        self.writer.begin_with("begin immediate").await
    }

    /// Writes what is pending into the main file and closes every connection.
    pub async fn close(&self) {
        self.reader.close().await;
        self.writer.close().await;
    }
}

// SQLite's codes, of those whose remedy is known.
const BUSY: i32 = 5;
const READ_ONLY: i32 = 8;
const CORRUPT: i32 = 11;
const FULL: i32 = 13;
const CANNOT_OPEN: i32 = 14;
const NO_DATABASE: i32 = 26;

/// SQLite's code without what it adds about the circumstances: 8 for 1544, too.
fn code(error: &sqlx::Error) -> Option<i32> {
    if let sqlx::Error::Migrate(cause) = error {
        return match &**cause {
            MigrateError::Execute(inner) | MigrateError::ExecuteMigration(inner, _) => code(inner),
            _ => None,
        };
    }
    let code = error.as_database_error()?.code()?.parse::<i32>().ok()?;
    Some(code & 0xff)
}

/// What a person can do about a database that cannot be used.
pub fn remedy(error: &sqlx::Error) -> &'static str {
    if let sqlx::Error::Migrate(cause) = error
        && matches!(
            **cause,
            MigrateError::VersionMissing(_) | MigrateError::VersionMismatch(_)
        )
    {
        return "another version of this program wrote it: start that one, or restore a backup";
    }
    match code(error) {
        Some(READ_ONLY) => "let this user write it: chown or chmod the file and its folder",
        Some(CANNOT_OPEN) => {
            "let this user read and write it: chown or chmod the file and its folder"
        }
        Some(BUSY) => "another program holds it: end that one and try again",
        Some(FULL) => "its disk is full: make room and try again",
        _ => "restore a backup, or move the file away to start anew",
    }
}

impl From<sqlx::Error> for AppError {
    fn from(error: sqlx::Error) -> Self {
        AppError::internal(error)
    }
}

impl AppError {
    /// A violated `unique` becomes a conflict that names the field; any other error stays internal.
    pub fn on_unique(error: sqlx::Error, field: &str, message: &str) -> Self {
        match error.as_database_error() {
            Some(cause) if cause.is_unique_violation() => Self {
                code: Code::Conflict,
                message: message.into(),
                field: Some(field.into()),
            },
            _ => error.into(),
        }
    }
}

/// A fresh id: a `UUIDv7`, so that rows sort by the time they were made.
pub fn new_id() -> String {
    uuid::Uuid::now_v7().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_may_not_be_written_is_told_from_what_is_damaged() {
        let dir = tempfile::tempdir().unwrap();
        let db = Db::open(&dir.path().join("test.db")).await.unwrap();
        let refused = sqlx::query("delete from engines").execute(db.read()).await;
        assert!(remedy(&refused.unwrap_err()).contains("chown or chmod"));

        let wrapped = sqlx::query("delete from engines").execute(db.read()).await;
        let wrapped = MigrateError::Execute(wrapped.unwrap_err()).into();
        assert!(remedy(&wrapped).contains("chown or chmod"));

        let newer = MigrateError::VersionMissing(9).into();
        assert!(remedy(&newer).contains("another version"));
        assert!(remedy(&sqlx::Error::RowNotFound).contains("restore a backup"));
    }

    #[tokio::test]
    async fn a_sound_database_is_sound_and_the_watch_ends_when_it_is_to() {
        let dir = tempfile::tempdir().unwrap();
        let db = Db::open(&dir.path().join("test.db")).await.unwrap();
        let stop = CancellationToken::new();
        assert_eq!(db.look(&stop).await.unwrap(), "ok");
        stop.cancel();
        db.watch(stop).await;
        assert!(!db.is_damaged());
    }
}
