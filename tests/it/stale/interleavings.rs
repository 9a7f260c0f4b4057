//! Thousands of containers, each with something else that happens to it while it is cleaned up. What decides
//! is drawn from a seed, which is printed; `STALE_SEED` sets it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use reqwest::Method;
use serde_json::{Value, json};

use super::Desk;
use crate::fake_engine::{FakeContainer, FakeEngine, Plot, Removal, Twist};
use crate::harness::{SOON, wait_for};

const EACH: usize = 100;

/// `STALE_ROUNDS=100` in the environment makes it the ten thousand that are promised.
fn rounds() -> usize {
    let text = std::env::var("STALE_ROUNDS").ok();
    text.and_then(|text| text.parse().ok()).unwrap_or(20)
}

/// What a container is before anybody clicks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Stale,
    NeverRan,
    Young,
    Labelled,
    Spared,
    Runs,
    Paused,
}

struct Case {
    container: FakeContainer,
    kind: Kind,
    named: bool,
}

fn draw(random: &mut StdRng, number: usize) -> Case {
    let kind = match random.random_range(0..20) {
        0 => Kind::Young,
        1 => Kind::Labelled,
        2 => Kind::Spared,
        3 => Kind::Runs,
        4 => Kind::Paused,
        5..8 => Kind::NeverRan,
        _ => Kind::Stale,
    };
    let stem = match kind {
        Kind::Spared => "spared",
        // Of these, some are spared while they are cleaned up.
        Kind::Stale if number.is_multiple_of(6) => "late",
        _ => "job",
    };
    let name = format!("{stem}-{number}");
    let days = if kind == Kind::Young { 2 } else { 30 };
    let mut container = FakeContainer::stopped(&name, days);
    match kind {
        Kind::NeverRan => {
            container.state = "created".into();
            (container.never_ran, container.finished) = (true, None);
        }
        Kind::Labelled => container = container.label("docker-watcher.keep", "true"),
        Kind::Runs => container.state = "running".into(),
        Kind::Paused => container.state = "paused".into(),
        Kind::Stale | Kind::Young | Kind::Spared => {}
    }
    if random.random_bool(0.5) {
        container.policy = "always".into();
    }
    Case {
        container,
        kind,
        named: random.random_bool(0.85),
    }
}

fn plot(random: &mut StdRng) -> Option<Plot> {
    let twist = match random.random_range(0..13) {
        0 => Twist::Start,
        1 | 2 => Twist::RunAndEnd,
        3 => Twist::Remove,
        4 => Twist::Recreate,
        5 => Twist::Refuse,
        6 => Twist::Babble,
        7 => Twist::PutBack,
        _ => return None,
    };
    Some(Plot::before(random.random_range(1..9), twist))
}

/// What somebody said while containers were cleaned up, and when they were told that it holds.
struct Said {
    /// Those whose names begin with `late-` are spared.
    spared: Option<Instant>,
    /// Nothing is stale any more.
    raised: Option<Instant>,
    /// When the cleanup had answered: what began before is over since.
    answered: Instant,
}

impl Said {
    /// This was said before that removal was begun. A removal that was noted before may reach the engine a little
    /// later.
    fn came_before(&self, said: Option<Instant>, removal: &Removal) -> bool {
        let little = Duration::from_secs(2);
        said.is_some_and(|said| removal.at > self.answered.min(said + little))
    }
}

#[derive(Debug, Default)]
struct Count {
    containers: usize,
    twists: usize,
    removed: usize,
    last_instant: usize,
    results: BTreeMap<String, usize>,
    wrong: Vec<String>,
}

