//! What can be set, in which range, and what it is when nobody set it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The one row of settings, as it is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct Settings {
    /// Seconds between two sampling rounds while nobody looks; 5 to 3600.
    pub stats_interval_secs: i64,
    /// Days; 0 to 3650, 0 means as soon as it stops.
    pub stale_threshold_days: i64,
    /// Seconds; derived from the threshold when null, else 60 to 315,360,000 (ten years).
    pub stale_scan_interval_secs: Option<i64>,
    /// Days that a stale container is kept aside before it is removed; 0 to 365.
    pub quarantine_days: i64,
    /// Days; 1 to 3650.
    pub event_retention_days: i64,
    /// Bytes of text that the event log holds at most, from a million; without limit when null.
    pub event_max_bytes: Option<i64>,
    /// Days that samples are kept; 1 to 3650.
    pub stats_retention: i64,
    /// Deploys kept for each workload; 1 to 1000.
    pub deploy_history_limit: i64,
    /// Seconds; 5 to 3600.
    pub proxy_check_interval_secs: i64,
    /// Where people reach this program, such as `https://watch.example.org`.
    pub public_url: Option<String>,
    /// `en` or `ru`; null follows the browser.
    pub language: Option<String>,
    /// The single sign-on provider, exactly as it calls itself, such as `https://id.example.org/realms/home`;
    /// null switches single sign-on off. One that the environment names wins over all of these.
    pub oidc_issuer: Option<String>,
    /// What the provider calls this program.
    pub oidc_client_id: Option<String>,
    /// `set` where there is one; what it is cannot be read.
    pub oidc_client_secret: Option<String>,
    /// What the sign-in page calls the provider; its host name when null.
    pub oidc_name: Option<String>,
    /// The claim whose values decide about the role; without one, whoever is new is a viewer.
    pub oidc_role_claim: Option<String>,
    /// The values that make an admin, separated by commas or as a JSON list.
    pub oidc_admin_values: Option<String>,
    /// The values that make a viewer, separated by commas or as a JSON list.
    pub oidc_viewer_values: Option<String>,
}

/// A change to the settings: what is absent stays, null takes a value away where that is possible.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SettingsPatch {
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub stats_interval_secs: Option<i64>,
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub stale_threshold_days: Option<i64>,
    #[serde(with = "nullable", skip_serializing_if = "Option::is_none")]
    pub stale_scan_interval_secs: Option<Option<i64>>,
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub quarantine_days: Option<i64>,
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub event_retention_days: Option<i64>,
    #[serde(with = "nullable", skip_serializing_if = "Option::is_none")]
    pub event_max_bytes: Option<Option<i64>>,
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub stats_retention: Option<i64>,
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub deploy_history_limit: Option<i64>,
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub proxy_check_interval_secs: Option<i64>,
    #[serde(with = "nullable", skip_serializing_if = "Option::is_none")]
    pub public_url: Option<Option<String>>,
    #[serde(with = "nullable", skip_serializing_if = "Option::is_none")]
    pub language: Option<Option<String>>,
    /// Another issuer takes the client secret away unless this change brings one, so that no secret is sent to
    /// a provider that it was not made for.
    #[serde(with = "nullable", skip_serializing_if = "Option::is_none")]
    pub oidc_issuer: Option<Option<String>>,
    #[serde(with = "nullable", skip_serializing_if = "Option::is_none")]
    pub oidc_client_id: Option<Option<String>>,
    #[serde(with = "nullable", skip_serializing_if = "Option::is_none")]
    pub oidc_client_secret: Option<Option<String>>,
    #[serde(with = "nullable", skip_serializing_if = "Option::is_none")]
    pub oidc_name: Option<Option<String>>,
    #[serde(with = "nullable", skip_serializing_if = "Option::is_none")]
    pub oidc_role_claim: Option<Option<String>>,
    #[serde(with = "nullable", skip_serializing_if = "Option::is_none")]
    pub oidc_admin_values: Option<Option<String>>,
    #[serde(with = "nullable", skip_serializing_if = "Option::is_none")]
    pub oidc_viewer_values: Option<Option<String>>,
}

/// A value that is there and is one. Null would leave it as it is without a word, though it was named.
fn given<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: Deserialize<'de>,
    D: serde::Deserializer<'de>,
{
    use serde::de::Error;

    let value = Option::<T>::deserialize(deserializer)?;
    let refusal = || D::Error::custom("this cannot be null; leave it out to keep it as it is");
    value.map(Some).ok_or_else(refusal)
}

/// Tells an absent value (`None`) from a null one (`Some(None)`). In a form an empty input is a null one.
mod nullable {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<T: Serialize, S: Serializer>(
        value: &Option<Option<T>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match value {
            Some(Some(value)) => value.serialize(serializer),
            // A form leaves out what is none, which would say "absent"; a unit is an empty value there,
            // and null in JSON.
            Some(None) | None => serializer.serialize_unit(),
        }
    }

    pub fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Option<T>>, D::Error> {
        Option::<T>::deserialize(deserializer).map(Some)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_takes_away_what_can_be_away_and_is_refused_for_the_rest() {
        let read = serde_json::from_str::<SettingsPatch>;
        let derived = read(r#"{"stale_scan_interval_secs": null}"#).unwrap();
        assert_eq!(derived.stale_scan_interval_secs, Some(None));
        assert_eq!(read("{}").unwrap(), SettingsPatch::default());
        assert!(read(r#"{"stats_interval_secs": null}"#).is_err());
    }

    #[test]
    fn a_change_is_the_same_after_the_way_through_json() {
        let patch = SettingsPatch {
            stats_interval_secs: Some(10),
            stale_scan_interval_secs: Some(Some(60)),
            public_url: Some(None),
            ..SettingsPatch::default()
        };
        let json = serde_json::to_value(&patch).unwrap();
        assert_eq!(json["public_url"], serde_json::Value::Null);
        assert_eq!(json.get("language"), None);
        assert_eq!(
            serde_json::from_value::<SettingsPatch>(json).unwrap(),
            patch
        );
    }
}
