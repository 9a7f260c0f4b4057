//! The commands that do one thing to an installation and end.
//!
//! `user` people · `token` tokens for the API · `rotate_key` another key for what is sealed ·
//! `verify_log` is the event log as it was written? · `doctor` is everything in order?

mod doctor;
mod rotate_key;
mod token;
mod user;
mod verify_log;

use std::io::{self, Write};

use chrono::{DateTime, Utc};

use super::clock::Clock;
use super::config::{Options, Tool};
use super::data_dir::DataDir;
use super::db::{Db, remedy};
use crate::error::AppError;
use crate::events::model::Happening;
use crate::events::outbox;
use crate::events::report::Report;
use crate::secrets::opening::OpenError;
use crate::secrets::rotation::RotationError;

/// Why a command failed, said to the person who gave it.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    #[error("{0}")]
    Refused(#[from] AppError),
    #[error("the data folder {folder} cannot be used: {cause}")]
    DataDir { folder: String, cause: io::Error },
    #[error("the database {file} cannot be used: {cause}; {}", remedy(.cause))]
    Database { file: String, cause: sqlx::Error },
    #[error("standard input or output failed: {0}")]
    Terminal(#[from] io::Error),
    #[error("{0}")]
    Secrets(#[from] OpenError),
    #[error("the key was not changed wholly: {0}; run rotate-key again to finish it")]
    Rotation(#[from] RotationError),
    #[error("{0}")]
    KeyNotChanged(String),
    #[error("not everything is in order")]
    Unwell,
    #[error("{0}")]
    Tampered(String),
}

/// Does what `tool` says.
///
/// # Errors
/// Where it could not be done; the message says why, and nothing was changed.
pub async fn run(tool: Tool, options: &Options) -> Result<(), CommandError> {
    match tool {
        Tool::User(tool) => user::run(tool, options).await,
        Tool::Token(tool) => token::run(tool, options).await,
        Tool::Doctor => doctor::run(options).await,
        Tool::RotateKey => rotate_key::run(options).await,
        Tool::VerifyLog => verify_log::run(options).await,
    }
}

/// Who did it, in the event log.
const COMMAND_LINE: &str = "command line";

/// Leaves what was done for whoever writes the event log: now, or at the next start.
async fn leave(db: &Db, happening: &Happening) -> Result<(), CommandError> {
    let now = Clock::system().millis();
    let mut connection = db.write().acquire().await.map_err(AppError::from)?;
    let report = Report::from(happening.clone());
    Ok(outbox::leave(&mut connection, &report, now)
        .await
        .map_err(AppError::from)?)
}

/// Makes the data folder and the database where they are missing, so that a command works before any
/// start.
async fn open(options: &Options) -> Result<(DataDir, Db), CommandError> {
    let dir = DataDir::make(&options.data_dir).map_err(|cause| CommandError::DataDir {
        folder: options.data_dir.display().to_string(),
        cause,
    })?;
    let file = dir.database();
    let db = Db::open(&file)
        .await
        .map_err(|cause| CommandError::Database {
            file: file.display().to_string(),
            cause,
        })?;
    Ok((dir, db))
}

/// A time as people read it in a terminal.
fn say_time(time: DateTime<Utc>) -> String {
    time.format("%Y-%m-%d %H:%M UTC").to_string()
}

/// Writes one line to standard output.
fn say(line: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}
