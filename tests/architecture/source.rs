//! The tree as text: what is written, what of it is code, and what of that is not a test.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// The folder of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

/// Every file below `folder` as a path from the root, in order.
pub fn files_below(folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(root().join(&folder)).into_iter().flatten() {
            let entry = entry.expect("a folder of the repository can be read");
            let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
            match entry.path().is_dir() {
                true => folders.push(path),
                false => found.push(path),
            }
        }
    }
    found.sort();
    found
}

/// The text of a file of the repository.
pub fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every Rust file below `folder`.
pub fn sources_below(folder: &str) -> Vec<Source> {
    let files = files_below(folder);
    let files = files.iter().filter(|path| path.ends_with(".rs"));
    files.map(|path| Source::new(path, &read(path))).collect()
}

/// The program.
pub fn program() -> Vec<Source> {
    let sources = sources_below("src");
    assert!(sources.len() > 50, "only {} files in src", sources.len());
    sources
}

/// One file. The three texts have the same length, so that a place in one is a place in all.
pub struct Source {
    /// From the root, with `/`.
    pub path: String,
    pub text: String,
    /// Without comments and without what stands in quotes.
    pub code: String,
    /// The code that is compiled into the program: without its tests.
    pub shipped: String,
}

impl Source {
    pub fn new(path: &str, text: &str) -> Self {
        let code = without_prose(text);
        let is_test = path.ends_with("_tests.rs") || path.ends_with("/tests.rs");
        let shipped = match is_test {
            true => blank(&code, std::iter::once(0..code.len())),
            false => blank(&code, tests_in(&code)),
        };
        Self {
            path: path.to_owned(),
            text: text.to_owned(),
            code,
            shipped,
        }
    }

    /// `stats` for `src/stats/view/panel.rs`; nothing for a file that stands in `src` itself.
    pub fn house(&self) -> Option<&str> {
        let (house, _) = self.path.strip_prefix("src/")?.split_once('/')?;
        Some(house)
    }

    pub fn file_name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }

    pub fn is_in_view(&self) -> bool {
        self.path.contains("/view/") || self.file_name() == "view.rs"
    }

    /// The line that this place is on.
    pub fn line(&self, at: usize) -> usize {
        self.text[..at].matches('\n').count() + 1
    }

    /// What to report: where, and how to mend it.
    pub fn finding(&self, at: usize, mend: &str) -> String {
        format!("{}:{}: {mend}", self.path, self.line(at))
    }

    /// One finding for each place in the shipped code where one of these words stands.
    pub fn words(&self, words: &[&str], mend: &str) -> Vec<String> {
        let places = words.iter().flat_map(|word| places(&self.shipped, word));
        places.map(|at| self.finding(at, mend)).collect()
    }
}

/// Where `word` stands in `code` as a whole word.
pub fn places(code: &str, word: &str) -> Vec<usize> {
    let begins = word.starts_with(is_letter);
    let ends = word.ends_with(is_letter);
    code.match_indices(word)
        .map(|(at, _)| at)
        .filter(|at| !(begins && code[..*at].ends_with(is_letter)))
        .filter(|at| !(ends && code[at + word.len()..].starts_with(is_letter)))
        .collect()
}

pub fn is_letter(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// From the bracket at `open` up to and with the one that closes it.
pub fn bracketed(code: &str, open: usize) -> Range<usize> {
    let mut depth = 0usize;
    for (at, letter) in code[open..].char_indices() {
        match letter {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return open..open + at + letter.len_utf8();
        }
    }
    open..code.len()
}

/// The text with spaces in place of these parts; the lines stay.
pub fn blank(text: &str, parts: impl IntoIterator<Item = Range<usize>>) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for byte in parts.into_iter().flatten() {
        if bytes[byte] != b'\n' {
            bytes[byte] = b' ';
        }
    }
    String::from_utf8(bytes).expect("parts begin and end between letters")
}

/// What stands under `#[cfg(test)]`.
fn tests_in(code: &str) -> Vec<Range<usize>> {
    let starts = ["#[cfg(test)]", "#[cfg(all(test"];
    let starts = starts.iter().flat_map(|start| code.match_indices(start));
    starts
        .map(|(start, _)| {
            let after = bracketed(code, start + 1).end;
            let end = code[after..].find(['{', ';']).map_or(code.len(), |at| {
                match code.as_bytes()[after + at] {
                    b'{' => bracketed(code, after + at).end,
                    _ => after + at + 1,
                }
            });
            start..end
        })
        .collect()
}

/// The code alone: comments and what stands between quotes become spaces.
fn without_prose(text: &str) -> String {
    let mut parts = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let (skip, prose) = prose_at(rest, text[..at].ends_with(is_letter));
        if let Some(prose) = prose {
            parts.push(at + prose.start..at + prose.end);
        }
        at += skip;
    }
    blank(text, parts)
}

/// How far to go on from here, and what of that is prose.
fn prose_at(rest: &str, in_word: bool) -> (usize, Option<Range<usize>>) {
    let up_to = |end: Option<usize>| end.unwrap_or(rest.len());
    if rest.starts_with("//") {
        let end = up_to(rest.find('\n'));
        return (end, Some(0..end));
    }
    if rest.starts_with("/*") {
        let end = up_to(rest.find("*/").map(|end| end + 2));
        return (end, Some(0..end));
    }
    if !in_word && let Some(raw) = rest.strip_prefix("br").or(rest.strip_prefix('r')) {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        if raw[hashes..].starts_with('"') {
            let start = rest.len() - raw.len() + hashes + 1;
            let close = format!("\"{}", "#".repeat(hashes));
            let end = up_to(rest[start..].find(&close).map(|end| start + end));
            return ((end + close.len()).min(rest.len()), Some(start..end));
        }
    }
    if rest.starts_with('"') {
        let end = up_to(closing(rest, '"'));
        return ((end + 1).min(rest.len()), Some(1..end));
    }
    // A lifetime has no second quote right behind its first letter.
    let mut letters = rest.chars();
    if letters.next() == Some('\'') {
        let inner = letters.next();
        if inner == Some('\\') || letters.next() == Some('\'') {
            let end = up_to(closing(rest, '\''));
            return ((end + 1).min(rest.len()), Some(1..end));
        }
    }
    (rest.chars().next().map_or(1, char::len_utf8), None)
}

/// Where a literal that begins here ends.
fn closing(literal: &str, quote: char) -> Option<usize> {
    let mut escaped = true;
    for (at, letter) in literal.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            letter if letter == quote => return Some(at),
            _ => {}
        }
    }
    None
}

#[test]
fn comments_and_literals_are_no_code() {
    let text = "a('\\'', \"b \\\" c\", r#\"d\"e\"#) // f\n<'g>/* h */ 'i' j";
    let code = Source::new("src/x.rs", text).code;
    assert_eq!(code.len(), text.len());
    let words: Vec<_> = code.split(|letter| !is_letter(letter)).collect();
    let words: Vec<_> = words.into_iter().filter(|word| !word.is_empty()).collect();
    assert_eq!(words, ["a", "r", "g", "j"]);
}

#[test]
fn tests_are_not_shipped() {
    let text = "fn a() {}\n#[cfg(test)]\nmod tests { fn b() { if c {} } }\nfn d() {}";
    let source = Source::new("src/x.rs", text);
    assert!(source.code.contains("fn b"));
    assert!(!source.shipped.contains("fn b"));
    assert!(source.shipped.contains("fn a") && source.shipped.contains("fn d"));
    assert!(
        Source::new("src/x_tests.rs", text)
            .shipped
            .trim()
            .is_empty()
    );
}
