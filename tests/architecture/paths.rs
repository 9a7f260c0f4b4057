//! The paths that code names from the root of the crate, with their groups unfolded.

use crate::source::{Source, is_letter, places};

/// A path such as `stats::model::Round`, without the `crate` before it, and where it stands.
pub struct Named {
    pub at: usize,
    pub parts: Vec<String>,
}

/// Every path that begins with `crate`, or that climbs to the root with `super`.
pub fn named_in(source: &Source) -> Vec<Named> {
    let code = &source.shipped;
    let mut named = Vec::new();
    for at in places(code, "crate::") {
        let rest = &code[at + "crate::".len()..];
        unfold(rest, &[], &mut |parts| named.push(Named { at, parts }));
    }
    for at in places(code, "super::super::") {
        let rest = code[at..].trim_start_matches("super::");
        unfold(rest, &[], &mut |parts| named.push(Named { at, parts }));
    }
    named
}

/// Reads one tree of a `use`, or one path; gives back what comes after it.
fn unfold<'a>(rest: &'a str, before: &[String], tell: &mut impl FnMut(Vec<String>)) -> &'a str {
    let mut rest = rest.trim_start();
    if let Some(group) = rest.strip_prefix('{') {
        rest = group.trim_start();
        while !rest.is_empty() && !rest.starts_with('}') {
            let after = unfold(rest, before, tell);
            let after = after
                .trim_start_matches(|letter| letter != ',' && letter != '}')
                .trim_start_matches(',')
                .trim_start();
            rest = after;
        }
        return rest.strip_prefix('}').unwrap_or(rest);
    }
    let end = rest
        .find(|letter| !is_letter(letter) && letter != '*')
        .unwrap_or(rest.len());
    let mut parts = before.to_vec();
    parts.push(rest[..end].to_owned());
    match rest[end..].strip_prefix("::") {
        Some(deeper) if !deeper.starts_with('<') => unfold(deeper, &parts, tell),
        _ => {
            tell(parts);
            &rest[end..]
        }
    }
}

#[test]
fn groups_are_unfolded_over_lines() {
    let text = "use crate::{\n    auth::{guard::authorize, policy::*},\n    stats as s,\n};\nfn a() { crate::error::b::<u8>() }";
    let source = Source::new("src/x/y.rs", text);
    let named = named_in(&source);
    let named: Vec<_> = named.iter().map(|named| named.parts.join("::")).collect();
    assert_eq!(
        named,
        [
            "auth::guard::authorize",
            "auth::policy::*",
            "stats",
            "error::b"
        ]
    );
}