impl Count {
    /// Judges a removal by what the container was when it was shown.
    fn judge(&mut self, removal: &Removal, cases: &BTreeMap<String, Case>, said: &Said) {
        let now = &removal.container;
        let Some(case) = cases.get(&now.id) else {
            // Made anew in the meantime, and never shown to anybody.
            self.wrong.push(format!("{} was another", now.name));
            return;
        };
        let (before, kind) = (&case.container, case.kind);
        let is_stale = matches!(kind, Kind::Stale | Kind::NeverRan);
        let is_late = before.name.starts_with("late-");
        let is_kept = now.name.starts_with("docker-watcher-quarantine-") && now.policy == "no";
        let has_run = before.started != now.started || before.finished != now.finished;
        let faults = [
            (now.runs(), "ran"),
            (!is_stale, "was not stale"),
            (!case.named, "was not named"),
            (removal.ruthless, "went with force"),
            (has_run && !removal.twisted, "ran since it was shown"),
            (!is_kept && !removal.twisted, "was put back by hand"),
            (
                is_late && said.came_before(said.spared, removal),
                "was spared",
            ),
            (
                said.came_before(said.raised, removal),
                "was no longer stale",
            ),
        ];
        for (_, fault) in faults.iter().filter(|(holds, _)| *holds) {
            self.wrong.push(format!("{} ({kind:?}) {fault}", now.name));
        }
        // No engine removes "only if it has not run": what runs and ends between the last look and the removal
        // itself is seen by nobody.
        self.last_instant += usize::from(has_run && removal.twisted);
        self.removed += 1;
    }

    fn note(&mut self, answer: &Value) {
        for one in answer.as_array().into_iter().flatten() {
            let word = |key: &str| one[key].as_str().unwrap_or_default();
            let word = format!("{} {}", word("outcome"), word("reason"));
            *self.results.entry(word.trim_end().to_owned()).or_default() += 1;
        }
    }
}

