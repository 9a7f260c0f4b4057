//! Which provider there is: the one that the environment names, else the one in the settings. The two
//! are never mixed, so that a secret of one is not sent to the other.

use super::model::SignOnState;
use crate::auth::model::Oidc;
use crate::error::AppError;
use crate::secrets::scrub;
use crate::secrets::source::Unshown;
use crate::secrets::vault::Vault;
use crate::server::db::Db;
use crate::settings::change::CLIENT_SECRET;
use crate::settings::model::Settings;
use crate::settings::{sign_on, store};

/// Where a browser begins.
pub const START: &str = "/api/auth/oidc/start";

/// Where the provider sends it back to.
pub const CALLBACK: &str = "/api/auth/oidc/callback";

/// Where a browser goes to sign out at the provider, too.
pub const END: &str = "/api/auth/oidc/end";

/// A provider, and what we are to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provider {
    /// Exactly as it calls itself.
    pub issuer: String,
    pub client_id: String,
    /// `None` for a client that proves itself by PKCE alone.
    pub client_secret: Option<Unshown>,
    name: Option<String>,
    /// `None`: the provider does not decide about roles.
    pub roles: Option<Roles>,
}

/// How a claim becomes a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roles {
    /// The claim's name; with dots, a way into an object.
    pub claim: String,
    pub admin: Vec<String>,
    pub viewer: Vec<String>,
}

impl Provider {
    /// The provider that these settings name, where they do; `client_secret` is the opened one.
    fn new(settings: Settings, client_secret: Option<Unshown>) -> Option<Self> {
        let roles = settings.oidc_role_claim.map(|claim| Roles {
            claim,
            admin: values_of(settings.oidc_admin_values),
            viewer: values_of(settings.oidc_viewer_values),
        });
        Some(Self {
            issuer: settings.oidc_issuer?,
            client_id: settings.oidc_client_id?,
            client_secret,
            name: settings.oidc_name,
            roles,
        })
    }

    /// The one that the environment names.
    ///
    /// # Errors
    /// `invalid` with the setting at fault.
    pub fn of_environment(
        said: Settings,
        client_secret: Option<&Unshown>,
    ) -> Result<Option<Self>, AppError> {
        if said.oidc_issuer.is_none() {
            return Ok(None);
        }
        sign_on::check(&said)?;
        if let Some(secret) = client_secret {
            sign_on::check_secret(secret.text())?;
            scrub::know(secret.text().as_bytes());
        }
        Ok(Self::new(said, client_secret.cloned()))
    }

    /// The one that the settings name, without its secret.
    ///
    /// # Errors
    /// `internal` where the database does not answer.
    pub async fn of_settings(db: &Db) -> Result<Option<Self>, AppError> {
        Ok(Self::new(store::read(db.read()).await?, None))
    }

    /// The one of the settings with its secret. Showing it does not need that, so that a secret whose
    /// key is lost keeps nobody from the sign-in page.
    ///
    /// # Errors
    /// `internal` where the database does not answer or the secret does not open.
    pub async fn with_secret(self, db: &Db, vault: &Vault) -> Result<Self, AppError> {
        let Some(sealed) = store::client_secret(db.read()).await? else {
            return Ok(self);
        };
        let opened = vault.open(CLIENT_SECRET, &sealed)?;
        let text = std::str::from_utf8(&opened).map_err(AppError::internal)?;
        Ok(Self {
            client_secret: Some(Unshown::new(text.to_owned())),
            ..self
        })
    }

    /// As the sign-in page shows it.
    pub fn shown(&self) -> Oidc {
        Oidc {
            name: self.name.clone().unwrap_or_else(|| self.host()),
            url: START.into(),
        }
    }

    /// As admins see what the environment says.
    pub fn described(&self) -> SignOnState {
        let roles = self.roles.as_ref();
        SignOnState {
            is_fixed: true,
            issuer: Some(self.issuer.clone()),
            client_id: Some(self.client_id.clone()),
            has_client_secret: self.client_secret.is_some(),
            name: self.name.clone(),
            role_claim: roles.map(|roles| roles.claim.clone()),
            admin_values: roles.and_then(|roles| said_of(&roles.admin)),
            viewer_values: roles.and_then(|roles| said_of(&roles.viewer)),
            ..SignOnState::default()
        }
    }

