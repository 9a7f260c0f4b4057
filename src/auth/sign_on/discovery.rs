//! What a provider says of itself, and its keys; asked once an hour.

use std::future::ready;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Duration, Utc};
use futures::FutureExt;
use futures::future::{Shared, WeakShared};
use openidconnect::core::{CoreClientAuthMethod, CoreJsonWebKeySet};
use openidconnect::{AuthType, DiscoveryError, IssuerUrl, ProviderMetadataWithLogout};
use reqwest::Url;

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

/// A cheap handle on what was said last. Whoever wants to know while it is asked waits for the same answer,
/// all side by side. The lock is held for a few comparisons, so a std lock is right.
#[derive(Clone, Debug)]
pub struct Discovery {
    clock: Clock,
    http: Arc<Http>,
    known: Arc<Mutex<Known>>,
}

type Said = Result<Arc<About>, Fault>;

type Answer = Pin<Box<dyn Future<Output = Said> + Send>>;

#[derive(Debug, Default)]
struct Known {
    last: Option<Last>,
    asking: Option<Asking>,
}

#[derive(Debug)]
struct Last {
    issuer: String,
    at: DateTime<Utc>,
    about: Said,
}

#[derive(Debug)]
struct Asking {
    issuer: String,
    /// It is moved on by whoever waits for it. When the last of them has gone it is not asked any more, and
    /// this leads nowhere.
    answer: WeakShared<Answer>,
}

impl Known {
    /// What this issuer said, where it is still good.
    fn said(&self, issuer: &str, now: DateTime<Utc>) -> Option<Said> {
        let last = self.last.as_ref().filter(|last| last.issuer == issuer)?;
        let good_for = match &last.about {
            Ok(_) => GOOD_FOR,
            Err(_) => REST,
        };
        (now - last.at < good_for).then(|| last.about.clone())
    }

    /// The answer that others wait for.
    fn coming(&self, issuer: &str) -> Option<Shared<Answer>> {
        let asking = self.asking.as_ref();
        let asking = asking.filter(|asking| asking.issuer == issuer)?;
        asking.answer.upgrade()
    }
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
            known: Arc::default(),
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
        self.answer(provider).await
    }

    /// What is known, or is asked already, or else is asked from now on.
    fn answer(&self, provider: &Provider) -> Shared<Answer> {
        let issuer = &provider.issuer;
        let mut known = self.lock();
        if let Some(said) = known.said(issuer, self.clock.now()) {
            return ready(said).boxed().shared();
        }
        if let Some(coming) = known.coming(issuer) {
            return coming;
        }
        let (this, asked) = (self.clone(), provider.clone());
        let answer = async move { this.ask_and_keep(&asked).await };
        let answer = answer.boxed().shared();
        known.asking = answer.downgrade().map(|answer| Asking {
            issuer: issuer.clone(),
            answer,
        });
        answer
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn ask_and_keep(&self, provider: &Provider) -> Said {
        let asked = self.ask(provider).await;
        let about = asked.map_err(|Unusable { fault, cause }| {
            tracing::warn!(issuer = provider.issuer, %cause, "the sign-on provider cannot be used");
            fault
        });
        let last = Last {
            issuer: provider.issuer.clone(),
            at: self.clock.now(),
            about: about.clone(),
        };
        self.lock().last = Some(last);
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
        let mut known = self.lock();
        let last = known.last.as_mut();
        if let Some(last) = last.filter(|last| last.issuer == provider.issuer) {
            last.about = Ok(renewed.clone());
        }
        drop(known);
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

#[cfg(test)]
mod tests {
    use futures::future::join_all;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;
    use crate::auth::sign_on::provider::tests::provider;

    /// An answer, and not one of a provider.
    const NOTHING: &[u8] =
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}";

    #[tokio::test]
    async fn many_wait_for_one_answer_and_whoever_goes_keeps_nobody_from_it() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let provider = provider(&[
            ("oidc_issuer", issuer.as_str()),
            ("oidc_client_id", "watcher"),
        ]);
        let discovery = Discovery::new(Clock::held_at(DateTime::UNIX_EPOCH));
        let mut first = Box::pin(discovery.about(&provider));
        let asked = async {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = [0; 4096];
            assert!(stream.read(&mut request).await.unwrap() > 0);
            stream
        };
        let mut stream = tokio::select! {
            _ = &mut first => unreachable!("nobody has answered"),
            stream = asked => stream,
        };
        let mut others = Box::pin(join_all((0..20).map(|_| discovery.about(&provider))));
        assert!(futures::poll!(&mut others).is_pending());
        drop(first);
        // Only one connection is answered: whoever asked by another one would learn nothing.
        let answer = async { stream.write_all(NOTHING).await.unwrap() };
        let (said, ()) = tokio::join!(others, answer);
        assert_eq!(said.len(), 20);
        for one in said {
            assert_eq!(one.unwrap_err(), Fault::NoProvider);
        }
        let again = discovery.about(&provider).now_or_never();
        assert_eq!(again.unwrap().unwrap_err(), Fault::NoProvider);
    }
}
