//! Signals that do not ask a program to end, by the numbers that Linux gives them.

/// The words are those of an image's `STOPSIGNAL`, without the `SIG`.
const HARMLESS: [(&str, i64); 11] = [
    ("HUP", 1),
    ("USR1", 10),
    ("USR2", 12),
    ("CHLD", 17),
    ("CONT", 18),
    ("STOP", 19),
    ("TSTP", 20),
    ("TTIN", 21),
    ("TTOU", 22),
    ("URG", 23),
    ("WINCH", 28),
];

/// The number of one of them, which is written as a word or as a number; `None` for every other signal.
pub fn number(text: &str) -> Option<i64> {
    let text = text.trim().to_ascii_uppercase();
    let word = text.strip_prefix("SIG").unwrap_or(&text);
    let said = word.parse::<i64>().ok();
    let mut all = HARMLESS.iter();
    let found = all.find(|(name, number)| *name == word || Some(*number) == said);
    found.map(|(_, number)| *number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signal_is_known_by_its_word_and_by_its_number() {
        for text in ["SIGWINCH", "winch", "28", " 28 "] {
            assert_eq!(number(text), Some(28), "{text}");
        }
        for text in ["", "SIGTERM", "15", "9", "SIGRTMIN+3", "37", "2 8"] {
            assert_eq!(number(text), None, "{text}");
        }
    }
}
