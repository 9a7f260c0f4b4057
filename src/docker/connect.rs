//! A client of one engine: negotiated once, then used by many.

use std::time::Duration;

use bollard::{BollardRequest, Docker};
use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::{Method, Request, Response};
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::time::timeout;

use super::transport::{Body, Transport};

/// How long the engine may take for an ordinary answer.
pub const DEADLINE: Duration = Duration::from_secs(10);

/// The largest answer that is read: the list of 10,000 containers with many labels fits.
const MAX_ANSWER: usize = 256 * 1024 * 1024;

/// Why the engine did not give what was asked for.
#[derive(Debug, thiserror::Error)]
pub enum DockerError {
    #[error("'{0}' is no address of an engine; use unix:///path/to/docker.sock or tcp://host:port")]
    Address(String),
    #[error("the engine cannot be reached: {0}")]
    Unreachable(String),
    #[error("the engine did not answer within {} s", .0.as_secs())]
    Deadline(Duration),
    #[error("the engine answered {status}: {message}")]
    Refused { status: u16, message: String },
    #[error("the engine's answer makes no sense: {0}")]
    Garbage(String),
}

impl DockerError {
    /// Keeps the whole chain of causes: the outermost alone only says that something failed.
    pub fn unreachable(error: impl std::error::Error) -> Self {
        let mut text = error.to_string();
        let mut cause = error.source();
        while let Some(next) = cause {
            text = format!("{text}: {next}");
            cause = next.source();
        }
        Self::Unreachable(text)
    }

    /// The engine is there and has no such thing.
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Refused { status: 404, .. })
    }
}

/// A client of one engine. Clones share their connections.
#[derive(Clone)]
pub struct Client {
    transport: Transport,
    docker: Docker,
    /// `/v1.41`: both sides speak it.
    prefix: String,
}

impl Client {
    /// Connects to `url` and agrees on a version of the API.
    ///
    /// # Errors
    /// Where nothing answers there in time, or something that is no Docker engine.
    pub async fn connect(url: &str) -> Result<Self, DockerError> {
        let transport = Transport::parse(url)?;
        let carrier = transport.clone();
        let send = move |request: BollardRequest| {
            let carrier = carrier.clone();
            async move {
                carrier
                    .send(request)
                    .await
                    .map_err(|error| std::io::Error::other(error).into())
            }
        };
        let docker = Docker::connect_with_custom_transport(
            send,
            Some("http://engine"),
            DEADLINE.as_secs(),
            bollard::API_DEFAULT_VERSION,
        )
        .map_err(DockerError::unreachable)?;
        let docker = timeout(DEADLINE, docker.negotiate_version())
            .await
            .map_err(|_| DockerError::Deadline(DEADLINE))?
            .map_err(DockerError::unreachable)?;
        let version = docker.client_version();
        let prefix = format!("/v{}.{}", version.major_version, version.minor_version);
        Ok(Self {
            transport,
            docker,
            prefix,
        })
    }

    /// bollard's client over the same connections, for what it reads tolerantly enough.
    pub fn bollard(&self) -> &Docker {
        &self.docker
    }

    /// The API version in use, such as `1.41`.
    pub fn api_version(&self) -> &str {
        self.prefix.trim_start_matches("/v")
    }

    /// Reads one JSON answer; `path` starts with a slash, has no version and holds only validated ids.
    ///
    /// # Errors
    /// Where no whole, sensible answer is there before the deadline.
    pub async fn get_json<T: DeserializeOwned>(
        &self,
        path: &str,
        deadline: Duration,
    ) -> Result<T, DockerError> {
        let read = async {
            let body = self.get(path).await?.into_body();
            let bytes = Limited::new(body, MAX_ANSWER)
                .collect()
                .await
                .map_err(|error| DockerError::Unreachable(error.to_string()))?
                .to_bytes();
            serde_json::from_slice(&bytes).map_err(|error| DockerError::Garbage(error.to_string()))
        };
        timeout(deadline, read)
            .await
            .map_err(|_| DockerError::Deadline(deadline))?
    }

    /// Opens an answer that goes on; the deadline is for its headers only.
    ///
    /// # Errors
    /// Where the headers are not there in time or say that the engine refuses.
    pub async fn get_stream(
        &self,
        path: &str,
        deadline: Duration,
    ) -> Result<Incoming, DockerError> {
        let response = timeout(deadline, self.get(path))
            .await
            .map_err(|_| DockerError::Deadline(deadline))??;
        Ok(response.into_body())
    }

    async fn get(&self, path: &str) -> Result<Response<Incoming>, DockerError> {
        self.ask(Method::GET, path, None).await
    }

    /// Asks for something to be done; `path` as in [`Client::get_json`]. Where the deadline passes, nobody
    /// knows whether it was.
    ///
    /// # Errors
    /// Where the engine refuses, or its answer is not there before the deadline.
    pub(super) async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        deadline: Duration,
    ) -> Result<(), DockerError> {
        let done = async {
            let answer = self.ask(method, path, body).await?.into_body();
            // Read to its end, so that the connection can be used again; what it says is not believed.
            let _ = Limited::new(answer, 64 * 1024).collect().await;
            Ok(())
        };
        timeout(deadline, done)
            .await
            .map_err(|_| DockerError::Deadline(deadline))?
    }

    async fn ask(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Response<Incoming>, DockerError> {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.prefix))
            .header("host", "engine");
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        let body = body.map(Value::to_string).unwrap_or_default();
        let request = request
            .body(Body::Left(Full::new(Bytes::from(body))))
            .map_err(|_| DockerError::Address(path.to_owned()))?;
        let response = self.transport.send(request).await?;
        if response.status().is_success() {
            return Ok(response);
        }
        let status = response.status().as_u16();
        let body = Limited::new(response.into_body(), 64 * 1024)
            .collect()
            .await;
        let bytes = body
            .map(http_body_util::Collected::to_bytes)
            .unwrap_or_default();
        Err(DockerError::Refused {
            status,
            message: read_message(&bytes),
        })
    }
}

/// The engine wraps its refusals as `{"message": "…"}`, mostly.
pub(super) fn read_message(body: &[u8]) -> String {
    #[derive(serde::Deserialize)]
    struct Refusal {
        message: String,
    }
    serde_json::from_slice::<Refusal>(body).map_or_else(
        |_| String::from_utf8_lossy(body).trim().to_owned(),
        |refusal| refusal.message,
    )
}
