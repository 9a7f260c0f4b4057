//! The list of engines after a change to it: read back, watched, and found in.

use super::model::Engine;
use super::registry::Engines;
use super::store;
use crate::error::AppError;
use crate::server::context::part;
use crate::server::db::Db;

/// Watches just what the table holds now.
///
/// # Errors
/// Where the database does not answer.
pub async fn refresh(db: &Db) -> Result<(), AppError> {
    part::<Engines>()?.want(store::list(db).await?);
    Ok(())
}

/// One engine as it is now.
///
/// # Errors
/// `not_found` for an id that is not watched.
pub fn find(id: &str) -> Result<Engine, AppError> {
    let found = part::<Engines>()?
        .list()
        .into_iter()
        .find(|engine| engine.id == id);
    found.ok_or_else(|| AppError::not_found("engine"))
}
