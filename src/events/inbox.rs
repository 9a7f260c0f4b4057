//! What other processes have to tell: the command line leaves it in the database, and whoever writes the log
//! takes it from there.

use super::model::Happening;
use super::store::inbox;
use crate::server::db::Db;

/// Leaves a happening for the log. `now` is in Unix milliseconds.
///
/// # Errors
/// Where the database does not take it.
pub async fn leave(db: &Db, happening: &Happening, now: i64) -> Result<(), sqlx::Error> {
    match serde_json::to_string(happening) {
        Ok(text) => inbox::put(db, &text, now).await,
        Err(error) => {
            tracing::error!(%error, "a happening has no JSON");
            Ok(())
        }
    }
}

/// Takes what was left, with its times.
///
/// # Errors
/// Where the database does not answer.
pub async fn collect(db: &Db) -> Result<Vec<(Happening, i64)>, sqlx::Error> {
    if !inbox::any(db).await? {
        return Ok(Vec::new());
    }
    let left = inbox::take(db).await?.into_iter();
    let read = left.filter_map(|(text, at)| match serde_json::from_str(&text) {
        Ok(happening) => Some((happening, at)),
        Err(error) => {
            tracing::warn!(%error, "what another version left for the log makes no sense");
            None
        }
    });
    Ok(read.collect())
}
