//! Does the clock show a time that can be?

use chrono::{DateTime, Utc};

use super::{Finding, Verdict, ok, trouble};

pub fn check_clock(now: DateTime<Utc>) -> Finding {
    const NAME: &str = "clock";
    /// 2026-01-01T00:00:00Z: nothing of this was written before.
    const EARLIEST: i64 = 1_767_225_600;
    let shown = now.format("%Y-%m-%d %H:%M:%S UTC");
    if now.timestamp() < EARLIEST {
        let remedy = "set the clock, and let a time service keep it: timedatectl set-ntp true";
        return trouble(
            Verdict::Fail,
            NAME,
            format!("it says {shown}, long ago"),
            remedy,
        );
    }
    ok(NAME, format!("it says {shown}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_lost_its_battery_is_found_out() {
        assert_eq!(check_clock(DateTime::UNIX_EPOCH).verdict, Verdict::Fail);
        let sane = DateTime::parse_from_rfc3339("2026-01-01T00:00:00Z").unwrap();
        assert_eq!(check_clock(sane.into()).verdict, Verdict::Ok);
    }
}
