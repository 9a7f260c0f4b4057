//! Which values a setting may have.

use super::bounds::{self, Bounds};
use super::model::{Settings, SettingsPatch};
use super::sign_on;
use crate::error::AppError;

impl SettingsPatch {
    /// The settings as they are after this change.
    ///
    /// # Errors
    /// `invalid` with the first field whose value is out of its range.
    pub fn apply(&self, old: Settings) -> Result<Settings, AppError> {
        let new = Settings {
            stats_interval_secs: self.stats_interval_secs.unwrap_or(old.stats_interval_secs),
            stale_threshold_days: self
                .stale_threshold_days
                .unwrap_or(old.stale_threshold_days),
            stale_scan_interval_secs: self
                .stale_scan_interval_secs
                .unwrap_or(old.stale_scan_interval_secs),
            quarantine_days: self.quarantine_days.unwrap_or(old.quarantine_days),
            event_retention_days: self
                .event_retention_days
                .unwrap_or(old.event_retention_days),
            event_max_bytes: self.event_max_bytes.unwrap_or(old.event_max_bytes),
            stats_retention: self.stats_retention.unwrap_or(old.stats_retention),
            deploy_history_limit: self
                .deploy_history_limit
                .unwrap_or(old.deploy_history_limit),
            proxy_check_interval_secs: self
                .proxy_check_interval_secs
                .unwrap_or(old.proxy_check_interval_secs),
            public_url: self.public_url.clone().unwrap_or(old.public_url),
            language: self.language.clone().unwrap_or(old.language),
            oidc_client_secret: match &self.oidc_client_secret {
                Some(new) => new.as_ref().map(|_| "set".into()),
                None if self
                    .oidc_issuer
                    .as_ref()
                    .is_some_and(|new| *new != old.oidc_issuer) =>
                {
                    None
                }
                None => old.oidc_client_secret,
            },
            oidc_issuer: self.oidc_issuer.clone().unwrap_or(old.oidc_issuer),
            oidc_client_id: self.oidc_client_id.clone().unwrap_or(old.oidc_client_id),
            oidc_name: self.oidc_name.clone().unwrap_or(old.oidc_name),
            oidc_role_claim: self.oidc_role_claim.clone().unwrap_or(old.oidc_role_claim),
            oidc_admin_values: self
                .oidc_admin_values
                .clone()
                .unwrap_or(old.oidc_admin_values),
            oidc_viewer_values: self
                .oidc_viewer_values
                .clone()
                .unwrap_or(old.oidc_viewer_values),
        };
        if let Some(Some(secret)) = &self.oidc_client_secret {
            sign_on::check_secret(secret)?;
        }
        new.check()?;
        Ok(new)
    }
}

impl Settings {
    fn check(&self) -> Result<(), AppError> {
        in_range(bounds::STATS_INTERVAL, self.stats_interval_secs)?;
        in_range(bounds::STALE_THRESHOLD, self.stale_threshold_days)?;
        if let Some(seconds) = self.stale_scan_interval_secs {
            in_range(bounds::STALE_SCAN_INTERVAL, seconds)?;
        }
        in_range(bounds::QUARANTINE, self.quarantine_days)?;
        in_range(bounds::EVENT_RETENTION, self.event_retention_days)?;
        if let Some(bytes) = self.event_max_bytes {
            in_range(bounds::EVENT_LOG_BYTES, bytes)?;
        }
        in_range(bounds::STATS_RETENTION, self.stats_retention)?;
        in_range(bounds::DEPLOY_HISTORY, self.deploy_history_limit)?;
        in_range(bounds::PROXY_CHECK_INTERVAL, self.proxy_check_interval_secs)?;
        if self
            .public_url
            .as_deref()
            .is_some_and(|url| !is_public_url(url))
        {
            return Err(AppError::invalid(
                "public_url",
                "This must be an address like https://watch.example.org, without a name or password in it.",
            ));
        }
        if self
            .language
            .as_deref()
            .is_some_and(|language| !matches!(language, "en" | "ru"))
        {
            return Err(AppError::invalid(
                "language",
                "This must be en, ru or nothing.",
            ));
        }
        sign_on::check(self)
    }
}

fn in_range(bounds: Bounds, value: i64) -> Result<(), AppError> {
    let Bounds { field, least, most } = bounds;
    if (least..=most).contains(&value) {
        Ok(())
    } else {
        Err(AppError::invalid(
            field,
            format!("This must be between {least} and {most}."),
        ))
    }
}

