//! What can be set, in which range, and what it is when nobody set it.

use serde::{Deserialize, Serialize};

use crate::error::AppError;

/// The one row of settings, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema, sqlx::FromRow))]
pub struct Settings {
    /// Seconds between two sampling rounds while nobody looks; 5 to 3600.
    pub stats_interval_secs: i64,
    /// Days; 0 to 3650, 0 means as soon as it stops.
    pub stale_threshold_days: i64,
    /// Seconds; derived from the threshold when null, else at least 60.
    pub stale_scan_interval_secs: Option<i64>,
    /// Days; 1 to 3650.
    pub event_retention_days: i64,
    /// Days that samples are kept; 1 to 3650.
    pub stats_retention_days: i64,
    /// Deploys kept for each workload; 1 to 1000.
    pub deploy_history_limit: i64,
    /// Seconds; 5 to 3600.
    pub proxy_check_interval_secs: i64,
    /// Where people reach this program, such as `https://watch.example.org`.
    pub public_url: Option<String>,
    /// `en` or `ru`; null follows the browser.
    pub language: Option<String>,
}
