//! What is told within somebody else's transaction: it is in the log if, and only if, that is committed.

use sqlx::SqliteConnection;

use super::report::Report;
use super::store::inbox;

/// Leaves a report for the log. `now` is in Unix milliseconds.
///
/// # Errors
/// Where the database does not take it.
pub async fn leave(
    connection: &mut SqliteConnection,
    report: &Report,
    now: i64,
) -> Result<(), sqlx::Error> {
    match serde_json::to_string(&report.happening) {
        Ok(text) => inbox::put(connection, &text, report.at.unwrap_or(now)).await,
        Err(error) => {
            tracing::error!(%error, "a happening has no JSON");
            Ok(())
        }
    }
}