/// `http` or `https`, a host, perhaps a port and a path; nothing that carries a secret or a query.
pub fn is_public_url(url: &str) -> bool {
    let Some(rest) = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"))
    else {
        return false;
    };
    let authority = rest.split('/').next().unwrap_or_default();
    let (host, port) = match authority.strip_prefix('[') {
        // An IPv6 address has colons of its own.
        Some(rest) => match rest.split_once(']') {
            Some((address, port)) if address.parse::<std::net::Ipv6Addr>().is_ok() => (
                "ipv6",
                port.strip_prefix(':').or(port.is_empty().then_some("80")),
            ),
            _ => return false,
        },
        None => authority
            .split_once(':')
            .map_or((authority, Some("80")), |(h, p)| (h, Some(p))),
    };
    url.len() <= 2048
        && !host.is_empty()
        && host
            .chars()
            .all(|letter| letter.is_alphanumeric() || matches!(letter, '.' | '-' | '_'))
        && port.is_some_and(|port| port.parse::<u16>().is_ok_and(|port| port > 0))
        && !rest.contains(|letter: char| {
            letter.is_whitespace() || letter.is_control() || matches!(letter, '?' | '#' | '\\')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fresh() -> Settings {
        Settings {
            stats_interval_secs: 30,
            stale_threshold_days: 7,
            stale_scan_interval_secs: None,
            quarantine_days: 7,
            event_retention_days: 30,
            event_max_bytes: None,
            stats_retention: 30,
            deploy_history_limit: 50,
            proxy_check_interval_secs: 30,
            public_url: None,
            language: None,
            oidc_issuer: None,
            oidc_client_id: None,
            oidc_client_secret: None,
            oidc_name: None,
            oidc_role_claim: None,
            oidc_admin_values: None,
            oidc_viewer_values: None,
        }
    }

    fn apply(patch: serde_json::Value) -> Result<Settings, AppError> {
        serde_json::from_value::<SettingsPatch>(patch)
            .unwrap()
            .apply(fresh())
    }

    #[test]
    fn every_number_is_taken_at_the_ends_of_its_range_and_refused_beyond() {
        for (field, least, most) in [
            ("stats_interval_secs", 5, 3600),
            ("stale_threshold_days", 0, 3650),
            ("stale_scan_interval_secs", 60, 315_360_000),
            ("quarantine_days", 0, 365),
            ("event_retention_days", 1, 3650),
            ("stats_retention", 1, 3650),
            ("deploy_history_limit", 1, 1000),
            ("proxy_check_interval_secs", 5, 3600),
        ] {
            for value in [least, most] {
                let settings =
                    serde_json::to_value(apply(serde_json::json!({ field: value })).unwrap());
                assert_eq!(settings.unwrap()[field], value);
            }
            for value in [least - 1, most + 1, i64::MIN, i64::MAX] {
                let error = apply(serde_json::json!({ field: value })).unwrap_err();
                assert_eq!(
                    (error.code.status(), error.field.as_deref()),
                    (422, Some(field))
                );
            }
        }
    }

    #[test]
    fn an_absent_value_stays_and_a_null_one_is_taken_away() {
        let set = Settings {
            stale_scan_interval_secs: Some(60),
            language: Some("ru".into()),
            ..fresh()
        };
        let patch: SettingsPatch = serde_json::from_str(r#"{"language":null}"#).unwrap();
        let changed = patch.apply(set).unwrap();
        assert_eq!(
            (changed.language, changed.stale_scan_interval_secs),
            (None, Some(60))
        );
    }

    #[test]
    fn an_unknown_name_is_refused() {
        assert!(serde_json::from_str::<SettingsPatch>(r#"{"stats_interval":5}"#).is_err());
    }

    #[test]
    fn a_public_url_is_http_with_a_host_and_without_credentials() {
        for url in [
            "https://watch.example.org",
            "http://127.0.0.1:3000",
            "http://[::1]:3000/",
            "https://сторож.рф/путь",
        ] {
            assert!(
                apply(serde_json::json!({ "public_url": url })).is_ok(),
                "{url}"
            );
        }
        for url in [
            "",
            "watch.example.org",
            "ftp://example.org",
            "javascript:alert(1)",
            "https://",
            "https:///path",
            "https://ann:secret@example.org",
            "https://ann@example.org",
            "https://example.org:0",
            "https://example.org:http",
            "https://example.org:",
            "https://[::1",
            "https://[::1]x",
            "https://example.org/a b",
            "https://example.org\\@other.org",
            "https://example.org/?token=1",
            "https://example.org/#x",
        ] {
            let error = apply(serde_json::json!({ "public_url": url })).unwrap_err();
            assert_eq!(error.field.as_deref(), Some("public_url"), "{url}");
        }
    }

    #[test]
    fn a_language_is_one_that_we_speak() {
        assert!(apply(serde_json::json!({ "language": "ru" })).is_ok());
        assert!(apply(serde_json::json!({ "language": "de" })).is_err());
    }
}
