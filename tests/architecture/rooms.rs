//! What may stand in which room.

use crate::source::{Source, blank, bracketed, places, program};
use crate::{finds, hold};

fn queries(sources: &[Source]) -> Vec<String> {
    let words = [
        "query",
        "query_as",
        "query_scalar",
        "query_with",
        "raw_sql",
        "QueryBuilder",
    ];
    let mend = "SQL stands in store.rs or store/, one function a question";
    let elsewhere = sources
        .iter()
        .filter(|source| source.file_name() != "store.rs" && !source.path.contains("/store/"));
    elsewhere
        .filter(|source| source.shipped.contains("sqlx"))
        .flat_map(|source| source.words(&words, mend))
        .collect()
}

fn engine_clients(sources: &[Source]) -> Vec<String> {
    let words = ["bollard", "hyper", "hyper_util", "hyperlocal"];
    let mend = "src/docker/ is the only door to an engine: ask one of its functions";
    let outside = sources
        .iter()
        .filter(|source| source.house() != Some("docker"));
    outside
        // Our own port speaks HTTP, too.
        .filter(|source| !source.path.starts_with("src/server/serving/"))
        .flat_map(|source| source.words(&words, mend))
        .collect()
}

fn spawns(sources: &[Source]) -> Vec<String> {
    let words = ["tokio::spawn", "task::spawn", "JoinSet", "thread::spawn"];
    let mend = "work in the background is a job in src/server/jobs.rs, so that it is seen and ends";
    let outside = sources
        .iter()
        .filter(|source| source.path != "src/server/supervisor.rs");
    outside
        .flat_map(|source| source.words(&words, mend))
        .collect()
}

fn views(sources: &[Source]) -> Vec<String> {
    let frame = ["src/app.rs", "src/document.rs"];
    let mend = "components stand in a view room, in src/ui/ or in src/app.rs";
    let outside = sources.iter().filter(|source| {
        !source.is_in_view()
            && source.house() != Some("ui")
            && !frame.contains(&source.path.as_str())
    });
    outside
        .flat_map(|source| source.words(&["view!", "#[component"], mend))
        .collect()
}

fn unclean_models(sources: &[Source]) -> Vec<String> {
    let words = [
        "leptos",
        "tokio",
        "sqlx",
        "axum",
        "server",
        "async",
        "await",
        "std::fs",
        "std::io",
        "std::env",
        "std::process",
        "std::thread",
        "SystemTime",
        "Instant",
        "Utc::now",
        "Local::now",
        "Clock",
        "web_sys",
        "js_sys",
    ];
    let mend = "a model is pure and the same in both halves: no I/O, no clock, no framework";
    let models = sources
        .iter()
        .filter(|source| source.file_name() == "model.rs" || source.path.contains("/model/"));
    let findings = models.flat_map(|source| {
        // How the server's half stores a noun is said by `cfg_attr` on it.
        let attributes = places(&source.shipped, "cfg_attr").into_iter();
        let attributes = attributes.map(|at| bracketed(&source.shipped, at + "cfg_attr".len()));
        let bare = Source {
            path: source.path.clone(),
            text: source.text.clone(),
            code: source.code.clone(),
            shipped: blank(&source.shipped, attributes),
        };
        bare.words(&words, mend)
    });
    findings.collect()
}

/// Whatever clears away by itself what it thinks is not needed has cost people their data.
fn sweeping_orders(sources: &[Source]) -> Vec<String> {
    let mend = "things are removed one by one, by id or exact name, without force";
    let door = sources
        .iter()
        .filter(|source| source.house() == Some("docker"));
    let written = door.flat_map(|source| {
        // In paths of the API, too, which are literals.
        let text = source.text.to_lowercase();
        let orders = ["prune", "force=1", "force=true", "v=1", "v=true"];
        let found = orders.iter().filter_map(|order| {
            let at = text.find(order)?;
            Some(source.finding(at, mend))
        });
        found.collect::<Vec<_>>()
    });
    written.collect()
}

fn busy_entrances(sources: &[Source]) -> Vec<String> {
    let words = ["fn", "struct", "enum", "impl", "static", "trait"];
    let mend = "the mod.rs of a house is its paragraph and its list of rooms: give this a room";
    let entrances = sources
        .iter()
        .filter(|source| source.file_name() == "mod.rs" && source.path.matches('/').count() == 2);
    let named = ["ui", "i18n"];
    entrances
        .filter(|source| !named.contains(&source.house().unwrap_or_default()))
        .flat_map(|source| source.words(&words, mend))
        .collect()
}

#[test]
fn sql_stands_in_stores() {
    hold(&queries(&program()));
}

#[test]
fn only_the_door_to_docker_talks_to_engines() {
    hold(&engine_clients(&program()));
}

#[test]
fn only_the_supervisor_spawns() {
    hold(&spawns(&program()));
}

#[test]
fn components_stand_in_view_rooms() {
    hold(&views(&program()));
}

#[test]
fn models_are_pure() {
    hold(&unclean_models(&program()));
}

#[test]
fn nothing_is_cleared_away_but_one_by_one() {
    hold(&sweeping_orders(&program()));
    let look = |text: &str| sweeping_orders(&[Source::new("src/docker/acts.rs", text)]);
    finds(1, &look("post(\"/volumes/prune\")"));
    finds(1, &look("delete(\"/containers/x?force=true\")"));
    finds(0, &look("delete(\"/containers/x\")"));
}

#[test]
fn the_entrance_of_a_house_holds_no_logic() {
    hold(&busy_entrances(&program()));
}

#[test]
fn what_stands_in_the_wrong_room_is_found() {
    let at = |path: &str, text: &str| [Source::new(path, text)];
    finds(1, &queries(&at("src/stats/api.rs", "sqlx::query_as(A)")));
    finds(
        0,
        &queries(&at("src/stats/store/read.rs", "sqlx::query_as(A)")),
    );
    finds(
        1,
        &engine_clients(&at("src/stats/job.rs", "use bollard::Docker;")),
    );
    finds(
        0,
        &engine_clients(&at("src/docker/stats.rs", "use bollard::Docker;")),
    );
    finds(1, &spawns(&at("src/stats/job.rs", "tokio::spawn(round())")));
    finds(
        0,
        &spawns(&at(
            "src/stats/job.rs",
            "// tokio::spawn\nspawn_blocking(f)",
        )),
    );
    finds(
        2,
        &views(&at("src/stats/job.rs", "#[component] fn A() { view! { } }")),
    );
    finds(
        0,
        &views(&at("src/stats/view/a.rs", "#[component] fn A() {}")),
    );
    finds(
        1,
        &busy_entrances(&at("src/stats/mod.rs", "pub mod api;\nfn a() {}")),
    );
}

#[test]
fn a_model_with_a_clock_is_found() {
    let look = |text: &str| unclean_models(&[Source::new("src/stats/model.rs", text)]);
    finds(1, &look("fn age() { Utc::now() }"));
    finds(1, &look("#[derive(sqlx::FromRow)] struct A;"));
    finds(
        0,
        &look("#[cfg_attr(feature = \"ssr\", derive(sqlx::FromRow))] struct A;"),
    );
    finds(0, &look("use chrono::Utc; // leptos"));
}
