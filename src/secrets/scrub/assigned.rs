//! Values that stand behind a telling name: `password=…`, `"api_key": "…"`, `Authorization: …`.

use std::ops::Range;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::HIDDEN;
use super::looks::looks_random;

/// A name, what stands between it and its value, and nothing of the value. Colours of a terminal may
/// stand between any two parts.
static HEAD: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(&head()).ok());

fn head() -> String {
    let colour = r"(?:\x1b\[[0-9;]*m)*";
    let name = concat!(
        r"[A-Za-z0-9_.-]*(?:password|passwd|passphrase|pwd|secret|token|totp|otp|session|sessid",
        r"|credentials?|signature|sig|code[_-]?verifier|recovery[_-]?codes?",
        r"|(?:api|access|secret|private|signing|encryption|master|account)[_-]?key)(?:[_-]?hash|_sealed)?",
    );
    format!(
        r#"(?i)(?:(?P<header>(?:proxy-)?authorization|(?:set-)?cookie)|(?P<query>[?&](?:code|assertion|samlresponse))|(?P<option>--)?(?P<name>{name}))(?P<quote>\\*["'])?{colour}(?P<sign>\s*(?::=|=>|=|:|%3D|%3A)\s*|\s+){colour}"#
    )
}

/// Adds the parts of the text that are such values.
pub fn find(text: &str, parts: &mut Vec<Range<usize>>) {
    let Some(pattern) = &*HEAD else {
        return;
    };
    let mut at = 0;
    while let Some(head) = pattern.captures_at(text, at) {
        let end = head.get_match().end();
        let value = match head.name("header") {
            Some(name) => header(text, end, name.as_str(), &head),
            None => assigned(text, end, &head),
        };
        at = end;
        if let Some(value) = value {
            at = at.max(value.end);
            parts.push(value);
        }
    }
}

/// `Authorization: Bearer …`, `Cookie: a=b; c=d`.
fn header(text: &str, start: usize, name: &str, head: &Captures<'_>) -> Option<Range<usize>> {
    if head["sign"].trim().is_empty() {
        return None;
    }
    if let Some(quoted) = quoted(text, start) {
        return Some(quoted).filter(|value| !value.is_empty());
    }
    if name.to_ascii_lowercase().ends_with("cookie") {
        let rest = &text[start..];
        let line = start..start + rest.find(['\r', '\n', '"', '\'']).unwrap_or(rest.len());
        return text[line.clone()].contains('=').then_some(line);
    }
    let first = bare(text, start, false);
    let schemes = [
        "bearer",
        "basic",
        "digest",
        "token",
        "negotiate",
        "apikey",
        "dpop",
    ];
    let scheme = text[first.clone()].to_ascii_lowercase();
    if !schemes.contains(&scheme.as_str()) {
        return looks_random(&text[first.clone()]).then_some(first);
    }
    let rest = &text[first.end..];
    let second = bare(
        text,
        first.end + (rest.len() - rest.trim_start().len()),
        false,
    );
    (!second.is_empty()).then_some(second)
}

fn assigned(text: &str, start: usize, head: &Captures<'_>) -> Option<Range<usize>> {
    let sign = &head["sign"];
    let is_in_quotes = head.name("quote").is_some();
    let (value, has_quotes) = match quoted(text, start) {
        Some(value) => (value, true),
        None => (bare(text, start, is_in_quotes), false),
    };
    let word = &text[value.clone()];
    if matches!(
        word,
        "" | "null" | "None" | "none" | "true" | "false" | "undefined"
    ) {
        return None;
    }
    let name = head.name("name").map_or("", |name| name.as_str());
    // A folder of the shell's, not a password.
    if name.eq_ignore_ascii_case("pwd") && word.starts_with('/') {
        return None;
    }
    let is_tight = sign.contains(['=']) && sign == sign.trim() || sign.contains('%');
    let is_said = if sign.trim().is_empty() {
        // `--password hunter2`, and not "the password is wrong".
        head.name("option").is_some() && (has_quotes || looks_random(word))
    } else {
        let is_header = name.to_ascii_lowercase().starts_with("x-");
        is_tight
            || has_quotes
            || is_in_quotes
            || is_header
            || head.name("query").is_some()
            || looks_random(word)
    };
    if !is_said {
        return None;
    }
    Some(value)
}

/// What stands between the quotes that open here. A quote within has more backslashes before it than
/// those around, and JSON within JSON has some before each.
fn quoted(text: &str, start: usize) -> Option<Range<usize>> {
    let rest = &text[start..];
    let depth = rest.bytes().take_while(|byte| *byte == b'\\').count();
    let quote = rest[depth..]
        .chars()
        .next()
        .filter(|sign| matches!(sign, '"' | '\'' | '`'))?;
    let begin = start + depth + 1;
    let mut backslashes = 0;
    for (at, letter) in text[begin..].char_indices() {
        if letter == '\\' {
            backslashes += 1;
            continue;
        }
        let closes = letter == quote && backslashes % (2 * (depth + 1)) == depth;
        // The end of what all of this stands in.
        let ends = letter == '"' && backslashes < depth;
        if closes || ends {
            let own = if closes { depth } else { backslashes };
            return Some(begin..begin + at - own);
        }
        backslashes = 0;
    }
    // An apostrophe opens nothing.
    (quote == '"').then_some(begin..text.len())
}

/// What stands here without quotes, up to where an address, a list or a sentence goes on.
fn bare(text: &str, start: usize, is_json: bool) -> Range<usize> {
    let rest = &text[start..];
    let mut escaped = false;
    let mut end = rest.len();
    for (at, letter) in rest.char_indices() {
        let stops = letter.is_whitespace()
            || matches!(letter, '"' | '\'' | '`' | '<' | '>' | '&' | '\x1b')
            || is_json && matches!(letter, ',' | '}' | ']')
            || escaped && matches!(letter, 'n' | 'r' | 't');
        if stops {
            end = if escaped { at - 1 } else { at };
            break;
        }
        escaped = letter == '\\' && !escaped;
    }
    let mut value = &rest[..end];
    while let Some(shorter) = value.strip_suffix([')', ']', '}', ',', ';', '.', ':', '\\'])
        && !value.ends_with(HIDDEN)
    {
        value = shorter;
    }
    start..start + value.len()
}
