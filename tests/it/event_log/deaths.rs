//! Deaths, each told once, through an engine that restarts and one that loses its own words.

use std::time::{Duration, SystemTime};

use super::{lines, times};
use crate::fake_engine::{FakeContainer, FakeEngine, Fault};
use crate::harness::{TestApp, wait_for};
use crate::private_engine::PrivateEngine;

const LIMIT: Duration = Duration::from_secs(120);

async fn died_when(app: &TestApp, expected: i64) {
    wait_for(&format!("{expected} deaths"), LIMIT, || async {
        match times(app, "container.died").await {
            count if count == expected => Ok(()),
            count => Err(format!("{count} of {expected}")),
        }
    })
    .await;
}

async fn all_run(app: &TestApp, expected: usize) {
    wait_for("all containers to run", LIMIT, || async {
        let running = app.read("/api/health/summary").await["containers"]["running"].clone();
        if running == expected {
            Ok(())
        } else {
            Err(running.to_string())
        }
    })
    .await;
}

#[tokio::test]
async fn three_hundred_deaths_through_a_restart_of_the_engine_are_told_once_each() {
    const CONTAINERS: usize = 30;
    const ROUNDS: usize = 10;
    let engine = PrivateEngine::start();
    let names: Vec<_> = (0..CONTAINERS)
        .map(|number| format!("mortal-{number}"))
        .collect();
    for name in &names {
        engine.docker(&[
            "create",
            "--name",
            name,
            "rig/busybox:1",
            "sh",
            "-c",
            "exit 3",
        ]);
    }
    let app = TestApp::ready(engine.url()).await;
    app.engine_when(true).await;
    let all = |words: &[&str]| {
        let mut arguments = words.to_vec();
        arguments.extend(names.iter().map(String::as_str));
        engine.docker(&arguments)
    };
    let mut expected = 0;
    for round in 0..ROUNDS {
        all(&["start"]);
        if round == ROUNDS / 2 {
            engine.stop();
            app.engine_when(false).await;
            engine.start_again();
            app.engine_when(true).await;
        }
        // The engine's own account is what ours is held to.
        let codes = all(&["wait"]);
        expected += codes.lines().filter(|code| *code == "3").count() as i64;
        died_when(&app, expected).await;
    }
    assert!(expected > 270, "only {expected} ended by themselves");
    let mut lines = lines(&app, "source=container").await;
    lines.retain(|line| line["type"] == "container.died");
    assert!(
        lines.iter().all(|line| line["details"]["exit_code"] == 3),
        "{lines:#?}"
    );
    let told: i64 = lines.iter().filter_map(|line| line["count"].as_i64()).sum();
    println!(
        "{expected} real deaths, {told} lines of deaths and crash loops, none missed, none twice"
    );
}

#[tokio::test]
async fn ten_thousand_deaths_with_gaps_in_the_events_are_told_once_each() {
    const CONTAINERS: usize = 1000;
    const ROUNDS: usize = 10;
    let engine = FakeEngine::start().await;
    let named = |number: usize| FakeContainer::named(&format!("web-{number}"));
    let ids: Vec<_> = (0..CONTAINERS)
        .map(|number| engine.run(named(number)))
        .collect();
    let app = TestApp::ready(&engine.url()).await;
    all_run(&app, CONTAINERS).await;
    for round in 0..ROUNDS {
        for (number, id) in ids.iter().enumerate() {
            if (number + round) % 10 == 0 {
                // The engine loses the word of it; what it left can be seen.
                engine.change(id, |container| {
                    container.state = "exited".into();
                    container.exit_code = 3;
                    container.finished = Some(SystemTime::now());
                });
            } else {
                engine.stop(id, 3);
            }
            if number % 300 == 299 {
                engine.cut_events();
            }
        }
        engine.cut_events();
        died_when(&app, ((round + 1) * CONTAINERS) as i64).await;
        ids.iter().for_each(|id| engine.start_again(id));
        all_run(&app, CONTAINERS).await;
    }
    died_when(&app, (ROUNDS * CONTAINERS) as i64).await;
}

/// An engine with this container, which runs and was looked at.
async fn with_one(name: &str) -> (FakeEngine, String, TestApp) {
    let engine = FakeEngine::start().await;
    let id = engine.run(FakeContainer::named(name));
    let app = TestApp::ready(&engine.url()).await;
    all_run(&app, 1).await;
    asked_about(&engine, &id, 1).await;
    (engine, id, app)
}

fn inspection(id: &str) -> String {
    format!("/containers/{id}/json")
}

async fn asked_about(engine: &FakeEngine, id: &str, times: usize) {
    wait_for("the container to be looked at", LIMIT, || async {
        match engine.times_asked(&inspection(id)) {
            asked if asked >= times => Ok(()),
            asked => Err(format!("{asked} of {times}")),
        }
    })
    .await;
}

