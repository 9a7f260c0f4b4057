//! Single sign-on on the command line and in the environment, where it is not in the settings.

use clap::Args;

use super::config::secret;
use crate::auth::sign_on::provider::Provider;
use crate::error::AppError;
use crate::secrets::source::Unshown;
use crate::settings::model::Settings;

/// The variable that holds the client secret.
pub const CLIENT_SECRET: &str = "DOCKER_WATCHER_OIDC_CLIENT_SECRET";

/// What is said of the provider. With an issuer all of it counts in place of the settings.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Single sign-on, in place of the settings")]
pub struct SignOnOptions {
    /// The OpenID Connect provider, exactly as it calls itself, such as <https://id.example.org/realms/home>
    #[arg(
        long,
        env = "DOCKER_WATCHER_OIDC_ISSUER",
        value_name = "URL",
        global = true
    )]
    pub oidc_issuer: Option<String>,

    /// What the provider calls this program
    #[arg(
        long,
        env = "DOCKER_WATCHER_OIDC_CLIENT_ID",
        value_name = "ID",
        global = true
    )]
    pub oidc_client_id: Option<String>,

    /// What the sign-in page calls the provider
    #[arg(
        long,
        env = "DOCKER_WATCHER_OIDC_NAME",
        value_name = "NAME",
        global = true
    )]
    pub oidc_name: Option<String>,

    /// The claim whose values decide about the role, such as groups; without one, whoever is new is a viewer
    #[arg(
        long,
        env = "DOCKER_WATCHER_OIDC_ROLE_CLAIM",
        value_name = "CLAIM",
        global = true
    )]
    pub oidc_role_claim: Option<String>,

    /// The values that make an admin, separated by commas or as a JSON list
    #[arg(
        long,
        env = "DOCKER_WATCHER_OIDC_ADMIN_VALUES",
        value_name = "VALUES",
        global = true
    )]
    pub oidc_admin_values: Option<String>,

    /// The values that make a viewer, separated by commas or as a JSON list
    #[arg(
        long,
        env = "DOCKER_WATCHER_OIDC_VIEWER_VALUES",
        value_name = "VALUES",
        global = true
    )]
    pub oidc_viewer_values: Option<String>,

    /// Proves to the provider that it is us.
    #[arg(skip = secret(CLIENT_SECRET))]
    pub oidc_client_secret: Option<Unshown>,
}

impl SignOnOptions {
    /// The provider that is named here, where one is.
    ///
    /// # Errors
    /// `invalid` with what cannot be.
    pub fn provider(&self) -> Result<Option<Provider>, AppError> {
        // An empty variable is how a script says "not set".
        let said = |option: &Option<String>| option.clone().filter(|text| !text.is_empty());
        let settings = Settings {
            oidc_issuer: said(&self.oidc_issuer),
            oidc_client_id: said(&self.oidc_client_id),
            oidc_name: said(&self.oidc_name),
            oidc_role_claim: said(&self.oidc_role_claim),
            oidc_admin_values: said(&self.oidc_admin_values),
            oidc_viewer_values: said(&self.oidc_viewer_values),
            ..Settings::default()
        };
        Provider::of_environment(settings, self.oidc_client_secret.as_ref())
    }
}
