//! Changing the settings: read, checked and written in one transaction, so that two changes at once
//! do not undo each other.

use serde_json::{Map, Value};

use super::model::{Settings, SettingsPatch};
use super::store;
use crate::error::AppError;
use crate::events::model::happening::Change;
use crate::secrets::scrub;
use crate::secrets::vault::{Place, Vault};
use crate::server::db::Db;

/// Where the client secret is kept.
pub const CLIENT_SECRET: Place<'static> = Place {
    table: "settings",
    row: "1",
    column: "oidc_client_secret_sealed",
};

/// The settings after a change, and what it changed.
#[derive(Clone, Debug)]
pub struct Changed {
    pub settings: Settings,
    pub changes: Vec<Change>,
}

/// Applies `patch` and answers the settings as they are then.
///
/// # Errors
/// `invalid` with the field where a value is out of its range; then nothing is changed.
pub async fn change(db: &Db, vault: &Vault, patch: SettingsPatch) -> Result<Changed, AppError> {
    let mut transaction = db.begin().await?;
    let before = store::read(&mut *transaction).await?;
    let settings = patch.apply(before.clone())?;
    store::write(&mut *transaction, &settings).await?;
    if let Some(Some(secret)) = &patch.oidc_client_secret {
        scrub::know(secret.as_bytes());
        let sealed = vault.seal(CLIENT_SECRET, secret.as_bytes())?;
        store::write_client_secret(&mut *transaction, Some(&sealed)).await?;
    } else if settings.oidc_client_secret.is_none() {
        store::write_client_secret(&mut *transaction, None).await?;
    }
    transaction.commit().await?;
    let secret = patch.oidc_client_secret.is_some();
    let changes = differences(&before, &settings, secret);
    Ok(Changed { settings, changes })
}

/// The fields that differ, by their names in the API.
fn differences(before: &Settings, after: &Settings, secret: bool) -> Vec<Change> {
    let fields = |settings| match serde_json::to_value(settings) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    };
    let shown = |value: Option<&Value>| match value {
        None | Some(Value::Null) => None,
        Some(Value::String(text)) => Some(text.clone()),
        Some(other) => Some(other.to_string()),
    };
    let before = fields(before);
    let changed = fields(after).into_iter().filter_map(|(field, to)| {
        let from = before.get(&field);
        if field == SECRET && secret {
            // It reads "set" before and after.
            return Some(Change::unsaid(&field));
        }
        (from != Some(&to)).then(|| Change {
            from: shown(from),
            to: shown(Some(&to)),
            field,
        })
    });
    changed.collect()
}

/// The field whose value is not shown.
const SECRET: &str = "oidc_client_secret";

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
        let changed = change(&db, &vault, patch).await.unwrap().settings;
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
        assert_eq!(
            change(&db, &vault, patch)
                .await
                .unwrap()
                .settings
                .public_url,
            None
        );
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
        let changed = change(&db, &vault, first).await.unwrap().settings;
        assert_eq!(changed.oidc_client_secret.as_deref(), Some("set"));
        let sealed = store::client_secret(db.read()).await.unwrap().unwrap();
        let opened = vault.open(CLIENT_SECRET, &sealed).unwrap();
        assert_eq!(opened.as_slice(), b"a client secret");

        let same = with("https://id.example.org", None);
        let changed = change(&db, &vault, same).await.unwrap().settings;
        assert_eq!(changed.oidc_client_secret.as_deref(), Some("set"));
        let other = with("https://id.example.com", None);
        let changed = change(&db, &vault, other).await.unwrap().settings;
        assert_eq!(changed.oidc_client_secret, None);
        assert_eq!(store::client_secret(db.read()).await.unwrap(), None);
    }
}
