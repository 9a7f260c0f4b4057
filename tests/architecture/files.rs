//! What every file keeps to.

use crate::source::{Source, bracketed, places, program, read, sources_below};
use crate::{finds, hold};

const MOST_LINES: usize = 400;

/// Names that say nothing.
const EMPTY_NAMES: [&str; 9] = [
    "utils", "util", "helpers", "helper", "common", "types", "manager", "misc", "shared",
];

/// The program, its tests, its benchmarks and its build.
fn everything() -> Vec<Source> {
    let mut all = program();
    all.extend(sources_below("tests"));
    all.extend(sources_below("benches"));
    all.push(Source::new("build.rs", &read("build.rs")));
    all
}

fn unintroduced(sources: &[Source]) -> Vec<String> {
    let silent = sources
        .iter()
        .filter(|source| !source.text.starts_with("//! "));
    silent
        .map(|source| source.finding(0, "begin with a `//!` line that says what the file is for"))
        .collect()
}

fn long(sources: &[Source]) -> Vec<String> {
    let findings = sources.iter().filter_map(|source| {
        let lines = source.text.lines().count();
        (lines > MOST_LINES).then(|| {
            format!(
                "{}:{MOST_LINES}: {lines} lines are two files: find the second one's name",
                source.path
            )
        })
    });
    findings.collect()
}

fn empty_names(sources: &[Source]) -> Vec<String> {
    let mut findings = Vec::new();
    for source in sources {
        let parts = source.path.trim_end_matches(".rs").split('/');
        for part in parts.filter(|part| EMPTY_NAMES.contains(part)) {
            findings.push(source.finding(0, &format!("`{part}` says nothing: name what it is")));
        }
    }
    findings
}

/// `cfg(feature…)` may stand before a module or a `use`, and within `cfg_attr`.
fn features(sources: &[Source]) -> Vec<String> {
    let mend = "cfg(feature) stands on `mod` and `use` lines: give this a file of its own";
    let mut findings = Vec::new();
    for source in sources {
        let code = &source.code;
        for at in places(code, "cfg!(") {
            if code[bracketed(code, at + 4)].contains("feature") {
                findings.push(source.finding(at, mend));
            }
        }
        for at in places(code, "#[cfg(") {
            let attribute = bracketed(code, at + 1);
            if !code[attribute.clone()].contains("feature") {
                continue;
            }
            let mut item = code[attribute.end..].trim_start();
            while item.starts_with("#[") {
                item = item[bracketed(item, 1).end..].trim_start();
            }
            let item = item
                .trim_start_matches("pub(crate) ")
                .trim_start_matches("pub(super) ");
            let item = item.trim_start_matches("pub ");
            if !item.starts_with("mod ") && !item.starts_with("use ") {
                findings.push(source.finding(at, mend));
            }
        }
    }
    findings
}

fn panics(sources: &[Source]) -> Vec<String> {
    let words = [".unwrap()", ".expect(", "todo!", "unimplemented!"];
    let mend = "say what happens instead: an error, or a value that stands for it";
    sources
        .iter()
        .flat_map(|source| source.words(&words, mend))
        .collect()
}

/// A `mod.rs` says what each of its modules is.
fn unlisted(sources: &[Source]) -> Vec<String> {
    let mut findings = Vec::new();
    for source in sources
        .iter()
        .filter(|source| source.file_name() == "mod.rs")
    {
        let paragraph = source
            .text
            .lines()
            .take_while(|line| line.starts_with("//!"));
        let paragraph: String = paragraph.collect();
        for at in places(&source.shipped, "mod ") {
            let name = &source.shipped[at + 4..];
            let Some((name, _)) = name.split_once(';').filter(|(name, _)| !name.contains('{'))
            else {
                continue;
            };
            if !paragraph.contains(&format!("`{name}`")) {
                let mend = format!("say in the first lines of this file what `{name}` is");
                findings.push(source.finding(at, &mend));
            }
        }
    }
    findings
}

#[test]
fn every_file_begins_with_what_it_is_for() {
    hold(&unintroduced(&everything()));
}

#[test]
fn no_file_is_longer_than_four_hundred_lines() {
    hold(&long(&everything()));
}

#[test]
fn no_file_has_a_name_that_says_nothing() {
    hold(&empty_names(&everything()));
}

#[test]
fn the_halves_are_told_apart_by_modules() {
    hold(&features(&program()));
}

#[test]
fn the_program_does_not_panic_on_purpose() {
    hold(&panics(&program()));
}

#[test]
fn every_module_is_named_where_it_is_listed() {
    hold(&unlisted(&program()));
}

#[test]
fn a_file_that_breaks_a_rule_is_found() {
    let at = |path: &str, text: &str| [Source::new(path, text)];
    finds(1, &unintroduced(&at("src/a.rs", "mod b;")));
    finds(0, &long(&at("src/a.rs", &"\n".repeat(400))));
    finds(1, &long(&at("src/a.rs", &"\n".repeat(401))));
    finds(1, &empty_names(&at("src/stats/utils.rs", "")));
    finds(1, &empty_names(&at("src/common/a.rs", "")));
    finds(1, &panics(&at("src/a.rs", "fn a() { b.expect(\"c\") }")));
    finds(
        0,
        &panics(&at(
            "src/a.rs",
            "#[expect(d)]\n#[cfg(test)]\nmod tests { fn a() { b.unwrap() } }",
        )),
    );
    finds(
        1,
        &unlisted(&at(
            "src/a/mod.rs",
            "//! `b` one thing\n\npub mod b;\nmod c;",
        )),
    );
}

#[test]
fn a_function_of_one_half_is_found() {
    let look = |text: &str| features(&[Source::new("src/a.rs", text)]);
    finds(1, &look("#[cfg(feature = \"ssr\")]\nfn a() {}"));
    finds(1, &look("fn a() -> bool { cfg!(feature = \"ssr\") }"));
    finds(
        0,
        &look("#[cfg(feature = \"ssr\")]\n#[path = \"c.rs\"]\npub mod b;"),
    );
    finds(
        0,
        &look("#[cfg_attr(feature = \"ssr\", derive(A))]\nstruct B;\n#[cfg(test)]\nfn c() {}"),
    );
}
