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
#[cfg_attr(
    feature = "hydrate",
    expect(dead_code, reason = "no page asks for one yet")
)]
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

impl Sample {
    /// What a chart shows of it.
    pub fn point(&self, ts: i64) -> HistoryPoint {
        HistoryPoint {
            ts,
            cpu_percent: self.cpu_percent,
            memory_usage: self.memory_usage,
            memory_limit: self.memory_limit,
        }
    }
}

impl HistoryPoint {
    /// Adds up containers of one round; `None` where there are none, which is a gap and not a zero.
    ///
    /// What is unknown of one container is left out; a figure that is unknown of all stays unknown.
    pub fn sum(points: impl IntoIterator<Item = Self>) -> Option<Self> {
        points.into_iter().reduce(|sum, point| Self {
            ts: sum.ts,
            cpu_percent: add(sum.cpu_percent, point.cpu_percent, |one, other| {
                // Two decimals as in a sample, so that the order of adding never shows.
                ((one + other) * 100.0).round() / 100.0
            }),
            memory_usage: add(sum.memory_usage, point.memory_usage, u64::saturating_add),
            memory_limit: add(sum.memory_limit, point.memory_limit, larger_limit),
        })
    }
}

/// Joins what is known of two figures.
fn add<T>(one: Option<T>, other: Option<T>, join: impl Fn(T, T) -> T) -> Option<T> {
    match (one, other) {
        (Some(one), Some(other)) => Some(join(one, other)),
        (known, None) | (None, known) => known,
    }
}

/// Unlimited is written as 0 and is larger than any number.
pub fn larger_limit(one: u64, other: u64) -> u64 {
    if one == 0 || other == 0 {
        0
    } else {
        one.max(other)
    }
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

    fn point(cpu: Option<f64>, usage: Option<u64>, limit: Option<u64>) -> HistoryPoint {
        HistoryPoint {
            ts: 1,
            cpu_percent: cpu,
            memory_usage: usage,
            memory_limit: limit,
        }
    }

    #[test]
    fn a_sum_leaves_out_what_is_unknown_and_keeps_its_decimals() {
        let sum = HistoryPoint::sum([
            point(Some(0.1), None, Some(10)),
            point(None, None, None),
            point(Some(0.2), None, Some(20)),
        ]);
        assert_eq!(sum, Some(point(Some(0.3), None, Some(20))));
    }

    #[test]
    fn the_sum_of_nothing_is_a_gap() {
        assert_eq!(HistoryPoint::sum([]), None);
    }

    #[test]
    fn unlimited_is_the_largest_limit() {
        let sum = HistoryPoint::sum([
            point(None, Some(1), Some(10)),
            point(None, Some(2), Some(0)),
            point(None, Some(3), Some(20)),
        ]);
        assert_eq!(sum, Some(point(None, Some(6), Some(0))));
    }

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
