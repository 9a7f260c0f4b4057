//! Who may name whom.

use std::collections::BTreeSet;

use crate::paths::{Named, named_in};
use crate::source::{Source, program, read};
use crate::{finds, hold};

/// Each house uses only those before it.
const HOUSES: [&str; 12] = [
    "settings",
    "events",
    "auth",
    "engines",
    "containers",
    "stats",
    "projects",
    "proxies",
    "deploys",
    "stale",
    "notifications",
    "health",
];

/// What knows no house, and what each may name of the crate.
const FOUNDATIONS: [(&str, &[&str]); 4] = [
    ("docker", &["docker", "error"]),
    ("secrets", &["secrets", "error", "server"]),
    ("ui", &["ui", "error", "i18n"]),
    ("i18n", &["i18n"]),
];

/// What houses may name of `server`.
const OF_SERVER: [&str; 4] = ["db", "clock", "context", "envelope"];

fn place(house: &str) -> Option<usize> {
    HOUSES.iter().position(|known| *known == house)
}

fn part(named: &Named, at: usize) -> &str {
    named.parts.get(at).map_or("", String::as_str)
}

fn looks_forward(source: &Source, named: &Named) -> Option<String> {
    let (house, other) = (source.house()?, part(named, 0));
    let (here, there) = (place(house)?, place(other)?);
    let room = part(named, 1);
    let asks_the_guard = source.file_name() == "api.rs" && other == "auth";
    let tells_the_log = source.file_name() == "api.rs" && other == "events" && room == "act";
    let allowed = there <= here
        || room == "model"
        || tells_the_log
        || (asks_the_guard && matches!(room, "guard" | "policy"));
    (!allowed).then(|| {
        source.finding(
            named.at,
            &format!("`{house}` stands before `{other}`: take its model, a message on the bus, or an argument"),
        )
    })
}

fn forward_looks(sources: &[Source]) -> Vec<String> {
    let each = sources.iter().flat_map(|source| {
        let named = named_in(source);
        named
            .iter()
            .filter_map(|named| looks_forward(source, named))
            .collect::<Vec<_>>()
    });
    each.collect()
}

fn foundations(sources: &[Source]) -> Vec<String> {
    let mut findings = Vec::new();
    for source in sources {
        let house = source.house().unwrap_or_default();
        let Some((_, allowed)) = FOUNDATIONS.iter().find(|(name, _)| *name == house) else {
            continue;
        };
        let strangers = named_in(source).into_iter().filter(|named| {
            // What `super::super` reaches is one's own unless it is the name of a house.
            let climbs = source.shipped[named.at..].starts_with("super");
            let is_house = place(part(named, 0)).is_some() && house != "docker";
            !allowed.contains(&part(named, 0)) && (!climbs || is_house)
        });
        findings.extend(strangers.map(|named| {
            let mend = format!(
                "`{house}` knows no feature: take `{}` as an argument",
                named.parts.join("::")
            );
            source.finding(named.at, &mend)
        }));
    }
    findings
}

fn server_parts(sources: &[Source]) -> Vec<String> {
    let mut findings = Vec::new();
    for source in sources {
        let house = source.house().unwrap_or_default();
        if place(house).is_none() && house != "secrets" {
            continue;
        }
        let strangers = named_in(source)
            .into_iter()
            .filter(|named| part(named, 0) == "server" && !OF_SERVER.contains(&part(named, 1)));
        findings.extend(strangers.map(|named| {
            let mend = format!("of `server` a house may name only {OF_SERVER:?}");
            source.finding(named.at, &mend)
        }));
    }
    findings
}

#[test]
fn a_house_uses_only_those_before_it() {
    hold(&forward_looks(&program()));
}

#[test]
fn docker_secrets_ui_and_i18n_know_no_feature() {
    hold(&foundations(&program()));
}

#[test]
fn of_the_server_a_house_names_only_four_parts() {
    hold(&server_parts(&program()));
}

#[test]
fn every_folder_is_a_house_or_a_foundation_and_the_document_has_their_order() {
    let sources = program();
    let folders: BTreeSet<_> = sources.iter().filter_map(Source::house).collect();
    let strangers: Vec<_> = folders
        .iter()
        .filter(|name| {
            place(name).is_none() && !["docker", "secrets", "ui", "i18n", "server"].contains(name)
        })
        .map(|name| format!("src/{name}: give it its place in the order of houses"))
        .collect();
    hold(&strangers);
    let present = HOUSES.iter().filter(|house| folders.contains(**house));
    let order: Vec<_> = present.map(|house| format!("`{house}`")).collect();
    let order = order.join(" · ");
    assert!(
        read("ARCHITECTURE.md").contains(&order),
        "ARCHITECTURE.md: the order of the houses is {order}"
    );
}

#[test]
fn a_look_forward_is_found() {
    let look = |path: &str, text: &str| forward_looks(&[Source::new(path, text)]);
    finds(
        1,
        &look(
            "src/events/bus.rs",
            "use crate::{error, stats::recent::Recent};",
        ),
    );
    finds(
        1,
        &look(
            "src/auth/view/login.rs",
            "use super::super::super::health::api::read_summary;",
        ),
    );
    finds(
        1,
        &look(
            "src/settings/change.rs",
            "use crate::auth::guard::authorize;",
        ),
    );
    finds(
        0,
        &look(
            "src/settings/api.rs",
            "use crate::auth::{guard::authorize, policy::Act};",
        ),
    );
    finds(
        0,
        &look("src/events/model.rs", "use crate::stats::model::Round;"),
    );
    finds(
        0,
        &look("src/health/job.rs", "use crate::stats::recent::Recent;"),
    );
}

#[test]
fn a_foundation_that_knows_a_feature_is_found() {
    let look = |path: &str, text: &str| foundations(&[Source::new(path, text)]);
    finds(1, &look("src/ui/head.rs", "use crate::auth::model::User;"));
    finds(
        1,
        &look("src/docker/stats.rs", "use crate::server::clock::Clock;"),
    );
    finds(0, &look("src/docker/stats.rs", "use super::events::Event;"));
    finds(1, &look("src/secrets/vault.rs", "use crate::auth::store;"));
    finds(
        0,
        &look("src/secrets/vault.rs", "use crate::server::db::Db;"),
    );
    finds(0, &look("src/ui/head.rs", "use crate::i18n::*;"));
}

#[test]
fn a_house_that_reaches_into_the_server_is_found() {
    let look = |text: &str| server_parts(&[Source::new("src/stats/job.rs", text)]);
    finds(1, &look("use crate::server::{db::Db, state::AppState};"));
    let key = Source::new("src/secrets/key.rs", "use crate::server::config::Options;");
    finds(1, &server_parts(&[key]));
    finds(0, &look("use crate::server::{db::Db, clock};"));
}
