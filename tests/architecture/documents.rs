//! Papers and tables that must agree with the tree.

use std::collections::BTreeMap;

use crate::source::{files_below, read, root};
use crate::{finds, hold};

/// Folders that a path in a document can begin with.
const FOLDERS: [&str; 10] = [
    "src/",
    "tests/",
    "docs/",
    "migrations/",
    "setup/",
    "style/",
    "public/",
    "benches/",
    "end2end/",
    ".ci/",
];

/// The documents that name files.
const DOCUMENTS: [&str; 4] = [
    "ARCHITECTURE.md",
    "README.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
];

/// What stands in backticks and looks like a path of the repository, with its line.
fn paths(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let quoted = line.split('`').skip(1).step_by(2);
        let looks = |path: &&str| {
            let is_below = FOLDERS.iter().any(|folder| path.starts_with(folder));
            let is_document = !path.contains('/')
                && (path.ends_with(".md") || path.ends_with(".toml") || path.ends_with(".lock"));
            (is_below || is_document) && !path.contains([' ', '*', '<', '…', '{'])
        };
        found.extend(quoted.filter(looks).map(|path| (number + 1, path)));
    }
    found
}

fn lost_paths(document: &str, text: &str) -> Vec<String> {
    let lost = paths(text)
        .into_iter()
        .filter(|(_, path)| !root().join(path).exists());
    lost.map(|(line, path)| format!("{document}:{line}: there is no `{path}` any more"))
        .collect()
}

/// The lines below `[package.metadata.leptos]`.
fn leptos_options(toml: &str) -> BTreeMap<&str, &str> {
    let lines = toml
        .lines()
        .skip_while(|line| line.trim() != "[package.metadata.leptos]");
    let lines = lines.skip(1).take_while(|line| !line.starts_with('['));
    lines
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('='))
        .map(|(key, value)| (key.trim(), value.trim()))
        .collect()
}

fn disagreements(leptos: &str, cargo: &str) -> Vec<String> {
    let built = leptos_options(cargo);
    let findings = leptos_options(leptos)
        .into_iter()
        .filter_map(|(key, value)| {
            let wanted = built.get(key).copied().unwrap_or("absent");
            (wanted != value)
                .then(|| format!("Leptos.toml: `{key}` is {value}, and in Cargo.toml {wanted}"))
        });
    findings.collect()
}

fn misnumbered(files: &[String]) -> Vec<String> {
    let migrations = files.iter().filter(|path| path.ends_with(".sql"));
    let findings = migrations.enumerate().filter_map(|(before, path)| {
        let name = path.rsplit('/').next().unwrap_or_default();
        let wanted = format!("{:04}_", before + 1);
        (!name.starts_with(&wanted)).then(|| format!("{path}: its number is {wanted}"))
    });
    findings.collect()
}

#[test]
fn the_documents_name_only_what_exists() {
    let mut findings = Vec::new();
    for document in DOCUMENTS {
        findings.extend(lost_paths(document, &read(document)));
    }
    for document in files_below("docs")
        .iter()
        .filter(|path| path.ends_with(".md"))
    {
        findings.extend(lost_paths(document, &read(document)));
    }
    hold(&findings);
    assert!(
        paths(&read("ARCHITECTURE.md")).len() > 10,
        "ARCHITECTURE.md names no files"
    );
}

#[test]
fn the_program_and_its_build_have_the_same_leptos_options() {
    let leptos = read("Leptos.toml");
    assert!(
        !leptos_options(&leptos).is_empty(),
        "Leptos.toml has no options"
    );
    hold(&disagreements(&leptos, &read("Cargo.toml")));
}

#[test]
fn migrations_are_numbered_without_gaps() {
    let files = files_below("migrations");
    assert!(!files.is_empty(), "there are no migrations");
    hold(&misnumbered(&files));
}

#[test]
fn a_paper_that_lags_behind_is_found() {
    finds(
        1,
        &lost_paths(
            "A.md",
            "see `src/nowhere.rs`, `src/lib.rs`, `model.rs` and `view/`",
        ),
    );
    let toml = "[package.metadata.leptos]\na = \"b\"\nc = 1\n[other]\nd = 2";
    finds(0, &disagreements(toml, toml));
    finds(
        2,
        &disagreements(toml, "[package.metadata.leptos]\na = \"x\""),
    );
    let files = [
        "migrations/0001_a.sql",
        "migrations/0003_b.sql",
        "migrations/README.md",
    ];
    finds(1, &misnumbered(&files.map(String::from)));
}
