//! The embedded database: one connection that writes, a few that read.

use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Sqlite, Transaction};

use crate::error::{AppError, Code};

/// Handles on the database. SQLite has one writer at a time, so there is one connection for it and
/// nobody ever waits for a lock in the middle of a transaction.
#[derive(Clone, Debug)]
pub struct Db {
    reader: SqlitePool,
    writer: SqlitePool,
}

impl Db {
    /// Opens the file, makes it where it is missing, checks it and brings its tables up to date.
    ///
    /// # Errors
    /// Where the file cannot be opened, read or written, is no database or is damaged.
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
        Ok(Self { reader, writer })
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
