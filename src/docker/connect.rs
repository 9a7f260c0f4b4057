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

    /// What bollard says in its own words: its deadline is ours, and what went wrong below it is an error of
    /// ours already, wrapped.
    pub(super) fn of_bollard(error: bollard::errors::Error) -> Self {
        use bollard::errors::Error;
        match error {
            Error::RequestTimeoutError => Self::Deadline(DEADLINE),
            Error::IOError { err } => err.downcast::<Self>().unwrap_or_else(Self::unreachable),
            other => Self::unreachable(other),
        }
    }

    /// The engine is there and has no such thing. Only its own words say so: what stands in front of it
    /// answers 404, too, to whatever it does not know.
    pub fn is_not_found(&self) -> bool {
        let Self::Refused {
            status: 404,
            message,
        } = self
        else {
            return false;
        };
        let message = message.to_ascii_lowercase();
        let things = ["no such container", "no such volume"];
        things.iter().any(|thing| message.contains(thing))
    }

    /// Nobody knows whether what was asked for was done, or is yet to be.
    pub fn is_open(&self) -> bool {
        match self {
            Self::Deadline(_) | Self::Unreachable(_) => true,
            // What stands in front of the engine did not hear from it.
            Self::Refused {
                status: 502..=504, ..
            } => true,
            Self::Refused { message, .. } => message.contains("already in progress"),
            Self::Address(_) | Self::Garbage(_) => false,
        }
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
            .map_err(DockerError::of_bollard)?;
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

    /// What the engine calls itself, which another behind the same address does not; `None` where it does not
    /// say.
    ///
    /// # Errors
    /// Where it does not answer in time.
    pub async fn identity(&self) -> Result<Option<String>, DockerError> {
        let info: Value = self.get_json("/info", DEADLINE).await?;
        let id = info["ID"].as_str().filter(|id| !id.is_empty());
        Ok(id.map(str::to_owned))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(status: u16, message: &str) -> DockerError {
        DockerError::Refused {
            status,
            message: message.to_owned(),
        }
    }

    #[test]
    fn only_the_engine_itself_says_that_there_is_no_such_thing() {
        assert!(refused(404, "No such container: 0a0a").is_not_found());
        assert!(refused(404, "get data: no such volume").is_not_found());
        for message in ["page not found", "404 page not found", "", "no such host"] {
            assert!(!refused(404, message).is_not_found(), "{message}");
        }
        assert!(!refused(500, "No such container: 0a0a").is_not_found());
    }

    #[test]
    fn what_may_still_be_done_is_open() {
        let busy = "removal of container 0a0a is already in progress";
        for error in [
            DockerError::Deadline(DEADLINE),
            DockerError::Unreachable("cut".to_owned()),
            refused(504, "gateway timeout"),
            refused(409, busy),
        ] {
            assert!(error.is_open(), "{error}");
        }
        assert!(!refused(409, "it runs").is_open());
        assert!(!refused(500, "driver failed").is_open());
    }
}
