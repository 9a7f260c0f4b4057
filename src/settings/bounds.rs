//! Between which values a number may be; the pages say the same.

/// A setting and its ends, both of which may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The setting, as the API calls it.
    pub field: &'static str,
    pub least: i64,
    pub most: i64,
}

impl Bounds {
    const fn new(field: &'static str, least: i64, most: i64) -> Self {
        Self { field, least, most }
    }
}

/// Seconds.
pub const STATS_INTERVAL: Bounds = Bounds::new("stats_interval_secs", 5, 3600);

/// Days.
pub const STALE_THRESHOLD: Bounds = Bounds::new("stale_threshold_days", 0, 3650);

/// Seconds, up to ten years.
pub const STALE_SCAN_INTERVAL: Bounds = Bounds::new("stale_scan_interval_secs", 60, 3650 * 86_400);

/// Days.
pub const QUARANTINE: Bounds = Bounds::new("quarantine_days", 0, 365);

/// Days.
pub const EVENT_RETENTION: Bounds = Bounds::new("event_retention_days", 1, 3650);

/// Bytes.
pub const EVENT_LOG_BYTES: Bounds = Bounds::new("event_max_bytes", 1_000_000, i64::MAX);

/// Days.
pub const STATS_RETENTION: Bounds = Bounds::new("stats_retention", 1, 3650);

/// Deploys of each workload.
pub const DEPLOY_HISTORY: Bounds = Bounds::new("deploy_history_limit", 1, 1000);

/// Seconds.
pub const PROXY_CHECK_INTERVAL: Bounds = Bounds::new("proxy_check_interval_secs", 5, 3600);
