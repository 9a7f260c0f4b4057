//! The secrets that this process has met, and where they stand in a text.

use std::borrow::Cow;
use std::collections::{BTreeSet, VecDeque};
use std::ops::Range;

use aho_corasick::AhoCorasick;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use super::HIDDEN;
use super::views::views;

/// The fewest bytes that are worth hiding.
pub const SHORTEST: usize = 6;

/// The most secrets that are remembered; beyond it the oldest is forgotten.
const MOST: usize = 1024;

/// Secrets, in the order in which they came.
pub struct Known {
    order: VecDeque<Vec<u8>>,
    all: BTreeSet<Vec<u8>>,
    /// Finds every form of every secret; built anew when one is added.
    finder: Option<AhoCorasick>,
}

impl Known {
    pub const fn new() -> Self {
        Self {
            order: VecDeque::new(),
            all: BTreeSet::new(),
            finder: None,
        }
    }

    /// Whether adding it would change anything.
    pub fn has(&self, secret: &[u8]) -> bool {
        secret.len() < SHORTEST || self.all.contains(secret)
    }

    pub fn add(&mut self, secret: &[u8]) {
        if self.has(secret) {
            return;
        }
        if self.order.len() == MOST
            && let Some(oldest) = self.order.pop_front()
        {
            self.all.remove(&oldest);
        }
        self.order.push_back(secret.to_vec());
        self.all.insert(secret.to_vec());
        let forms: BTreeSet<_> = self.all.iter().flat_map(|secret| forms(secret)).collect();
        // It fails for more patterns than memory has room for, which the limit above rules out.
        self.finder = AhoCorasick::new(forms).ok();
    }

    /// The text with every known secret hidden.
    pub fn hide<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let Some(finder) = &self.finder else {
            return Cow::Borrowed(text);
        };
        let mut found = Vec::new();
        for view in views(text) {
            let places = finder.find_overlapping_iter(view.bytes());
            found.extend(places.map(|place| view.origin(place.range())));
        }
        if found.is_empty() {
            return Cow::Borrowed(text);
        }
        Cow::Owned(without(text, found))
    }
}

/// A secret as itself, and as it is written where bytes are not text.
fn forms(secret: &[u8]) -> [Vec<u8>; 5] {
    let hex = |upper: bool| {
        let digits = secret.iter().map(|byte| match upper {
            true => format!("{byte:02X}"),
            false => format!("{byte:02x}"),
        });
        digits.collect::<String>().into_bytes()
    };
    [
        secret.to_vec(),
        STANDARD_NO_PAD.encode(secret).into_bytes(),
        URL_SAFE_NO_PAD.encode(secret).into_bytes(),
        hex(false),
        hex(true),
    ]
}

/// The text with one sign in place of each of these parts, which may overlap.
pub fn without(text: &str, mut parts: Vec<Range<usize>>) -> String {
    parts.sort_by_key(|part| (part.start, part.end));
    let mut left = String::with_capacity(text.len());
    let mut at = 0;
    for part in parts {
        // A secret of bytes may begin or end within a letter.
        let start = text.floor_char_boundary(part.start);
        let end = text.ceil_char_boundary(part.end);
        if end <= at {
            continue;
        }
        if start >= at {
            left.push_str(&text[at..start]);
            // A bare value of JSON, such as a number, becomes a string, so that it stays JSON.
            let before = left.trim_end();
            let is_json = before.ends_with("\":") && !before.ends_with("\\\":");
            let quote = if is_json { "\"" } else { "" };
            left.extend([quote, HIDDEN, quote]);
        }
        at = end;
    }
    left.push_str(&text[at..]);
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_is_forgotten_and_short_words_are_never_learnt() {
        let mut known = Known::new();
        known.add(b"short");
        assert_eq!(known.hide("short"), "short");
        for number in 0..=MOST {
            known.all.insert(format!("secret-{number:05}").into_bytes());
            known
                .order
                .push_back(format!("secret-{number:05}").into_bytes());
        }
        known.order.pop_front();
        known.all.remove(b"secret-00000".as_slice());
        known.add(b"the newest one");
        assert_eq!(known.order.len(), MOST);
        assert_eq!(known.hide("secret-00001"), "secret-00001");
        assert_eq!(
            known.hide("secret-00002 the newest one"),
            "[hidden] [hidden]"
        );
    }

    #[test]
    fn parts_that_overlap_are_hidden_as_one() {
        for (text, parts, left) in [
            ("abcdef", &[(1, 3), (2, 4)][..], "a[hidden]ef"),
            ("abcdef", &[(0, 6), (2, 4)], "[hidden]"),
            ("aäb", &[(2, 3)], "a[hidden]b"),
            ("ab", &[(0, 1), (1, 2)], "[hidden][hidden]"),
        ] {
            let parts = parts.iter().map(|(start, end)| *start..*end);
            assert_eq!(without(text, parts.collect()), left, "{text}");
        }
    }
}
