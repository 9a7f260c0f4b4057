//! Bytes to an engine and back, over its socket or TCP. One pool of connections serves both our own
//! tolerant reads and bollard.

use std::path::PathBuf;
use std::pin::Pin;

use bytes::Bytes;
use futures::Stream;
use http_body_util::{Either, Full, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::{Request, Response, Uri};
use hyper_util::client::legacy::Client as HttpClient;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use hyperlocal::UnixConnector;

use super::connect::DockerError;

/// What bollard sends, so that one client can carry its requests and ours.
pub type Body = Either<
    Full<Bytes>,
    StreamBody<Pin<Box<dyn Stream<Item = Result<Frame<Bytes>, std::io::Error>> + Send>>>,
>;

/// The way to one engine. Clones share their connections.
#[derive(Clone)]
pub enum Transport {
    Unix {
        client: HttpClient<UnixConnector, Body>,
        socket: PathBuf,
    },
    Tcp {
        client: HttpClient<HttpConnector, Body>,
        authority: String,
    },
}

impl Transport {
    /// Reads `unix:///path` or `tcp://host:port` (`http://` is the same).
    ///
    /// # Errors
    /// For any other scheme, with what would be accepted.
    pub fn parse(url: &str) -> Result<Self, DockerError> {
        let builder = HttpClient::builder(TokioExecutor::new());
        match url.split_once("://") {
            Some(("unix", path)) if !path.is_empty() => Ok(Self::Unix {
                client: builder.build(UnixConnector),
                socket: path.into(),
            }),
            Some(("tcp" | "http", authority)) if !authority.is_empty() => Ok(Self::Tcp {
                client: builder.build(HttpConnector::new()),
                authority: authority.trim_end_matches('/').to_owned(),
            }),
            _ => Err(DockerError::Address(url.to_owned())),
        }
    }

    /// Sends one request; only its path and query are used, the address is this transport's own.
    ///
    /// # Errors
    /// Where the engine cannot be reached or does not speak HTTP. There is no deadline here.
    pub async fn send(
        &self,
        mut request: Request<Body>,
    ) -> Result<Response<Incoming>, DockerError> {
        let path = request
            .uri()
            .path_and_query()
            .map_or("/", |path| path.as_str())
            .to_owned();
        match self {
            Self::Unix { client, socket } => {
                *request.uri_mut() = hyperlocal::Uri::new(socket, &path).into();
                client
                    .request(request)
                    .await
                    .map_err(DockerError::unreachable)
            }
            Self::Tcp { client, authority } => {
                *request.uri_mut() = format!("http://{authority}{path}")
                    .parse::<Uri>()
                    .map_err(|_| DockerError::Address(authority.clone()))?;
                client
                    .request(request)
                    .await
                    .map_err(DockerError::unreachable)
            }
        }
    }
}