#[tokio::test]
async fn thousands_of_interleavings_remove_nothing_that_they_should_not() {
    let seed = std::env::var("STALE_SEED").ok();
    let seed = seed.and_then(|seed| seed.parse().ok());
    let seed: u64 = seed.unwrap_or_else(rand::random);
    println!("interleavings: STALE_SEED={seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let engine = FakeEngine::start().await;
    engine.keep_quiet(true);
    let mut desk = Desk::at(&engine.url()).await;
    let spare = json!({"kind": "pattern", "value": "spared-*", "reason": "the rule"});
    desk.post("/api/containers/exemptions", spare).await.data();
    let mut count = Count::default();
    for round in 0..rounds() {
        one_round(&engine, &mut desk, &mut random, round, &mut count).await;
    }
    println!(
        "interleavings: {} containers, {} twists, {} removed rightly, {} wrongly, {} in the last instant; {:?}",
        count.containers,
        count.twists,
        count.removed,
        count.wrong.len(),
        count.last_instant,
        count.results
    );
    assert!(count.wrong.is_empty(), "seed {seed}: {:#?}", count.wrong);
    assert_eq!(count.containers, rounds() * EACH);
    assert!(
        count.removed > count.containers / 10,
        "a check that lets nothing through proves nothing"
    );
    assert!(count.twists > count.containers / 5);
}

async fn one_round(
    engine: &FakeEngine,
    desk: &mut Desk,
    random: &mut StdRng,
    round: usize,
    count: &mut Count,
) {
    let cases: Vec<_> = (0..EACH)
        .map(|number| draw(random, round * EACH + number))
        .collect();
    for case in &cases {
        engine.run(case.container.clone());
        // `run` begins what runs; what was set before counts.
        engine.change(&case.container.id, |one| *one = case.container.clone());
    }
    let still = cases.iter().filter(|case| !case.container.runs()).count();
    let ids = wait_for("all of them to be judged", SOON, || async {
        desk.scan().await;
        let judged = desk.judged().await;
        let seen = judged
            .iter()
            .filter(|one| !one["looked_at"].is_null())
            .count();
        if seen == still {
            Ok(judged)
        } else {
            Err(format!("{seen} of {still}"))
        }
    })
    .await;
    let known: BTreeMap<_, _> = ids
        .iter()
        .map(|one| {
            (
                one["docker_id"].as_str().unwrap_or_default().to_owned(),
                one["id"].clone(),
            )
        })
        .collect();
    let mut named = Vec::new();
    for case in &cases {
        if let Some(plot) = plot(random) {
            engine.plot(&case.container.id, plot);
            count.twists += 1;
        }
        if case.named {
            // Those that run are on no list; somebody names them all the same, by Docker's id.
            let id = json!(case.container.id);
            named.push(known.get(&case.container.id).cloned().unwrap_or(id));
        }
    }
    let before = engine.removals().len();
    let path = "/api/containers/stale/cleanup";
    // In the last round nobody clicks any more, and time does it.
    let expires = round + 1 == rounds();
    let at_once = !expires && random.random_bool(0.5);
    let (spares, raises) = (round % 2 == 1, round % 5 == 2);
    let wish = json!({"ids": named, "remove_now": at_once});
    let unnamed = json!({"remove_now": true});
    let (done, none, spared, raised) = tokio::join!(
        desk.post(path, wish),
        desk.post(path, unnamed),
        spare_late(desk, spares),
        set_threshold(desk, raises.then_some(3650)),
    );
    let said = Said {
        spared: spared.as_ref().map(|(_, at)| *at),
        raised,
        answered: Instant::now(),
    };
    count.note(&done.data());
    assert_eq!(none.data(), json!([]), "nothing here was made by us");
    if expires {
        desk.wait_days(8).await;
        desk.scan().await;
        desk.scan().await;
    } else if !at_once {
        clear_quarantine(desk, random).await;
    }
    let cases: BTreeMap<_, _> = cases
        .into_iter()
        .map(|case| (case.container.id.clone(), case))
        .collect();
    for removal in &engine.removals()[before..] {
        count.judge(removal, &cases, &said);
    }
    count.containers += cases.len();
    tidy(engine, desk).await;
    if let Some((path, _)) = spared {
        desk.change(Method::DELETE, &path, json!({})).await.data();
    }
    set_threshold(desk, raises.then_some(7)).await;
}

/// Spares the late ones, and answers where that is taken back and when it was said.
async fn spare_late(desk: &Desk, spares: bool) -> Option<(String, Instant)> {
    if !spares {
        return None;
    }
    let path = "/api/containers/exemptions";
    let spare = json!({"kind": "pattern", "value": "late-*", "reason": "in the last moment"});
    let made = desk.post(path, spare).await.data();
    let id = made["id"].as_str().expect("it has an id");
    Some((format!("{path}/{id}"), Instant::now()))
}

async fn set_threshold(desk: &Desk, days: Option<i64>) -> Option<Instant> {
    let patch = json!({"stale_threshold_days": days?});
    let answer = desk.change(Method::PATCH, "/api/settings", patch).await;
    answer.data();
    Some(Instant::now())
}

/// Removes or restores what is kept aside, one after the other.
async fn clear_quarantine(desk: &Desk, random: &mut StdRng) {
    for one in desk.quarantine().await {
        let what = if random.random_bool(0.7) {
            "remove"
        } else {
            "restore"
        };
        let id = one["id"].as_str().unwrap_or_default();
        let path = format!("/api/containers/quarantine/{id}/{what}");
        // What happened to it meanwhile may be in the way.
        let answer = desk.post(&path, json!({})).await;
        assert!(
            [200, 404, 409, 503].contains(&answer.status),
            "{}",
            answer.text
        );
    }
}

/// Takes everything away, and waits until nobody knows of it any more.
async fn tidy(engine: &FakeEngine, desk: &Desk) {
    engine.forget_plots();
    let all: BTreeSet<_> = engine.ids();
    for id in all {
        engine.remove(&id);
    }
    wait_for("all of them to be gone", SOON, || async {
        desk.scan().await;
        // What the engine no longer has is kept in mind until somebody says that it is gone for good.
        for one in desk.quarantine().await {
            let id = one["id"].as_str().unwrap_or_default();
            let path = format!("/api/containers/quarantine/{id}/remove");
            desk.post(&path, json!({})).await;
        }
        let (left, kept) = (desk.judged().await.len(), desk.quarantine().await.len());
        let total = desk.read("/api/projects").await;
        let shown = total.as_array().map_or(0, |all| {
            all.iter()
                .filter(|one| one["stages"][0]["status"] == "running")
                .count()
        });
        if (left, kept, shown) == (0, 0, 0) {
            Ok(())
        } else {
            Err(format!("{left}, {kept}, {shown}"))
        }
    })
    .await;
}
