//! The program as a whole: built first, so that everything that can be wrong is said at once, then run.

use std::fs::File;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::clock::Clock;
use super::config::Options;
use super::data_dir::DataDir;
use super::db::{Db, remedy};
use super::finishing::Finishing;
use super::larder::Larders;
use super::serving::accept;
use super::state::AppState;
use super::supervisor::Supervisor;
use super::{jobs, pages, routes, site};
use crate::auth::gate::{Gate, GateError};
use crate::auth::second_factor::keeper::SecondFactors;
use crate::auth::sessions::keeper::Sessions;
use crate::auth::sessions::signer::{Signer, SignerError};
use crate::auth::sessions::streams::Streams;
use crate::auth::sign_on::keeper::SignOn;
use crate::auth::visit::TrustedProxies;
use crate::containers::roster::Roster;
use crate::engines;
use crate::engines::registry::Engines;
use crate::error::AppError;
use crate::events;
use crate::events::bus::Bus;
use crate::events::log::EventLog;
use crate::events::seats::Seats;
use crate::health::summaries::Summaries;
use crate::secrets::opening::{self, OpenError};
use crate::stale;
use crate::stale::keeper::Stale;
use crate::stats::recent::Recent;

/// How long open requests and jobs get to end once we are asked to stop.
const GRACE: Duration = Duration::from_secs(8);

/// Why the program cannot start, and what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("the data directory {} cannot be used: {cause}; choose another with --data-dir{}", .path.display(), besides(.cause))]
    DataDir { path: PathBuf, cause: io::Error },
    #[error("the database {} cannot be used: {cause}; {}", .path.display(), remedy(.cause))]
    Database { path: PathBuf, cause: sqlx::Error },
    #[error(
        "--docker-host is {url}, which the engine \"{engine}\" has already; start with another --docker-host, and \
         then forget that engine or give it another address (DELETE or PATCH /api/engines/{{id}})"
    )]
    EngineTaken { url: String, engine: String },
    #[error(
        "{address} cannot be listened on: {cause}; is another program (or this one) already there? Choose another with --listen"
    )]
    Listen {
        address: SocketAddr,
        cause: io::Error,
    },
    #[error("{0}")]
    Secrets(#[from] OpenError),
    #[error("{0}")]
    Signer(SignerError),
    #[error("single sign-on cannot be set up from the environment: {}: {}", .0.field.as_deref().unwrap_or_default(), .0.message)]
    SignOn(AppError),
    #[error("Leptos.toml cannot be read: {0}")]
    Options(String),
    #[error("serving ended: {0}")]
    Serve(io::Error),
}

/// What else helps than another data folder.
fn besides(cause: &io::Error) -> &'static str {
    match cause.kind() {
        io::ErrorKind::ResourceBusy => " or stop that one",
        _ => " or mend its rights",
    }
}

/// The built program: the port is taken, the database open, nothing runs yet.
pub struct Application {
    state: AppState,
    listener: TcpListener,
    router: Router,
    setup_token: Option<PathBuf>,
    /// Two that serve from one folder would write over each other.
    _data_lock: File,
}

impl Application {
    /// Opens what has to be open.
    ///
    /// # Errors
    /// Where the data directory, the database or the port cannot be had.
    pub async fn build(options: &Options) -> Result<Self, StartError> {
        Self::build_by(options, Clock::system()).await
    }

