//! What we ask a provider, guarded: where it may go, how long it takes and how much may come back.

use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::body::Bytes;
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};
use reqwest::redirect::Policy;
use reqwest::{Client, Url};

use crate::settings::sign_on::is_on_this_machine;

/// How long a connection may take, and how long everything may.
const CONNECT: Duration = Duration::from_secs(5);
const WHOLE: Duration = Duration::from_secs(10);

/// The most bytes of an answer; key sets with certificates have tens of thousands.
const MOST: usize = 512 * 1024;

/// Why a provider was not asked, or did not answer.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    #[error("{0} is neither https nor on this machine")]
    Place(String),
    #[error("the answer is larger than {MOST} bytes")]
    TooLarge,
    #[error("there is no client: {0}")]
    Client(String),
    #[error("{}", with_causes(.0))]
    Transport(#[from] reqwest::Error),
    #[error("the answer makes no sense: {0}")]
    Answer(#[from] axum::http::Error),
}

/// What a library says first is "error sending request"; the reason stands below it.
fn with_causes(error: &reqwest::Error) -> String {
    let mut said = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(one) = cause {
        said.push_str(": ");
        said.push_str(&one.to_string());
        cause = one.source();
    }
    said
}

/// The client. It follows no redirect and uses no proxy of the environment: what a provider says comes
/// from the address that was asked.
#[derive(Debug)]
pub struct Http {
    client: OnceLock<Client>,
}

impl Http {
    pub const fn new() -> Self {
        Self {
            client: OnceLock::new(),
        }
    }

    /// Made when it is first wanted: a machine without root certificates can do without one.
    fn client(&self) -> Result<&Client, HttpError> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        // It fails where one is installed already, which is as good.
        drop(rustls::crypto::ring::default_provider().install_default());
        let client = Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .connect_timeout(CONNECT)
            .timeout(WHOLE)
            .user_agent(concat!("docker-watcher/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| HttpError::Client(with_causes(&error)))?;
        Ok(self.client.get_or_init(|| client))
    }
}

/// The way to one provider.
#[derive(Clone, Debug)]
pub struct Line {
    http: Arc<Http>,
    plain: bool,
}

impl Line {
    /// `plain` allows HTTP without TLS to this machine.
    pub fn new(http: Arc<Http>, plain: bool) -> Self {
        Self { http, plain }
    }

    /// Whether this may be asked, or a browser be sent there.
    ///
    /// # Errors
    /// Where it is neither https nor, for a provider on this machine, on it.
    pub fn check(&self, url: &Url) -> Result<(), HttpError> {
        match url.scheme() {
            "https" => Ok(()),
            "http" if self.plain && is_on_this_machine(url.as_str()) => Ok(()),
            _ => Err(HttpError::Place(url.origin().ascii_serialization())),
        }
    }

    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let request = reqwest::Request::try_from(request)?;
        self.check(request.url())?;
        let mut response = self.http.client()?.execute(request).await?;
        let mut answer = axum::http::Response::builder().status(response.status());
        if let Some(headers) = answer.headers_mut() {
            headers.clone_from(response.headers());
        }
        if response
            .content_length()
            .is_some_and(|length| length > MOST as u64)
        {
            return Err(HttpError::TooLarge);
        }
        let mut body: Vec<u8> = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            let chunk: Bytes = chunk;
            if body.len() + chunk.len() > MOST {
                return Err(HttpError::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(answer.body(body)?)
    }
}

impl<'c> AsyncHttpClient<'c> for Line {
    type Error = HttpError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, HttpError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_goes_to_this_machine_alone_and_only_for_a_provider_there() {
        let http = Arc::new(Http::new());
        let may = |plain: bool, url: &str| {
            let line = Line::new(http.clone(), plain);
            line.check(&url.parse().unwrap()).is_ok()
        };
        assert!(may(false, "https://id.example.org/token"));
        assert!(may(true, "http://127.0.0.1:4000/token"));
        for (plain, url) in [
            (false, "http://127.0.0.1:4000/token"),
            (true, "http://id.example.org/token"),
            (true, "http://169.254.169.254/latest"),
            (true, "file:///etc/passwd"),
        ] {
            assert!(!may(plain, url), "{url}");
        }
    }
}
