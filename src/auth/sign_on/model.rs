//! Why a sign-on led to nothing and why a provider cannot be used: closed lists, so that nothing a provider
//! says gets onto our pages. And how single sign-on is set up.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::settings::model::Settings;

/// The reason, as the sign-in page is told it in its query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// No provider is set up, or this installation has no admin yet.
    Off,
    /// The provider does not answer, or not as one does.
    Away,
    /// The person or the provider said no.
    Cancelled,
    /// It was begun too long ago, in another browser, or was finished already.
    Stale,
    /// The answer was not proven to be the provider's and for us.
    Untrusted,
    /// The provider says who it is, and nothing that lets them in.
    Refused,
    /// Something failed on our side; the log says what.
    Failed,
}

impl Trouble {
    const ALL: [Self; 7] = [
        Self::Off,
        Self::Away,
        Self::Cancelled,
        Self::Stale,
        Self::Untrusted,
        Self::Refused,
        Self::Failed,
    ];

    /// As it stands in the query.
    pub fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Away => "away",
            Self::Cancelled => "cancelled",
            Self::Stale => "stale",
            Self::Untrusted => "untrusted",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }

    /// What a query says; `None` for anything that is not on the list.
    pub fn read(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }
}

/// Why a provider cannot be used as it is set up; the log says more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// No connection, a certificate that this machine does not trust, or no answer in time.
    Unreachable,
    /// Something answers, and not as a provider does.
    NoProvider,
    /// It calls itself otherwise than the settings call it.
    OtherName,
    /// It names addresses that we may not use, or lacks one that we need.
    Unfit,
}

impl From<Fault> for Trouble {
    fn from(_: Fault) -> Self {
        Self::Away
    }
}

/// How single sign-on is set up, for admins; the client secret is never among it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SignOnState {
    /// The environment names the provider, and the settings do not count.
    pub is_fixed: bool,
    /// Null where single sign-on is off.
    pub issuer: Option<String>,
    pub client_id: Option<String>,
    pub has_client_secret: bool,
    pub name: Option<String>,
    pub role_claim: Option<String>,
    /// Separated by commas, or a JSON list where a value has a comma; like the next.
    pub admin_values: Option<String>,
    pub viewer_values: Option<String>,
    /// To be registered with the provider; null where this request does not say where we are reached.
    pub redirect_uri: Option<String>,
    /// To be registered with the provider, for signing out there.
    pub post_logout_redirect_uri: Option<String>,
    /// Why the provider cannot be used; null where it can, or where there is none.
    pub fault: Option<Fault>,
}

impl From<Settings> for SignOnState {
    fn from(settings: Settings) -> Self {
        Self {
            is_fixed: false,
            issuer: settings.oidc_issuer,
            client_id: settings.oidc_client_id,
            has_client_secret: settings.oidc_client_secret.is_some(),
            name: settings.oidc_name,
            role_claim: settings.oidc_role_claim,
            admin_values: settings.oidc_admin_values,
            viewer_values: settings.oidc_viewer_values,
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_is_read_as_it_is_written_and_nothing_else_is() {
        for one in Trouble::ALL {
            assert_eq!(Trouble::read(one.name()), Some(one));
        }
        for other in ["", "Away", "<b>", "away "] {
            assert_eq!(Trouble::read(other), None);
        }
    }
}
