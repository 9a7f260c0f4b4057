//! What is to be told is left in the database, in the same transaction as what it tells of, and whoever writes
//! the log takes it from there: neither is ever there without the other, whoever is killed in between. The
//! command line, which does not write the log, leaves its acts there, too.

use sqlx::SqliteConnection;

use super::log::EventLog;
use super::report::Report;
use super::store::outbox;
use crate::server::db::Db;

/// How many are handed to the log at a time.
const MOST: i64 = 500;

/// Leaves a report for the log. `now` is in Unix milliseconds, and counts where the report has no time.
///
/// # Errors
/// Where the database does not take it.
pub async fn leave(
    connection: &mut SqliteConnection,
    report: &Report,
    now: i64,
) -> Result<(), sqlx::Error> {
    match serde_json::to_string(report) {
        Ok(text) => outbox::put(connection, &text, report.at.unwrap_or(now)).await,
        Err(error) => {
            tracing::error!(%error, "a report has no JSON");
            Ok(())
        }
    }
}

/// Tells the log what was left after `told`, which moves along: who writes the log removes each with the line
/// that it becomes. It waits for room: what lies here is safe, and what finds no room loses its name.
///
/// # Errors
/// Where the database does not answer.
pub async fn deliver(db: &Db, log: &EventLog, told: &mut i64) -> Result<(), sqlx::Error> {
    loop {
        log.wait_for_room().await;
        let left = outbox::after(db, *told, MOST).await?;
        if left.is_empty() {
            return Ok(());
        }
        for (id, text, at) in left {
            *told = id;
            match serde_json::from_str::<Report>(&text) {
                Ok(report) => log.tell(report.at(at).left_as(id)),
                Err(error) => {
                    tracing::warn!(%error, "what another version left for the log makes no sense");
                    outbox::remove(&mut *db.write().acquire().await?, id).await?;
                }
            }
        }
    }
}
