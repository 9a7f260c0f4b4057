//! Every handle that a request may need, and how it gets into the request's context.

use axum::extract::FromRef;
use axum::http::request::Parts;
use leptos::config::LeptosOptions;
use leptos::prelude::provide_context;
use tokio_util::sync::CancellationToken;

use super::access::access_of;
use super::clock::Clock;
use super::db::Db;
use super::finishing::Finishing;
use super::larder::Larders;
use super::supervisor::Supervisor;
use crate::auth::access::Tables;
use crate::auth::gate::Gate;
use crate::auth::layer::{Doorman, provide_visitor};
use crate::auth::second_factor::keeper::SecondFactors;
use crate::auth::sessions::keeper::Sessions;
use crate::auth::sessions::streams::Streams;
use crate::auth::sign_on::keeper::SignOn;
use crate::auth::visit::TrustedProxies;
use crate::containers::roster::Roster;
use crate::engines::registry::Engines;
use crate::events::act::Operation;
use crate::events::bus::Bus;
use crate::events::log::EventLog;
use crate::events::seats::Seats;
use crate::events::sse::StreamState;
use crate::health::summaries::Summaries;
use crate::secrets::vault::Vault;
use crate::stale::keeper::Stale;
use crate::stats::recent::Recent;

/// The program's handles; a clone is cheap.
#[derive(Clone)]
pub struct AppState {
    pub leptos: LeptosOptions,
    pub db: Db,
    pub clock: Clock,
    pub gate: Gate,
    pub sessions: Sessions,
    pub second_factors: SecondFactors,
    pub sign_on: SignOn,
    pub streams: Streams,
    pub proxies: TrustedProxies,
    pub engines: Engines,
    pub roster: Roster,
    pub bus: Bus,
    pub log: EventLog,
    pub seats: Seats,
    pub larders: Larders,
    pub recent: Recent,
    pub summaries: Summaries,
    pub vault: Vault,
    pub stale: Stale,
    pub pages: Finishing,
    pub acts: Finishing,
    pub supervisor: Supervisor,
    pub shutdown: CancellationToken,
}

impl AppState {
    /// Provides what server functions and pages take from the context, on behalf of `request`.
    pub fn provide(&self, request: &Parts) {
        provide_context(self.db.clone());
        provide_context(self.clock.clone());
        provide_context(self.engines.clone());
        provide_context(self.roster.clone());
        provide_context(self.bus.clone());
        provide_context(self.log.clone());
        provide_context(Operation::begin());
        provide_context(self.recent.clone());
        provide_context(self.summaries.clone());
        provide_context(self.gate.clone());
        provide_context(self.sessions.clone());
        provide_context(self.second_factors.clone());
        provide_context(self.sign_on.clone());
        provide_context(self.vault.clone());
        provide_context(self.stale.clone());
        provide_visitor(&request.extensions);
    }
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.leptos.clone()
    }
}

impl FromRef<AppState> for Gate {
    fn from_ref(state: &AppState) -> Self {
        state.gate.clone()
    }
}

impl FromRef<AppState> for Db {
    fn from_ref(state: &AppState) -> Self {
        state.db.clone()
    }
}

impl FromRef<AppState> for EventLog {
    fn from_ref(state: &AppState) -> Self {
        state.log.clone()
    }
}

impl FromRef<AppState> for (Db, Clock) {
    fn from_ref(state: &AppState) -> Self {
        (state.db.clone(), state.clock.clone())
    }
}

impl FromRef<AppState> for (SignOn, Db) {
    fn from_ref(state: &AppState) -> Self {
        (state.sign_on.clone(), state.db.clone())
    }
}

impl FromRef<AppState> for Doorman {
    fn from_ref(state: &AppState) -> Self {
        Self {
            db: state.db.clone(),
            gate: state.gate.clone(),
            streams: state.streams.clone(),
            proxies: state.proxies.clone(),
            tables: Tables(access_of),
        }
    }
}

impl FromRef<AppState> for Tables {
    fn from_ref(_: &AppState) -> Self {
        Self(access_of)
    }
}

impl FromRef<AppState> for StreamState {
    fn from_ref(state: &AppState) -> Self {
        Self {
            bus: state.bus.clone(),
            db: state.db.clone(),
            seats: state.seats.clone(),
            shutdown: state.shutdown.clone(),
        }
    }
}