    /// Whether plain HTTP to this machine may be spoken with it.
    pub fn is_on_this_machine(&self) -> bool {
        sign_on::is_on_this_machine(&self.issuer)
    }

    fn host(&self) -> String {
        let after = self.issuer.split("://").nth(1).unwrap_or_default();
        after.split('/').next().unwrap_or_default().to_owned()
    }
}

/// The values that a setting names: separated by commas or, for those that have commas of their own as the
/// names of LDAP groups do, a JSON list, whose texts are taken as they are.
fn values_of(text: Option<String>) -> Vec<String> {
    let text = text.unwrap_or_default();
    let listed = serde_json::from_str::<Vec<String>>(&text);
    let values =
        listed.unwrap_or_else(|_| text.split(',').map(|one| one.trim().to_owned()).collect());
    values
        .into_iter()
        .filter(|value| !value.is_empty())
        .collect()
}

/// A setting that names these values; `None` for none.
fn said_of(values: &[String]) -> Option<String> {
    let is_plain = |value: &String| !value.contains(',') && value.trim() == value;
    match values {
        [] => None,
        values if values.iter().all(is_plain) => Some(values.join(", ")),
        values => serde_json::to_string(values).ok(),
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// The provider of these `name=value` settings.
    pub fn provider(said: &[(&str, &str)]) -> Provider {
        Provider::new(settings(said), None).unwrap()
    }

    fn settings(said: &[(&str, &str)]) -> Settings {
        let mut all = serde_json::json!({
            "stats_interval_secs": 30, "stale_threshold_days": 7, "event_retention_days": 30,
            "stats_retention": 30, "deploy_history_limit": 50, "proxy_check_interval_secs": 30,
            "quarantine_days": 7,
        });
        for (name, value) in said {
            all[*name] = (*value).into();
        }
        serde_json::from_value(all).unwrap()
    }

    #[test]
    fn a_provider_is_called_by_its_host_unless_it_has_a_name() {
        let mut said = vec![
            ("oidc_issuer", "https://id.example.org/realms/home"),
            ("oidc_client_id", "watcher"),
        ];
        assert_eq!(provider(&said).shown().name, "id.example.org");
        said.push(("oidc_name", "Home"));
        assert_eq!(provider(&said).shown().name, "Home");
    }

    #[test]
    fn half_a_provider_in_the_environment_is_refused() {
        let half = settings(&[("oidc_issuer", "https://id.example.org")]);
        let error = Provider::of_environment(half, None).unwrap_err();
        assert_eq!(error.field.as_deref(), Some("oidc_client_id"));
        let plain = [
            ("oidc_issuer", "http://id.example.org"),
            ("oidc_client_id", "watcher"),
        ];
        let error = Provider::of_environment(settings(&plain), None).unwrap_err();
        assert_eq!(error.field.as_deref(), Some("oidc_issuer"));
        assert_eq!(Provider::of_environment(settings(&[]), None), Ok(None));
    }

    #[test]
    fn values_are_separated_by_commas_or_a_list_where_they_have_commas_of_their_own() {
        for (said, values, shown) in [
            ("ops", vec!["ops"], "ops"),
            (" ops,, root ,", vec!["ops", "root"], "ops, root"),
            (r#"["ops", "", "root"]"#, vec!["ops", "root"], "ops, root"),
            (
                r#"["cn=ops,dc=example", "root"]"#,
                vec!["cn=ops,dc=example", "root"],
                r#"["cn=ops,dc=example","root"]"#,
            ),
            (r#"[" ops"]"#, vec![" ops"], r#"[" ops"]"#),
            // What is no list of texts is what it always was.
            ("[ops]", vec!["[ops]"], "[ops]"),
            ("[1,2]", vec!["[1", "2]"], "[1, 2]"),
        ] {
            let found = values_of(Some(said.to_owned()));
            assert_eq!(found, values, "{said}");
            assert_eq!(said_of(&found).as_deref(), Some(shown), "{said}");
            assert_eq!(values_of(said_of(&found)), found, "{said}");
        }
        assert_eq!(values_of(None), Vec::<String>::new());
        assert_eq!(said_of(&[]), None);
    }
}
