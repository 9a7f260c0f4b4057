//! Changing the settings: read, checked and written in one transaction, so that two changes at once
//! do not undo each other.

use super::model::{Settings, SettingsPatch};
use super::store;
use crate::error::AppError;
use crate::secrets::scrub;
use crate::secrets::vault::{Place, Vault};
use crate::server::db::Db;

/// Where the client secret is kept.
pub const CLIENT_SECRET: Place<'static> = Place {
    table: "settings",
    row: "1",
    column: "oidc_client_secret_sealed",
};

/// Applies `patch` and answers the settings as they are then.
///
/// # Errors
/// `invalid` with the field where a value is out of its range; then nothing is changed.
pub async fn change(db: &Db, vault: &Vault, patch: SettingsPatch) -> Result<Settings, AppError> {
    let mut transaction = db.begin().await?;
    let settings = patch.apply(store::read(&mut *transaction).await?)?;
    store::write(&mut *transaction, &settings).await?;
    if let Some(Some(secret)) = &patch.oidc_client_secret {
        scrub::know(secret.as_bytes());
        let sealed = vault.seal(CLIENT_SECRET, secret.as_bytes())?;
        store::write_client_secret(&mut *transaction, Some(&sealed)).await?;
    } else if settings.oidc_client_secret.is_none() {
        store::write_client_secret(&mut *transaction, None).await?;
    }
    transaction.commit().await?;
    Ok(settings)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::key::{Key, Ring};

    #[tokio::test]
    async fn a_change_is_there_after_a_restart_and_a_refused_one_is_not() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("test.db");
        let db = Db::open(&file).await.unwrap();
        let vault = Vault::new(&Ring::of(Key::random()), None);
        let fresh = store::read(db.read()).await.unwrap();
        assert_eq!(fresh.stats_interval_secs, 30);
        assert_eq!(fresh.stale_scan_interval_secs, None);

        let patch = SettingsPatch {
            stats_retention: Some(7),
            stale_scan_interval_secs: Some(Some(600)),
            public_url: Some(Some("https://watch.example.org".into())),
            ..SettingsPatch::default()
        };
        let changed = change(&db, &vault, patch).await.unwrap();
        let refused = SettingsPatch {
            event_retention_days: Some(90),
            stats_interval_secs: Some(0),
            ..SettingsPatch::default()
        };
        let error = change(&db, &vault, refused).await.unwrap_err();
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
        assert_eq!(change(&db, &vault, patch).await.unwrap().public_url, None);
    }

    #[tokio::test]
    async fn a_client_secret_is_sealed_and_goes_with_its_issuer() {
        let dir = tempfile::tempdir().unwrap();
        let db = Db::open(&dir.path().join("test.db")).await.unwrap();
        let vault = Vault::new(&Ring::of(Key::random()), None);
        let with = |issuer: &str, secret: Option<&str>| SettingsPatch {
            oidc_issuer: Some(Some(issuer.into())),
            oidc_client_id: Some(Some("watcher".into())),
            oidc_client_secret: secret.map(|secret| Some(secret.into())),
            ..SettingsPatch::default()
        };
        let first = with("https://id.example.org", Some("a client secret"));
        let changed = change(&db, &vault, first).await.unwrap();
        assert_eq!(changed.oidc_client_secret.as_deref(), Some("set"));
        let sealed = store::client_secret(db.read()).await.unwrap().unwrap();
        let opened = vault.open(CLIENT_SECRET, &sealed).unwrap();
        assert_eq!(opened.as_slice(), b"a client secret");

        let same = with("https://id.example.org", None);
        let changed = change(&db, &vault, same).await.unwrap();
        assert_eq!(changed.oidc_client_secret.as_deref(), Some("set"));
        let other = with("https://id.example.com", None);
        let changed = change(&db, &vault, other).await.unwrap();
        assert_eq!(changed.oidc_client_secret, None);
        assert_eq!(store::client_secret(db.read()).await.unwrap(), None);
    }
}