#[tokio::test]
async fn a_restart_that_the_engine_has_counted_and_not_done_yet_is_no_death() {
    let (engine, id, app) = with_one("loopy").await;
    // Three runs end while the engine tells nothing; the next is about to begin.
    engine.change(&id, |container| {
        container.started = SystemTime::now();
        container.finished = Some(SystemTime::now());
        (container.state, container.exit_code) = ("restarting".into(), 3);
        container.restarts = 3;
    });
    engine.cut_events();
    died_when(&app, 3).await;
    engine.change(&id, |container| {
        container.started = SystemTime::now();
        container.state = "running".into();
    });
    engine.cut_events();
    all_run(&app, 1).await;
    engine.fail(&id, 3);
    died_when(&app, 4).await;
}

#[tokio::test]
async fn a_death_is_told_although_the_engine_would_not_describe_who_died() {
    let (engine, id, app) = with_one("shy").await;
    let other = engine.run(FakeContainer::named("other"));
    all_run(&app, 2).await;
    engine.break_path(&inspection(&id), Fault::Refuse(500));
    let asked = engine.times_asked(&inspection(&id));
    engine.stop(&id, 3);
    asked_about(&engine, &id, asked + 1).await;
    // The place in the events moves on for the others, and what is told of it next leads there again.
    engine.stop(&other, 4);
    died_when(&app, 1).await;
    engine.mend();
    engine.start_again(&id);
    died_when(&app, 2).await;
}

#[tokio::test]
async fn a_death_that_was_heard_and_not_looked_at_is_heard_again_after_a_restart_of_the_program() {
    let (engine, id, app) = with_one("shy").await;
    let other = engine.run(FakeContainer::named("other"));
    all_run(&app, 2).await;
    engine.break_path(&inspection(&id), Fault::Refuse(500));
    let asked = engine.times_asked(&inspection(&id));
    engine.stop(&id, 3);
    engine.start_again(&id);
    asked_about(&engine, &id, asked + 1).await;
    engine.stop(&other, 4);
    died_when(&app, 1).await;
    engine.mend();
    // It runs again, and only the event knows that it died.
    let app = app.restart().await;
    died_when(&app, 2).await;
}

#[tokio::test]
async fn an_end_of_which_the_engine_lost_the_word_is_found_although_its_state_is_known() {
    let (engine, id, app) = with_one("brief").await;
    engine.stop(&id, 0);
    let ended = engine.change(&id, |container| {
        container.started = SystemTime::now();
        container.finished = Some(SystemTime::now());
        container.exit_code = 3;
    });
    // Whoever looks because of this sees the end already.
    engine.tell(&ended.event("start"));
    died_when(&app, 1).await;
}

/// How long the burst lasts; `BURST_SECONDS=60` in the environment makes it the minute that is promised.
fn burst_seconds() -> usize {
    let text = std::env::var("BURST_SECONDS").ok();
    text.and_then(|text| text.parse().ok()).unwrap_or(1)
}

#[tokio::test]
async fn ten_thousand_deaths_a_second_are_counted_to_the_last_one_in_bounded_memory() {
    const CONTAINERS: usize = 100;
    const RATE: usize = 10_000;
    const MOST_GROWTH: u64 = 200 << 20;
    let engine = FakeEngine::start().await;
    let named = |number: usize| FakeContainer::named(&format!("burst-{number}"));
    let ids: Vec<_> = (0..CONTAINERS)
        .map(|number| engine.run(named(number)))
        .collect();
    let app = TestApp::ready(&engine.url()).await;
    all_run(&app, CONTAINERS).await;
    let before = app.resident();
    let mut most = before;
    let began = std::time::Instant::now();
    let mut rounds = tokio::time::interval(Duration::from_millis(
        1000 * CONTAINERS as u64 / RATE as u64,
    ));
    let total = burst_seconds() * RATE;
    for round in 0..total / CONTAINERS {
        rounds.tick().await;
        for id in &ids {
            engine.die_and_start_again(id, 3);
        }
        if round % 100 == 0 {
            most = most.max(app.resident());
        }
    }
    let sent = began.elapsed();
    let limit = LIMIT + Duration::from_secs(10 * burst_seconds() as u64);
    wait_for("the burst to be counted", limit, || async {
        match times(&app, "container.died").await {
            count if count == total as i64 => Ok(()),
            count => Err(format!("{count} of {total}")),
        }
    })
    .await;
    most = most.max(app.resident());
    let grown = (most - before) >> 20;
    assert!(most - before < MOST_GROWTH, "{grown} MiB more than before");
    println!(
        "{total} deaths sent in {sent:.1?}, all counted after {:.1?}; {grown} MiB more than before",
        began.elapsed()
    );
}
