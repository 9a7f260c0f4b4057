//! The one row of settings in the database.

use sqlx::{Executor, Sqlite};

use super::model::Settings;

/// The settings as they are.
///
/// # Errors
/// Where the database does not answer.
pub async fn read<'c>(
    reader: impl Executor<'c, Database = Sqlite>,
) -> Result<Settings, sqlx::Error> {
    sqlx::query_as(
        "select stats_interval_secs, stale_threshold_days, stale_scan_interval_secs, \
                event_retention_days, stats_retention, deploy_history_limit, \
                proxy_check_interval_secs, public_url, language \
         from settings where id = 1",
    )
    .fetch_one(reader)
    .await
}

/// Replaces the whole row; the caller has checked it.
///
/// # Errors
/// Where the database does not take it.
pub async fn write<'c>(
    writer: impl Executor<'c, Database = Sqlite>,
    settings: &Settings,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update settings set stats_interval_secs = ?, stale_threshold_days = ?, \
                stale_scan_interval_secs = ?, event_retention_days = ?, stats_retention = ?, \
                deploy_history_limit = ?, proxy_check_interval_secs = ?, public_url = ?, \
                language = ? \
         where id = 1",
    )
    .bind(settings.stats_interval_secs)
    .bind(settings.stale_threshold_days)
    .bind(settings.stale_scan_interval_secs)
    .bind(settings.event_retention_days)
    .bind(settings.stats_retention)
    .bind(settings.deploy_history_limit)
    .bind(settings.proxy_check_interval_secs)
    .bind(&settings.public_url)
    .bind(&settings.language)
    .execute(writer)
    .await?;
    Ok(())
}
