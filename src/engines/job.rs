//! Keeps the connection to one engine: connects, asks now and then whether it still answers, and
//! comes back with growing pauses when it does not.

use std::time::Duration;

use rand::RngExt;
use tokio_util::sync::CancellationToken;

use super::model::{Engine, Outage};
use super::registry::Engines;
use super::store;
use crate::docker::connect::{Client, DockerError};
use crate::events::log::EventLog;
use crate::events::model::Happening;
use crate::secrets::scrub::scrub;
use crate::server::clock::Clock;
use crate::server::db::Db;

/// How often an engine that is up is asked.
const PING_EVERY: Duration = Duration::from_secs(5);

/// The first pause after a failure; it doubles up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(15);

/// What keeping in touch needs.
#[derive(Clone)]
pub struct Parts {
    pub engines: Engines,
    pub db: Db,
    pub clock: Clock,
    pub log: EventLog,
}

/// Keeps one engine until shutdown.
pub async fn run(mut engine: Engine, parts: Parts, shutdown: CancellationToken) {
    let mut failures = 0;
    loop {
        let error = tokio::select! {
            () = shutdown.cancelled() => return,
            error = stay(&mut engine, &parts, &mut failures) => error,
        };
        // Once an outage, not once a try.
        if failures == 0 {
            tracing::warn!(engine = engine.name, url = engine.url, %error, "the engine does not answer");
        }
        let trouble = outage(&error);
        let explained = explain(&error, trouble, &engine.url);
        // Told once an outage: while it lasts, the log takes no other.
        parts.log.tell(Happening::EngineDown {
            engine_id: engine.id.clone(),
            engine: engine.name.clone(),
            reason: explained.clone(),
        });
        let explained = Some(explained);
        if engine.up || engine.error != explained {
            engine.up = false;
            engine.trouble = Some(trouble);
            engine.error = explained;
            parts.engines.set(&engine, None);
        }
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep(pause(failures)) => {}
        }
        failures += 1;
    }
}

/// Connects and stays; ends with the reason why it could not.
async fn stay(engine: &mut Engine, parts: &Parts, failures: &mut u32) -> DockerError {
    let client = match connect(engine, &parts.clock).await {
        Ok(client) => client,
        Err(error) => return error,
    };
    if let Err(error) = store::save(&parts.db, engine).await {
        tracing::error!(%error, engine = engine.name, "what the engine said of itself was not kept");
    }
    tracing::info!(
        engine = engine.name,
        version = engine.version,
        api_version = engine.api_version,
        "the engine answers"
    );
    *failures = 0;
    parts.log.tell(Happening::EngineUp {
        engine_id: engine.id.clone(),
        engine: engine.name.clone(),
    });
    parts.engines.set(engine, Some(client.clone()));
    loop {
        tokio::time::sleep(PING_EVERY).await;
        if let Err(error) = client.ping().await {
            return error;
        }
        engine.last_seen = Some(parts.clock.now());
        parts.engines.touch(engine);
    }
}

async fn connect(engine: &mut Engine, clock: &Clock) -> Result<Client, DockerError> {
    let client = Client::connect(&engine.url).await?;
    let info = client.info().await?;
    engine.up = true;
    engine.trouble = None;
    engine.error = None;
    engine.version = info.server_version;
    engine.api_version = Some(client.api_version().to_owned());
    engine.cgroup = info.cgroup_version.map(|version| format!("v{version}"));
    engine.last_seen = Some(clock.now());
    Ok(client)
}

/// Which trouble it is, for whoever words it in another language.
fn outage(error: &DockerError) -> Outage {
    match error {
        DockerError::Unreachable(text) if text.contains("Permission denied") => Outage::Forbidden,
        DockerError::Unreachable(text) if text.contains("No such file") => Outage::NoSocket,
        DockerError::Unreachable(text) if text.contains("Connection refused") => Outage::Refused,
        DockerError::Unreachable(_) => Outage::Unreachable,
        DockerError::Deadline(_) => Outage::Hangs,
        DockerError::Refused { .. } | DockerError::Garbage(_) => Outage::NoEngine,
        DockerError::Address(_) => Outage::BadAddress,
    }
}

/// The cause, and what a person can do about it.
fn explain(error: &DockerError, outage: Outage, url: &str) -> String {
    let remedy = match outage {
        Outage::Forbidden => {
            "run this program as root or as a member of the group that owns the socket"
        }
        Outage::NoSocket => "is Docker installed, and is this the path of its socket?",
        Outage::Refused | Outage::Unreachable => "is the Docker daemon running?",
        Outage::Hangs => "the daemon hangs; its log may say why",
        Outage::NoEngine => "is this a Docker engine?",
        Outage::BadAddress => "give the engine such an address",
    };
    // An address can hold a password, and an answer whatever the other side wrote.
    scrub(&format!("{url}: {error}; {remedy}")).into_owned()
}

/// Doubles with each failure, with up to a quarter of chance added, so that many do not knock together.
fn pause(failures: u32) -> Duration {
    let base = FIRST_PAUSE
        .saturating_mul(2_u32.saturating_pow(failures.min(10)))
        .min(LONGEST_PAUSE);
    base.mul_f64(rand::rng().random_range(1.0..1.25))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_stay_bounded() {
        assert!(pause(0) < Duration::from_secs(1));
        for failures in 6..100 {
            assert!(pause(failures) >= LONGEST_PAUSE);
            assert!(pause(failures) <= LONGEST_PAUSE.mul_f64(1.25));
        }
    }

    #[test]
    fn an_error_says_what_to_do() {
        let error = DockerError::Unreachable("x: Permission denied (os error 13)".into());
        let said = explain(&error, outage(&error), "unix:///a");
        assert!(said.contains("group that owns the socket"), "{said}");
        let error = DockerError::Deadline(Duration::from_secs(10));
        assert_eq!(outage(&error), Outage::Hangs);
        let said = explain(&error, outage(&error), "unix:///a");
        assert!(
            said.ends_with("the daemon hangs; its log may say why"),
            "{said}"
        );
    }
}
