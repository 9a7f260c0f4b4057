//! What runs without a click: the one list.

use std::collections::HashMap;

use tokio_util::sync::CancellationToken;

use super::state::AppState;
use super::supervisor::Supervisor;
use crate::containers::follower::Follower;
use crate::containers::recording::Memory;
use crate::containers::telling::Telling;
use crate::engines::model::Engine;
use crate::{auth, containers, engines, events, health, stale, stats};

/// Starts every job; each ends by itself when its token is cancelled.
pub fn start(state: &AppState) {
    let parts = state.clone();
    state.supervisor.start(
        "engines",
        "starts and ends the work for each engine",
        move |stop| keep_engines(parts.clone(), stop),
    );
    let parts = state.clone();
    state
        .supervisor
        .start("stats", "samples every running container", move |stop| {
            let parts = stats::job::Parts {
                db: parts.db.clone(),
                clock: parts.clock.clone(),
                engines: parts.engines.clone(),
                roster: parts.roster.clone(),
                bus: parts.bus.clone(),
                recent: parts.recent.clone(),
            };
            stats::job::run(parts, stop)
        });
    let parts = state.clone();
    state
        .supervisor
        .start("health", "counts the figures of the summary", move |stop| {
            let parts = health::job::Parts {
                db: parts.db.clone(),
                bus: parts.bus.clone(),
                engines: parts.engines.clone(),
                clock: parts.clock.clone(),
                summaries: parts.summaries.clone(),
                stale: parts.stale.clone(),
            };
            health::job::run(parts, stop)
        });
    let keeper = state.stale.clone();
    state.supervisor.start(
        "stale",
        "looks for stale containers and tends the quarantine",
        move |stop| stale::job::run(keeper.clone(), stop),
    );
    let parts = events_parts(state);
    state.supervisor.start(
        "events",
        "writes the event log and prunes it",
        move |stop| events::job::run(parts.clone(), stop),
    );
    let db = state.db.clone();
    state.supervisor.start(
        "database",
        "looks through the whole database once a day",
        move |stop| {
            let db = db.clone();
            async move { db.watch(stop).await }
        },
    );
    let (sessions, streams) = (state.sessions.clone(), state.streams.clone());
    state.supervisor.start(
        "sessions",
        "ends the streams of sessions that are over, and removes those",
        move |stop| auth::sessions::job::run(sessions.clone(), streams.clone(), stop),
    );
}

/// What writing the event log needs.
pub fn events_parts(state: &AppState) -> events::job::Parts {
    events::job::Parts {
        db: state.db.clone(),
        clock: state.clock.clone(),
        vault: state.vault.clone(),
        bus: state.bus.clone(),
        log: state.log.clone(),
    }
}

/// Two jobs for each engine that is watched, for as long as it is: a person adds and removes engines
/// while the program runs.
async fn keep_engines(state: AppState, stop: CancellationToken) {
    let mut working: HashMap<String, (String, Vec<CancellationToken>)> = HashMap::new();
    let mut wanted = state.engines.wanted();
    loop {
        let engines = wanted.borrow_and_update().clone();
        working.retain(|id, (url, tokens)| {
            let stays = engines
                .iter()
                .any(|engine| engine.id == *id && engine.url == *url);
            if !stays {
                tokens.iter().for_each(CancellationToken::cancel);
                state.roster.replace(id, Vec::new());
            }
            stays
        });
        for engine in engines {
            working.entry(engine.id.clone()).or_insert_with(|| {
                (
                    engine.url.clone(),
                    start_engine(&state, &state.supervisor, engine),
                )
            });
        }
        tokio::select! {
            () = stop.cancelled() => break,
            changed = wanted.changed() => if changed.is_err() { break },
        }
    }
    // Started again after a panic, this job would start them a second time.
    working
        .values()
        .flat_map(|(_, tokens)| tokens)
        .for_each(CancellationToken::cancel);
}

/// The two jobs of one engine: its connection, and its containers.
fn start_engine(
    state: &AppState,
    supervisor: &Supervisor,
    engine: Engine,
) -> Vec<CancellationToken> {
    let follower = Follower {
        engine_id: engine.id.clone(),
        db: state.db.clone(),
        bus: state.bus.clone(),
        roster: state.roster.clone(),
        clock: state.clock.clone(),
        telling: Telling::new(state.log.clone()),
        memory: Memory::default(),
    };
    let (parts, name) = (state.clone(), engine.name.clone());
    let connection = supervisor.start(
        format!("connection:{name}"),
        "keeps in touch with the engine",
        move |stop| {
            let parts = engines::job::Parts {
                engines: parts.engines.clone(),
                db: parts.db.clone(),
                clock: parts.clock.clone(),
                log: parts.log.clone(),
            };
            engines::job::run(engine.clone(), parts, stop)
        },
    );
    let all = state.engines.clone();
    let following = supervisor.start(
        format!("containers:{name}"),
        "follows the engine's containers",
        move |stop| containers::job::run(follower.clone(), all.clone(), stop),
    );
    vec![connection, following]
}
