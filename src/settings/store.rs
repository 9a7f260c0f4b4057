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
                quarantine_days, event_retention_days, event_max_bytes, stats_retention, deploy_history_limit, \
                proxy_check_interval_secs, public_url, language, oidc_issuer, oidc_client_id, \
                case when oidc_client_secret_sealed is not null then 'set' end as oidc_client_secret, \
                oidc_name, oidc_role_claim, oidc_admin_values, oidc_viewer_values \
         from settings where id = 1",
    )
    .fetch_one(reader)
    .await
}

/// Replaces the whole row but for the client secret; the caller has checked it.
///
/// # Errors
/// Where the database does not take it.
pub async fn write<'c>(
    writer: impl Executor<'c, Database = Sqlite>,
    settings: &Settings,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update settings set stats_interval_secs = ?, stale_threshold_days = ?, \
                stale_scan_interval_secs = ?, quarantine_days = ?, event_retention_days = ?, event_max_bytes = ?, stats_retention = ?, \
                deploy_history_limit = ?, proxy_check_interval_secs = ?, public_url = ?, \
                language = ?, oidc_issuer = ?, oidc_client_id = ?, oidc_name = ?, \
                oidc_role_claim = ?, oidc_admin_values = ?, oidc_viewer_values = ? \
         where id = 1",
    )
    .bind(settings.stats_interval_secs)
    .bind(settings.stale_threshold_days)
    .bind(settings.stale_scan_interval_secs)
    .bind(settings.quarantine_days)
    .bind(settings.event_retention_days)
    .bind(settings.event_max_bytes)
    .bind(settings.stats_retention)
    .bind(settings.deploy_history_limit)
    .bind(settings.proxy_check_interval_secs)
    .bind(&settings.public_url)
    .bind(&settings.language)
    .bind(&settings.oidc_issuer)
    .bind(&settings.oidc_client_id)
    .bind(&settings.oidc_name)
    .bind(&settings.oidc_role_claim)
    .bind(&settings.oidc_admin_values)
    .bind(&settings.oidc_viewer_values)
    .execute(writer)
    .await?;
    Ok(())
}

/// The sealed client secret.
///
/// # Errors
/// Where the database does not answer.
pub async fn client_secret<'c>(
    reader: impl Executor<'c, Database = Sqlite>,
) -> Result<Option<Vec<u8>>, sqlx::Error> {
    sqlx::query_scalar("select oidc_client_secret_sealed from settings where id = 1")
        .fetch_one(reader)
        .await
}

/// Replaces the client secret, or takes it away.
///
/// # Errors
/// Where the database does not take it.
pub async fn write_client_secret<'c>(
    writer: impl Executor<'c, Database = Sqlite>,
    sealed: Option<&[u8]>,
) -> Result<(), sqlx::Error> {
    sqlx::query("update settings set oidc_client_secret_sealed = ? where id = 1")
        .bind(sealed)
        .execute(writer)
        .await?;
    Ok(())
}
