//! Samples, rounds and windows: what a container costs, and over which time it is shown.
//!
//! Throughout, `None` is "not read", a memory limit of 0 is "unlimited", and a figure of 0 is a zero
//! that was measured.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::AppError;

/// One reading of one container, as a difference to the reading before it where it has to be one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Sample {
    pub container_id: String,
    pub workload_id: String,
    /// Percent of one core: 200 is two cores busy. Null for a first reading.
    pub cpu_percent: Option<f64>,
    /// Bytes, without the page cache.
    pub memory_usage: Option<u64>,
    /// Bytes; 0 is unlimited.
    pub memory_limit: Option<u64>,
    /// Of the limit; null where there is none.
    pub memory_percent: Option<f64>,
    /// Bytes since the container started.
    pub network_rx: Option<u64>,
    /// Bytes since the container started.
    pub network_tx: Option<u64>,
    /// Bytes since the container started.
    pub block_read: Option<u64>,
    /// Bytes since the container started.
    pub block_write: Option<u64>,
}

/// One round over all running containers, stamped once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Round {
    /// Unix seconds.
    pub ts: i64,
    pub samples: Vec<Sample>,
}

/// One fresh reading of one container, as asked for by a person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FreshReading {
    /// Unix seconds.
    pub ts: i64,
    #[serde(flatten)]
    pub sample: Sample,
}

/// One point of a chart: summed over containers, the limit being the largest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct HistoryPoint {
    /// Unix seconds.
    pub ts: i64,
    pub cpu_percent: Option<f64>,
    pub memory_usage: Option<u64>,
    /// Bytes; 0 is unlimited, and unlimited is larger than any number.
    pub memory_limit: Option<u64>,
}

/// How far back a chart looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Window {
    #[default]
    HalfHour,
    TwoHours,
    SixHours,
    Day,
    Week,
    Month,
}

impl Window {
    /// Every window, shortest first, with its name in the API.
    pub const ALL: [(Window, &'static str, i64); 6] = [
        (Window::HalfHour, "30m", 30 * 60),
        (Window::TwoHours, "2h", 2 * 3600),
        (Window::SixHours, "6h", 6 * 3600),
        (Window::Day, "24h", 24 * 3600),
        (Window::Week, "7d", 7 * 24 * 3600),
        (Window::Month, "30d", 30 * 24 * 3600),
    ];

    /// Reads a name as the API has it.
    ///
    /// # Errors
    /// `invalid` on the field `window` for any other word.
    pub fn parse(name: &str) -> Result<Self, AppError> {
        Self::ALL
            .iter()
            .find(|entry| entry.1 == name)
            .map(|entry| entry.0)
            .ok_or_else(|| {
                let names = Self::ALL.map(|entry| entry.1).join(", ");
                AppError::invalid("window", format!("The window is one of {names}."))
            })
    }

    fn entry(self) -> &'static (Window, &'static str, i64) {
        // Every variant stands in the table, which the test below holds.
        Self::ALL
            .iter()
            .find(|entry| entry.0 == self)
            .unwrap_or(&Self::ALL[0])
    }

    /// Its name in the API.
    pub fn name(self) -> &'static str {
        self.entry().1
    }

    /// Its length in seconds.
    pub fn seconds(self) -> i64 {
        self.entry().2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_window_reads_back_from_its_name() {
        for (window, name, seconds) in Window::ALL {
            assert_eq!(Window::parse(name), Ok(window));
            assert_eq!((window.name(), window.seconds()), (name, seconds));
        }
    }

    #[test]
    fn an_unknown_window_is_invalid_and_names_the_field() {
        let error = Window::parse("1h").unwrap_err();
        assert_eq!(
            (error.code.status(), error.field.as_deref()),
            (422, Some("window"))
        );
    }
}
