//! A place in the log, written as a `UUIDv7`: the time in its first 48 bits, the number in its last 62.

use std::fmt;
use std::str::FromStr;

/// Bits of the number that are in a key. A million lines within one millisecond stay in order.
const NUMBER_BITS: u32 = 20;

/// The latest time that a key can hold, in Unix milliseconds: the year 2248.
const LATEST: i64 = (1 << 43) - 1;

/// A line of the log, or a later change of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// Unix milliseconds.
    pub at: i64,
    /// Counts what was written, so that it grows even where the clock goes back.
    pub number: i64,
}

impl Cursor {
    /// The key of the line: it sorts by time, and by number within a millisecond.
    pub fn key(self) -> i64 {
        let low = self.number & ((1 << NUMBER_BITS) - 1);
        first_key_at(self.at) | low
    }
}

/// The least key that a line of this time (Unix milliseconds) can have.
pub fn first_key_at(at: i64) -> i64 {
    at.clamp(0, LATEST) << NUMBER_BITS
}

/// The time, in Unix milliseconds, of the line with this key.
pub fn time_of(key: i64) -> i64 {
    key >> NUMBER_BITS
}

/// What is no cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoCursor;

impl fmt::Display for Cursor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.at.clamp(0, LATEST);
        let number = self.number & ((1 << 62) - 1);
        write!(
            formatter,
            "{:08x}-{:04x}-7000-{:04x}-{:012x}",
            at >> 16,
            at & 0xffff,
            0x8000 | (number >> 48),
            number & 0xffff_ffff_ffff,
        )
    }
}

impl FromStr for Cursor {
    type Err = NoCursor;

    fn from_str(text: &str) -> Result<Self, NoCursor> {
        let parts: Vec<_> = text.split('-').collect();
        let [high, low, "7000", first, last] = parts[..] else {
            return Err(NoCursor);
        };
        if [high.len(), low.len(), first.len(), last.len()] != [8, 4, 4, 12] {
            return Err(NoCursor);
        }
        let hex = |part: &str| match part.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            true => i64::from_str_radix(part, 16).map_err(|_| NoCursor),
            false => Err(NoCursor),
        };
        let (high, low, first, last) = (hex(high)?, hex(low)?, hex(first)?, hex(last)?);
        if first >> 14 != 0b10 {
            return Err(NoCursor);
        }
        Ok(Self {
            at: high << 16 | low,
            number: (first & 0x3fff) << 48 | last,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_cursor_reads_back_and_is_a_uuid_of_version_7(at in 0..=LATEST, number in 0..1_i64 << 62) {
            let cursor = Cursor { at, number };
            let text = cursor.to_string();
            prop_assert_eq!(text.parse(), Ok(cursor));
            prop_assert_eq!(time_of(cursor.key()), at);
            let uuid: Vec<_> = text.split('-').map(str::len).collect();
            prop_assert_eq!(uuid, vec![8, 4, 4, 4, 12]);
        }

        #[test]
        fn what_is_no_cursor_is_said_to_be_none(text in "\\PC{0,40}") {
            prop_assert!(text.parse::<Cursor>().is_err());
        }
    }

    #[test]
    fn a_later_line_has_the_greater_key() {
        let key = |at, number| Cursor { at, number }.key();
        assert!(key(5, 7) < key(5, 8));
        assert!(key(5, 1_000_000) < key(6, 0));
    }

    #[test]
    fn signs_and_other_versions_are_refused() {
        for text in [
            "",
            "-0000001-0000-7000-8000-000000000001",
            "00000001-0000-4000-8000-000000000001",
            "00000001-0000-7000-0000-000000000001",
            "00000001-0000-7000-8000-00000000001",
        ] {
            assert_eq!(text.parse::<Cursor>(), Err(NoCursor), "{text:?}");
        }
    }
}
