//! What runs without a click: the one list.

use super::state::AppState;
use crate::containers::follower::Follower;
use crate::engines::model::Engine;
use crate::{auth, containers, engines, health, stats};

/// Starts every job; each ends by itself at shutdown.
pub fn start(state: &AppState, engines: Vec<Engine>) {
    for engine in engines {
        start_engine(state, engine);
    }
    let (supervisor, shutdown) = (&state.supervisor, &state.shutdown);

    let (parts, stop) = (state.clone(), shutdown.clone());
    supervisor.start("stats", "samples every running container", move || {
        let parts = stats::job::Parts {
            db: parts.db.clone(),
            clock: parts.clock.clone(),
            engines: parts.engines.clone(),
            roster: parts.roster.clone(),
            bus: parts.bus.clone(),
            recent: parts.recent.clone(),
        };
        stats::job::run(parts, stop.clone())
    });

    let (parts, stop) = (state.clone(), shutdown.clone());
    supervisor.start("health", "counts the figures of the summary", move || {
        let parts = health::job::Parts {
            db: parts.db.clone(),
            bus: parts.bus.clone(),
            engines: parts.engines.clone(),
            clock: parts.clock.clone(),
            summaries: parts.summaries.clone(),
        };
        health::job::run(parts, stop.clone())
    });

    let (db, clock, stop) = (state.db.clone(), state.clock.clone(), shutdown.clone());
    supervisor.start("sessions", "removes sessions that are over", move || {
        auth::job::run(db.clone(), clock.clone(), stop.clone())
    });
}

/// The two jobs of one engine: its connection, and its containers.
fn start_engine(state: &AppState, engine: Engine) {
    let (parts, stop) = (state.clone(), state.shutdown.clone());
    let follower = Follower {
        engine_id: engine.id.clone(),
        db: state.db.clone(),
        bus: state.bus.clone(),
        roster: state.roster.clone(),
        clock: state.clock.clone(),
    };
    let name = engine.name.clone();
    state.engines.set(engine.clone(), None);
    state.supervisor.start(format!("connection:{name}"), "keeps in touch with the engine", move || {
        engines::job::run(
            engine.clone(),
            parts.engines.clone(),
            parts.db.clone(),
            parts.clock.clone(),
            stop.clone(),
        )
    });
    let (all, stop) = (state.engines.clone(), state.shutdown.clone());
    state.supervisor.start(format!("containers:{name}"), "follows the engine's containers", move || {
        containers::job::run(follower.clone(), all.clone(), stop.clone())
    });
}
