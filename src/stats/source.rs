//! Where readings come from: the engine's API. The control groups' files would be another source.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, timeout};

use super::usage;
use crate::containers::roster::Member;
use crate::docker::connect::{Client, DockerError};
use crate::docker::stats::Reading;
use crate::engines::registry::Engines;

/// How long the host's memory is believed before the engine is asked again.
const HOST_MEMORY_HOLDS: Duration = Duration::from_secs(600);

/// How long readings may be held up by an engine that does not say how much memory its host has.
const HOST_MEMORY_DEADLINE: Duration = Duration::from_secs(2);

/// Why there is no reading.
#[derive(Debug, thiserror::Error)]
pub enum Unread {
    #[error("the container does not run")]
    NotRunning,
    #[error("the engine has no such container")]
    Gone,
    /// It is known to be away, and whoever watches it has said so.
    #[error("the engine does not answer")]
    EngineAway,
    #[error(transparent)]
    Failed(DockerError),
}

/// What can read a container's counters.
pub trait Source: Clone + Send + Sync + 'static {
    /// Reads the counters of one container. Its memory limit is 0 where there is none.
    ///
    /// # Errors
    /// Where there is no reading before the deadline, with the reason.
    fn read(
        &self,
        member: &Member,
        deadline: Duration,
    ) -> impl Future<Output = Result<Reading, Unread>> + Send;
}

/// Readings by the engines' API. Clones share what they know of the hosts.
#[derive(Clone, Default)]
pub struct EngineApi {
    engines: Engines,
    // The outer lock is held for a look-up only; the inner one while a single reader asks for all.
    hosts: Arc<std::sync::Mutex<HashMap<String, Arc<tokio::sync::Mutex<Host>>>>>,
}

/// What an engine says of its host's memory, and when it was asked.
#[derive(Default)]
struct Host {
    memory: Option<u64>,
    asked_at: Option<Instant>,
}

impl EngineApi {
    pub fn new(engines: Engines) -> Self {
        Self {
            engines,
            hosts: Arc::default(),
        }
    }

    /// Bytes of memory of an engine's host; `None` while it does not say.
    async fn host_memory(&self, engine_id: &str, client: &Client) -> Option<u64> {
        let host = {
            let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
            hosts.entry(engine_id.to_owned()).or_default().clone()
        };
        let mut host = host.lock().await;
        if host
            .asked_at
            .is_none_or(|at| at.elapsed() >= HOST_MEMORY_HOLDS)
        {
            match timeout(HOST_MEMORY_DEADLINE, client.info()).await {
                Ok(Ok(info)) => host.memory = info.mem_total.or(host.memory),
                // The last answer goes on to hold; limits are shown as they come without any.
                Ok(Err(error)) => {
                    tracing::debug!(engine_id, %error, "the host's memory is unknown")
                }
                Err(_) => tracing::debug!(engine_id, "the host's memory is not told in time"),
            }
            host.asked_at = Some(Instant::now());
        }
        host.memory
    }
}

impl Source for EngineApi {
    async fn read(&self, member: &Member, deadline: Duration) -> Result<Reading, Unread> {
        let client = self
            .engines
            .client(&member.engine_id)
            .ok_or(Unread::EngineAway)?;
        let (answer, host_memory) = tokio::join!(
            client.read_stats(&member.docker_id, deadline),
            self.host_memory(&member.engine_id, &client),
        );
        match answer {
            Ok(Some(reading)) => {
                let memory_limit = usage::limit(reading.memory_limit, host_memory);
                Ok(Reading {
                    memory_limit,
                    ..reading
                })
            }
            Ok(None) => Err(Unread::NotRunning),
            Err(error) if error.is_not_found() => Err(Unread::Gone),
            Err(error) => Err(Unread::Failed(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use axum::{Json, Router};
    use serde_json::json;

    use super::*;
    use crate::docker::id::DockerId;
    use crate::engines::model::Engine;

    fn member(digit: &str) -> Member {
        Member {
            slot: 1,
            id: "c".into(),
            workload_id: "w".into(),
            engine_id: "e".into(),
            docker_id: DockerId::parse(&digit.repeat(64)).unwrap(),
        }
    }

    /// An engine of 1000 bytes of memory that knows a running container (1…) and a stopped one (2…).
    async fn engine() -> (EngineApi, tempfile::TempDir) {
        let stats = |axum::extract::Path(id): axum::extract::Path<String>| async move {
            let status = axum::http::StatusCode::OK;
            match &id[..1] {
                "1" => (
                    status,
                    Json(json!({"memory_stats": {"usage": 10, "limit": 1000}})),
                ),
                "2" => (status, Json(json!({"read": "0001-01-01T00:00:00Z"}))),
                _ => (
                    axum::http::StatusCode::NOT_FOUND,
                    Json(json!({"message": "No such container: 3"})),
                ),
            }
        };
        let app = Router::new()
            .route("/v1.41/containers/{id}/stats", get(stats))
            .route("/v1.41/info", get(async || Json(json!({"MemTotal": 1000}))))
            .route(
                "/version",
                get(async || Json(json!({"ApiVersion": "1.41"}))),
            );
        let dir = tempfile::tempdir().unwrap();
        let socket = dir.path().join("engine.sock");
        let listener = tokio::net::UnixListener::bind(&socket).unwrap();
        #[expect(
            clippy::disallowed_methods,
            reason = "the fake engine lives as long as its test"
        )]
        tokio::spawn(async move { axum::serve(listener, app).await });
        let url = format!("unix://{}", socket.display());
        let client = Client::connect(&url).await.unwrap();
        let engines = Engines::default();
        let engine = Engine {
            id: "e".into(),
            name: "local".into(),
            url,
            up: true,
            version: None,
            api_version: None,
            cgroup: None,
            trouble: None,
            error: None,
            last_seen: None,
        };
        engines.want(vec![engine.clone()]);
        engines.set(&engine, Some(client));
        (EngineApi::new(engines), dir)
    }

    #[tokio::test]
    async fn a_limit_of_the_whole_host_reads_as_unlimited() {
        let (source, _dir) = engine().await;
        let reading = source
            .read(&member("1"), Duration::from_secs(5))
            .await
            .unwrap();
        assert_eq!(
            (reading.memory_usage, reading.memory_limit),
            (Some(10), Some(0))
        );
    }

    #[tokio::test]
    async fn stopped_gone_and_away_are_three_things() {
        let (source, _dir) = engine().await;
        let deadline = Duration::from_secs(5);
        let stopped = source.read(&member("2"), deadline).await;
        assert!(matches!(stopped, Err(Unread::NotRunning)), "{stopped:?}");
        let gone = source.read(&member("3"), deadline).await;
        assert!(matches!(gone, Err(Unread::Gone)), "{gone:?}");
        let away = EngineApi::default().read(&member("1"), deadline).await;
        assert!(matches!(away, Err(Unread::EngineAway)), "{away:?}");
    }
}
