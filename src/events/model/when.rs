//! A time as it is written in an address: a moment, or how long ago.

use chrono::{DateTime, Duration, NaiveDateTime, Utc};

/// What somebody wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    At(DateTime<Utc>),
    /// So long before whoever reads it does.
    Ago(Duration),
}

/// How a browser's own field writes a time, without a zone and perhaps without seconds.
const FIELD: [&str; 2] = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"];

impl When {
    /// Reads `2026-01-31T12:00:00Z`, `2026-01-31T12:00` which is taken for UTC, or `24h`; `None` is no
    /// time at all.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Ok(at) = DateTime::parse_from_rfc3339(text) {
            return Some(Self::At(at.to_utc()));
        }
        let field = FIELD
            .iter()
            .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok());
        match field {
            Some(at) => Some(Self::At(at.and_utc())),
            None => read_span(text).map(Self::Ago),
        }
    }

    /// The moment that is meant by whoever reads it `now`.
    pub fn from(self, now: DateTime<Utc>) -> DateTime<Utc> {
        match self {
            Self::At(at) => at,
            Self::Ago(span) => now - span,
        }
    }
}

/// `90m`, `24h` or `7d`, ten years at most.
fn read_span(text: &str) -> Option<Duration> {
    let (count, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    if !count.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let count: i64 = count.parse().ok()?;
    let minutes = match unit {
        "m" => count,
        "h" => count.checked_mul(60)?,
        "d" => count.checked_mul(24 * 60)?,
        _ => return None,
    };
    (1..=3660 * 24 * 60)
        .contains(&minutes)
        .then(|| Duration::minutes(minutes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_and_spans_are_told_apart() {
        let noon = "2026-01-31T12:00:00Z".parse().unwrap();
        for text in [
            "2026-01-31T12:00:00Z",
            "2026-01-31T13:00:00+01:00",
            "2026-01-31T12:00",
            " 2026-01-31T12:00:00 ",
        ] {
            assert_eq!(When::read(text), Some(When::At(noon)), "{text}");
        }
        let day_before = |text| When::read(text).map(|when| (noon - when.from(noon)).num_minutes());
        assert_eq!(day_before("90m"), Some(90));
        assert_eq!(day_before("24h"), Some(24 * 60));
        assert_eq!(day_before("7d"), Some(7 * 24 * 60));
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "",
            "h",
            "0h",
            "-1h",
            "24",
            "24 h",
            "24w",
            "24ч",
            "9999999999d",
            "moon",
        ] {
            assert_eq!(When::read(text), None, "{text}");
        }
    }
}
