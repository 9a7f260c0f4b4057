//! The numbers of the general settings: what each is called, what it means, and its unit.

use crate::i18n::*;
use crate::settings::bounds::{self, Bounds};
use crate::settings::model::Settings;
use crate::ui::format;
use crate::ui::table::Word;

/// One number.
pub struct Number {
    pub bounds: Bounds,
    /// Its name in the form.
    pub name: &'static str,
    pub label: Word,
    /// What it means, with unit and range.
    pub hint: fn(Locale, Bounds) -> String,
    pub value: fn(&Settings) -> Option<i64>,
    /// The value with its unit.
    pub said: fn(Locale, i64) -> String,
    /// What holds where there is no value; without it there has to be one.
    pub unset: Option<Word>,
}

/// Numbers that belong together.
pub struct Group {
    pub title: Word,
    pub numbers: &'static [Number],
}

fn seconds(locale: Locale, n: i64) -> String {
    td_string!(locale, settings.seconds, n = n).to_string()
}

fn days(locale: Locale, n: i64) -> String {
    td_string!(locale, settings.days, n = n).to_string()
}

/// `$hint` with both ends in it.
macro_rules! hint {
    ($($key:tt)*) => {
        |locale, Bounds { least, most, .. }| {
            td_string!(locale, settings.$($key)*, least = least, most = most).to_string()
        }
    };
}

/// All of them, in the order of the page.
pub const GROUPS: &[Group] = &[
    Group {
        title: |it| td_string!(it, settings.sampling),
        numbers: &[Number {
            bounds: bounds::STATS_INTERVAL,
            name: "patch[stats_interval_secs]",
            label: |it| td_string!(it, settings.stats_interval),
            hint: hint!(stats_interval_hint),
            value: |settings| Some(settings.stats_interval_secs),
            said: seconds,
            unset: None,
        }],
    },
    Group {
        title: |it| td_string!(it, settings.keeping),
        numbers: &[
            Number {
                bounds: bounds::STATS_RETENTION,
                name: "patch[stats_retention]",
                label: |it| td_string!(it, settings.stats_retention),
                hint: hint!(stats_retention_hint),
                value: |settings| Some(settings.stats_retention),
                said: days,
                unset: None,
            },
            Number {
                bounds: bounds::EVENT_RETENTION,
                name: "patch[event_retention_days]",
                label: |it| td_string!(it, settings.event_retention),
                hint: hint!(event_retention_hint),
                value: |settings| Some(settings.event_retention_days),
                said: days,
                unset: None,
            },
            Number {
                bounds: bounds::EVENT_LOG_BYTES,
                name: "patch[event_max_bytes]",
                label: |it| td_string!(it, settings.event_log_bytes),
                hint: |locale, Bounds { least, .. }| {
                    td_string!(locale, settings.event_log_bytes_hint, least = least).to_string()
                },
                value: |settings| settings.event_max_bytes,
                said: |locale, bytes| format::memory(bytes.unsigned_abs(), locale),
                unset: Some(|it| td_string!(it, settings.event_log_bytes_unset)),
            },
            Number {
                bounds: bounds::DEPLOY_HISTORY,
                name: "patch[deploy_history_limit]",
                label: |it| td_string!(it, settings.deploy_history),
                hint: hint!(deploy_history_hint),
                value: |settings| Some(settings.deploy_history_limit),
                said: |_, n| n.to_string(),
                unset: None,
            },
        ],
    },
    Group {
        title: |it| td_string!(it, settings.stale),
        numbers: &[
            Number {
                bounds: bounds::STALE_THRESHOLD,
                name: "patch[stale_threshold_days]",
                label: |it| td_string!(it, settings.stale_threshold),
                hint: hint!(stale_threshold_hint),
                value: |settings| Some(settings.stale_threshold_days),
                said: days,
                unset: None,
            },
            Number {
                bounds: bounds::STALE_SCAN_INTERVAL,
                name: "patch[stale_scan_interval_secs]",
                label: |it| td_string!(it, settings.stale_scan),
                hint: |locale, Bounds { least, .. }| {
                    td_string!(locale, settings.stale_scan_hint, least = least).to_string()
                },
                value: |settings| settings.stale_scan_interval_secs,
                said: seconds,
                unset: Some(|it| td_string!(it, settings.stale_scan_derived)),
            },
            Number {
                bounds: bounds::QUARANTINE,
                name: "patch[quarantine_days]",
                label: |it| td_string!(it, settings.quarantine),
                hint: hint!(quarantine_hint),
                value: |settings| Some(settings.quarantine_days),
                said: days,
                unset: None,
            },
        ],
    },
    Group {
        title: |it| td_string!(it, settings.proxies),
        numbers: &[Number {
            bounds: bounds::PROXY_CHECK_INTERVAL,
            name: "patch[proxy_check_interval_secs]",
            label: |it| td_string!(it, settings.proxy_check),
            hint: hint!(proxy_check_hint),
            value: |settings| Some(settings.proxy_check_interval_secs),
            said: seconds,
            unset: None,
        }],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_is_sent_as_the_field_that_its_errors_name_and_says_its_range() {
        for number in GROUPS.iter().flat_map(|group| group.numbers) {
            assert_eq!(number.name, format!("patch[{}]", number.bounds.field));
            for locale in [Locale::en, Locale::ru] {
                let hint = (number.hint)(locale, number.bounds);
                assert!(hint.contains(&number.bounds.least.to_string()), "{hint}");
            }
        }
    }
}
