//! Changing the settings: read, checked and written in one transaction, so that two changes at once
//! do not undo each other.

use super::model::{Settings, SettingsPatch};
use super::store;
use crate::error::AppError;
use crate::server::db::Db;

/// Applies `patch` and answers the settings as they are then.
///
/// # Errors
/// `invalid` with the field where a value is out of its range; then nothing is changed.
pub async fn change(db: &Db, patch: SettingsPatch) -> Result<Settings, AppError> {
    let mut transaction = db.begin().await?;
    let settings = patch.apply(store::read(&mut *transaction).await?)?;
    store::write(&mut *transaction, &settings).await?;
    transaction.commit().await?;
    Ok(settings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_change_is_there_after_a_restart_and_a_refused_one_is_not() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("test.db");
        let db = Db::open(&file).await.unwrap();
        let fresh = store::read(db.read()).await.unwrap();
        assert_eq!(fresh.stats_interval_secs, 30);
        assert_eq!(fresh.stale_scan_interval_secs, None);

        let patch = SettingsPatch {
            stats_retention: Some(7),
            stale_scan_interval_secs: Some(Some(600)),
            public_url: Some(Some("https://watch.example.org".into())),
            ..SettingsPatch::default()
        };
        let changed = change(&db, patch).await.unwrap();
        let refused = SettingsPatch {
            event_retention_days: Some(90),
            stats_interval_secs: Some(0),
            ..SettingsPatch::default()
        };
        let error = change(&db, refused).await.unwrap_err();
        assert_eq!(error.field.as_deref(), Some("stats_interval_secs"));
        db.close().await;

        let db = Db::open(&file).await.unwrap();
        let read = store::read(db.read()).await.unwrap();
        assert_eq!(read, changed);
        assert_eq!((read.stats_retention, read.event_retention_days), (7, 30));

        let patch = SettingsPatch {
            public_url: Some(None),
            ..SettingsPatch::default()
        };
        assert_eq!(change(&db, patch).await.unwrap().public_url, None);
    }
}
