//! Figures as people read them; pure, so that server and browser write the same.

use chrono::{DateTime, FixedOffset, Utc};

use crate::i18n::*;

/// Between a figure and its unit: they must not part at the end of a line.
const NBSP: char = '\u{a0}';

/// `value` with `digits` after the decimal mark of the language.
pub fn number(value: f64, digits: usize, locale: Locale) -> String {
    let text = format!("{value:.digits$}");
    match locale {
        Locale::en => text,
        Locale::ru => text.replace('.', ","),
    }
}

/// Three significant figures at most: 0.4, 9.5, 61, 1200.
fn short(value: f64, locale: Locale) -> String {
    let digits = usize::from((0.05..9.95).contains(&value));
    number(value, digits, locale)
}

/// Percent: "0.4 %", "61 %"; of one core where it is CPU, so that 200 is two cores.
pub fn percent(value: f64, locale: Locale) -> String {
    format!("{}{NBSP}%", short(value, locale))
}

/// Memory in powers of 1024, as the engine counts it: "212 MiB", "1.2 GiB".
pub fn memory(bytes: u64, locale: Locale) -> String {
    let units = match locale {
        Locale::en => ["B", "KiB", "MiB", "GiB", "TiB"],
        Locale::ru => ["Б", "КиБ", "МиБ", "ГиБ", "ТиБ"],
    };
    scaled(bytes, 1024.0, units, locale)
}

fn scaled(bytes: u64, base: f64, units: [&str; 5], locale: Locale) -> String {
    let mut value = bytes as f64;
    let mut unit = 0;
    // 999.5 would be written as 1000 of the smaller unit.
    while value >= base - 0.5 && unit + 1 < units.len() {
        value /= base;
        unit += 1;
    }
    let figure = if unit == 0 {
        number(value, 0, locale)
    } else {
        short(value, locale)
    };
    format!("{figure}{NBSP}{}", units[unit])
}

/// How long ago `at` was: "5 min ago". A time that is still to come is "just now": clocks differ.
pub fn ago(at: DateTime<Utc>, now: DateTime<Utc>, locale: Locale) -> String {
    let minutes = (now - at).num_minutes();
    let days = minutes / (24 * 60);
    match minutes {
        ..1 => td_string!(locale, ui.just_now).to_string(),
        1..60 => td_string!(locale, ui.minutes_ago, n = minutes).to_string(),
        60..1440 => td_string!(locale, ui.hours_ago, n = minutes / 60).to_string(),
        _ => td_string!(locale, ui.days_ago, n = days).to_string(),
    }
}

/// To the second, with its distance from UTC: "2026-11-21 15:03:06 UTC+03:00".
pub fn exact(at: DateTime<Utc>, offset_minutes: i32) -> String {
    match FixedOffset::east_opt(offset_minutes * 60) {
        Some(offset) if offset_minutes != 0 => at
            .with_timezone(&offset)
            .format("%Y-%m-%d %H:%M:%S UTC%:z")
            .to_string(),
        _ => at.format("%Y-%m-%d %H:%M:%S UTC").to_string(),
    }
}

#[cfg(test)]
#[path = "format_tests.rs"]
mod tests;