    /// The same by another clock than the machine's.
    ///
    /// # Errors
    /// See [`Application::build`].
    pub async fn build_by(options: &Options, clock: Clock) -> Result<Self, StartError> {
        let provider = options.sign_on.provider().map_err(StartError::SignOn)?;
        // The port first: a second start must not touch the data of the first.
        let leptos = site::leptos_options()?;
        let address = site::address(options, &leptos);
        let listener =
            accept::listen(address).map_err(|cause| StartError::Listen { address, cause })?;
        let unusable = |cause| StartError::DataDir {
            path: options.data_dir.clone(),
            cause,
        };
        let data_dir = DataDir::make(&options.data_dir).map_err(unusable)?;
        let data_lock = data_dir.lock().map_err(unusable)?;
        let path = data_dir.database();
        let failed = |cause| StartError::Database {
            path: path.clone(),
            cause,
        };
        let db = Db::open(&path).await.map_err(failed)?;
        let vault = opening::open(options.secret_key.as_ref(), data_dir.path(), db.read()).await?;
        let url = &options.docker_host;
        let taken = engines::store::ensure_local(&db, url, clock.millis()).await;
        if let Some(engine) = taken.map_err(failed)? {
            let url = url.clone();
            return Err(StartError::EngineTaken { url, engine });
        }
        let engines = engines::store::list(&db).await.map_err(failed)?;
        let log = EventLog::open(&db, clock.clone()).await.map_err(failed)?;
        let signer = Signer::open(&db, &vault, &clock).await;
        let sessions = Sessions::new(
            db.clone(),
            clock.clone(),
            signer.map_err(StartError::Signer)?,
        );
        let second_factors = SecondFactors::new(db.clone(), clock.clone(), vault.clone());
        let gate = Gate::open(
            db.clone(),
            clock.clone(),
            sessions.clone(),
            second_factors.clone(),
            &data_dir.setup_token(),
        )
        .await;
        let gate = gate.map_err(|error| match error {
            GateError::Users(cause) => failed(cause),
            GateError::SetupToken(cause) => unusable(cause),
        })?;
        let sign_on = SignOn::new(
            db.clone(),
            clock.clone(),
            vault.clone(),
            sessions.clone(),
            provider,
        );
        let shutdown = CancellationToken::new();
        let supervisor = Supervisor::new(shutdown.clone(), log.clone());
        let (watched, bus) = (Engines::default(), Bus::default());
        let stale = Stale::open(stale::keeper::Parts {
            db: db.clone(),
            clock: clock.clone(),
            vault: vault.clone(),
            engines: watched.clone(),
            bus: bus.clone(),
            log: log.clone(),
        });
        let state = AppState {
            leptos,
            stale: stale.await.map_err(failed)?,
            db,
            clock,
            engines: watched,
            roster: Roster::default(),
            bus,
            log,
            seats: Seats::default(),
            larders: Larders::default(),
            recent: Recent::default(),
            summaries: Summaries::default(),
            vault,
            gate,
            sessions,
            second_factors,
            sign_on,
            streams: Streams::default(),
            proxies: TrustedProxies::new(&options.trusted_proxies),
            pages: Finishing::new(supervisor.clone()),
            acts: Finishing::new(supervisor.clone()),
            supervisor,
            shutdown,
        };
        let router = super::layers::wrap(pages::add(routes::api(&state.acts), &state), &state);
        let router = router.with_state(state.clone());
        let token_file = data_dir.setup_token();
        let setup_token = token_file.exists().then_some(token_file);
        state.engines.want(engines);
        Ok(Self {
            state,
            listener,
            router,
            setup_token,
            _data_lock: data_lock,
        })
    }

    /// Where it listens; with port 0 asked for, the one that was given.
    ///
    /// # Errors
    /// Where the socket is gone.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Where the setup token is, while there is no admin.
    pub fn setup_token(&self) -> Option<&PathBuf> {
        self.setup_token.as_ref()
    }

    /// Stops the program when cancelled.
    pub fn shutdown(&self) -> CancellationToken {
        self.state.shutdown.clone()
    }

    /// Serves until shutdown, then ends what is open and writes what is pending.
    pub async fn run_until_stopped(self) {
        jobs::start(&self.state);
        let stopped = self.state.shutdown.clone();
        let supervisor = &self.state.supervisor;
        tokio::select! {
            () = accept::serve(self.listener, self.router, supervisor, stopped.clone()) => {}
            // A client that never lets go must not keep us from writing what is pending.
            () = async { stopped.cancelled().await; tokio::time::sleep(GRACE / 2).await } => {}
        }
        self.state.shutdown.cancel();
        if tokio::time::timeout(GRACE / 2, self.state.supervisor.wait())
            .await
            .is_err()
        {
            tracing::warn!("some jobs did not end in time");
        }
        events::job::finish(&jobs::events_parts(&self.state)).await;
        self.state.db.close().await;
    }
}

#[cfg(test)]
#[path = "application_tests.rs"]
mod tests;
