//! What a provider says of itself, and its keys; asked once an hour.

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use openidconnect::core::{CoreClientAuthMethod, CoreJsonWebKeySet};
use openidconnect::{AuthType, DiscoveryError, IssuerUrl, ProviderMetadataWithLogout};
use reqwest::Url;
use tokio::sync::Mutex;

use super::http::{Http, HttpError, Line};
use super::model::Fault;
use super::provider::Provider;
use crate::server::clock::Clock;

/// How long what it said is good for.
const GOOD_FOR: Duration = Duration::hours(1);

/// How long a provider that did not answer is left alone: signing in is open to anybody, and we are
/// not to be what knocks a weak provider over.
const REST: Duration = Duration::seconds(5);

/// What a provider says of itself.
#[derive(Clone, Debug)]
pub struct About {
    pub metadata: ProviderMetadataWithLogout,
    /// Where a browser signs out there, if it can.
    pub end: Option<Url>,
    /// How we show the token endpoint who we are.
    pub auth_type: AuthType,
}

/// A cheap handle on what was said last. One at a time asks; the others wait for the same answer.
#[derive(Clone, Debug)]
pub struct Discovery {
    clock: Clock,
    http: Arc<Http>,
    last: Arc<Mutex<Option<Last>>>,
}

#[derive(Debug)]
struct Last {
    issuer: String,
    at: DateTime<Utc>,
    about: Result<Arc<About>, Fault>,
}

/// Why it cannot be used: in a word, and in all words for the log.
struct Unusable {
    fault: Fault,
    cause: String,
}

impl Unusable {
    fn new(fault: Fault, cause: impl Into<String>) -> Self {
        let cause = cause.into();
        Self { fault, cause }
    }
}

impl From<DiscoveryError<HttpError>> for Unusable {
    fn from(error: DiscoveryError<HttpError>) -> Self {
        let fault = match &error {
            DiscoveryError::Request(HttpError::Transport(_) | HttpError::Client(_)) => {
                Fault::Unreachable
            }
            DiscoveryError::Request(HttpError::Place(_)) => Fault::Unfit,
            DiscoveryError::Validation(_) => Fault::OtherName,
            _ => Fault::NoProvider,
        };
        Self::new(fault, said(&error))
    }
}

impl Discovery {
    pub fn new(clock: Clock) -> Self {
        Self {
            clock,
            http: Arc::new(Http::new()),
            last: Arc::default(),
        }
    }

    /// The guarded way to a provider.
    pub fn line(&self, provider: &Provider) -> Line {
        Line::new(self.http.clone(), provider.is_on_this_machine())
    }

    /// What it says of itself.
    ///
    /// # Errors
    /// Why it cannot be used, where it does not answer, or not as itself.
    pub async fn about(&self, provider: &Provider) -> Result<Arc<About>, Fault> {
        let mut last = self.last.lock().await;
        let now = self.clock.now();
        if let Some(last) = last.as_ref().filter(|last| last.issuer == provider.issuer) {
            let age = now - last.at;
            match &last.about {
                Ok(about) if age < GOOD_FOR => return Ok(about.clone()),
                Err(fault) if age < REST => return Err(*fault),
                _ => {}
            }
        }
        let asked = self.ask(provider).await;
        let about = asked.map_err(|Unusable { fault, cause }| {
            tracing::warn!(issuer = provider.issuer, %cause, "the sign-on provider cannot be used");
            fault
        });
        *last = Some(Last {
            issuer: provider.issuer.clone(),
            at: self.clock.now(),
            about: about.clone(),
        });
        about
    }

    async fn ask(&self, provider: &Provider) -> Result<Arc<About>, Unusable> {
        let line = self.line(provider);
        let unfit = |cause: String| Unusable::new(Fault::Unfit, cause);
        let issuer = IssuerUrl::new(provider.issuer.clone());
        let issuer = issuer.map_err(|error| unfit(error.to_string()))?;
        let metadata = ProviderMetadataWithLogout::discover_async(issuer, &line).await?;
        let end = &metadata.additional_metadata().end_session_endpoint;
        let end = end.as_ref().map(|end| end.url().clone());
        let mut places = vec![metadata.authorization_endpoint().url().clone()];
        let token = metadata
            .token_endpoint()
            .ok_or_else(|| unfit("it has no token endpoint".into()))?;
        places.push(token.url().clone());
        places.extend(end.clone());
        for place in &places {
            line.check(place)
                .map_err(|error| unfit(error.to_string()))?;
        }
        let methods = metadata.token_endpoint_auth_methods_supported();
        let takes = |method| methods.is_some_and(|methods| methods.contains(&method));
        let by_post = takes(CoreClientAuthMethod::ClientSecretPost)
            && !takes(CoreClientAuthMethod::ClientSecretBasic);
        Ok(Arc::new(About {
            end,
            auth_type: match by_post {
                true => AuthType::RequestBody,
                false => AuthType::BasicAuth,
            },
            metadata,
        }))
    }

    /// Asks for the keys again, since a token names one that is not among them.
    ///
    /// # Errors
    /// Why not, where the provider does not answer.
    pub async fn renew_keys(
        &self,
        provider: &Provider,
        about: &About,
    ) -> Result<Arc<About>, Fault> {
        let line = self.line(provider);
        let keys = CoreJsonWebKeySet::fetch_async(about.metadata.jwks_uri(), &line).await;
        let keys = keys.map_err(|error| {
            let unusable = Unusable::from(error);
            tracing::warn!(issuer = provider.issuer, cause = unusable.cause, "no keys");
            unusable.fault
        })?;
        let renewed = Arc::new(About {
            metadata: about.metadata.clone().set_jwks(keys),
            ..about.clone()
        });
        let mut last = self.last.lock().await;
        if let Some(last) = last.as_mut().filter(|last| last.issuer == provider.issuer) {
            last.about = Ok(renewed.clone());
        }
        Ok(renewed)
    }
}

/// An error with its causes, in one line.
pub fn said(error: &dyn std::error::Error) -> String {
    let mut said = error.to_string();
    let mut cause = error.source();
    while let Some(one) = cause {
        said = format!("{said}: {one}");
        cause = one.source();
    }
    said
}
