//! What other processes have to tell: the command line leaves it in the database, and whoever writes the log
//! takes it from there.

use super::log::EventLog;
use super::model::Happening;
use super::report::Report;
use super::store::inbox;
use crate::server::db::Db;

/// Leaves a happening for the log. `now` is in Unix milliseconds.
///
/// # Errors
/// Where the database does not take it.
pub async fn leave(db: &Db, happening: &Happening, now: i64) -> Result<(), sqlx::Error> {
    match serde_json::to_string(happening) {
        Ok(text) => inbox::put(db.write(), &text, now).await,
        Err(error) => {
            tracing::error!(%error, "a happening has no JSON");
            Ok(())
        }
    }
}

/// Tells the log what was left after `told`, and removes it once it is written. `told` moves along, so that
/// what could not be removed is not told again.
///
/// # Errors
/// Where the database does not answer.
pub async fn deliver(db: &Db, log: &EventLog, told: &mut i64) -> Result<(), sqlx::Error> {
    let left = inbox::after(db, *told).await?;
    let Some((last, ..)) = left.last() else {
        return Ok(());
    };
    *told = *last;
    for (_, text, at) in left {
        match serde_json::from_str::<Happening>(&text) {
            Ok(happening) => log.tell(Report::from(happening).at(at)),
            Err(error) => {
                tracing::warn!(%error, "what another version left for the log makes no sense");
            }
        }
    }
    if log.wait_written().await {
        inbox::remove(db, *told).await?;
    }
    Ok(())
}
