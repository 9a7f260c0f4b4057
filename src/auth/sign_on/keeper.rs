//! A sign-on from its beginning to a session: to the provider, back with a code, and in.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use openidconnect::core::CoreAuthenticationFlow;
use openidconnect::{CsrfToken, Nonce, PkceCodeChallenge, Scope};
use reqwest::Url;

use super::claims;
use super::discovery::{About, Discovery};
use super::model::{Fault, SignOnState, Trouble};
use super::pending::{Begun, Pending};
use super::people::{self, Person};
use super::provider::{CALLBACK, END, Provider};
use super::token::{self, Exchange};
use crate::auth::credential::{Caller, Credential, TokenHash};
use crate::auth::model::{Oidc, SignedIn};
use crate::auth::sessions::keeper::Sessions;
use crate::auth::store::any_user;
use crate::error::AppError;
use crate::secrets::vault::Vault;
use crate::server::clock::Clock;
use crate::server::db::Db;
use crate::settings::store;

/// How long the page of the settings waits for a provider, which may be slow to somebody who signs in.
const GLANCE: Duration = Duration::from_secs(4);

/// A cheap handle on single sign-on.
#[derive(Clone, Debug)]
pub struct SignOn {
    db: Db,
    clock: Clock,
    vault: Vault,
    sessions: Sessions,
    /// The provider of the environment; it wins over the settings.
    fixed: Option<Arc<Provider>>,
    discovery: Discovery,
    pending: Pending,
}

/// What the browser brings back from the provider.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct Brought {
    pub code: Option<String>,
    pub state: Option<String>,
    pub error: Option<String>,
    pub iss: Option<String>,
}

/// Why it led to nothing, and where the browser wanted to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub trouble: Trouble,
    pub next: Option<String>,
}

/// The cause is in the log already, and is nobody's business on the page.
impl From<AppError> for Trouble {
    fn from(_: AppError) -> Self {
        Self::Failed
    }
}

impl SignOn {
    pub fn new(
        db: Db,
        clock: Clock,
        vault: Vault,
        sessions: Sessions,
        fixed: Option<Provider>,
    ) -> Self {
        Self {
            db,
            discovery: Discovery::new(clock.clone()),
            clock,
            vault,
            sessions,
            fixed: fixed.map(Arc::new),
            pending: Pending::default(),
        }
    }

    /// The provider, as much of it as may be shown.
    async fn provider(&self) -> Result<Option<Provider>, AppError> {
        match &self.fixed {
            Some(fixed) => Ok(Some(Provider::clone(fixed))),
            None => Provider::of_settings(&self.db).await,
        }
    }

    /// The provider, for signing in: an installation begins with an admin of its own.
    async fn usable(&self) -> Result<Provider, Trouble> {
        if !any_user(&self.db).await.map_err(AppError::from)? {
            return Err(Trouble::Off);
        }
        let provider = self.provider().await?.ok_or(Trouble::Off)?;
        match self.fixed {
            Some(_) => Ok(provider),
            None => Ok(provider.with_secret(&self.db, &self.vault).await?),
        }
    }

    /// The provider as the sign-in page shows it.
    ///
    /// # Errors
    /// `internal` where the database does not answer, here and below.
    pub async fn shown(&self) -> Result<Option<Oidc>, AppError> {
        Ok(self.provider().await?.map(|provider| provider.shown()))
    }

    /// How it is set up, and whether the provider can be used; `base` is where people reach us.
    ///
    /// # Errors
    /// See [`SignOn::shown`].
    pub async fn state(&self, base: Option<&str>) -> Result<SignOnState, AppError> {
        let mut state = match &self.fixed {
            Some(fixed) => fixed.described(),
            None => store::read(self.db.read()).await?.into(),
        };
        state.redirect_uri = base.map(|base| format!("{base}{CALLBACK}"));
        state.post_logout_redirect_uri = base.map(|base| format!("{base}/login"));
        if let Some(provider) = self.provider().await? {
            let asked = tokio::time::timeout(GLANCE, self.discovery.about(&provider)).await;
            state.fault = asked.map_or(Some(Fault::Unreachable), Result::err);
        }
        Ok(state)
    }

    /// Where to send the browser `browser` at `address` that wants to sign in and then go to `next`;
    /// `base` is where it reaches us.
    ///
    /// # Errors
    /// Why nobody can sign in so now.
    pub async fn begin(
        &self,
        base: &str,
        next: String,
        browser: &str,
        address: Option<IpAddr>,
    ) -> Result<Url, Trouble> {
        let provider = self.usable().await?;
        let about = self.discovery.about(&provider).await?;
        let redirect_uri = format!("{base}{CALLBACK}");
        let client = token::client(&provider, &about, &redirect_uri)?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let scopes = scopes(&provider, &about).into_iter().map(Scope::new);
        let (url, state, nonce) = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                CsrfToken::new_random,
                Nonce::new_random,
            )
            .add_scopes(scopes)
            .set_pkce_challenge(challenge)
            .url();
        let begun = Begun {
            issuer: provider.issuer.clone(),
            client_id: provider.client_id.clone(),
            nonce: nonce.secret().clone(),
            pkce_verifier: verifier.into_secret(),
            redirect_uri,
            next,
            browser: TokenHash::of(browser),
        };
        let now = self.clock.now();
        self.pending.add(now, address, state.into_secret(), begun);
        Ok(url)
    }

    /// Opens a session for whom the provider vouches, and says where the browser goes. A session that
    /// the browser had before ends, whoever's it was.
    ///
    /// # Errors
    /// Why not.
    pub async fn finish(
        &self,
        brought: &Brought,
        browser: Option<&str>,
        caller: &Caller,
    ) -> Result<(SignedIn, String), Failure> {
        let stale = Failure {
            trouble: Trouble::Stale,
            next: None,
        };
        let (Some(state), Some(browser)) = (&brought.state, browser) else {
            return Err(stale);
        };
        let browser = TokenHash::of(browser);
        let begun = self.pending.take(self.clock.now(), state, browser);
        let begun = begun.ok_or(stale)?;
        match self.enter(brought, &begun, caller).await {
            Ok(signed_in) => Ok((signed_in, begun.next)),
            Err(trouble) => Err(Failure {
                trouble,
                next: Some(begun.next),
            }),
        }
    }

    async fn enter(
        &self,
        brought: &Brought,
        begun: &Begun,
        caller: &Caller,
    ) -> Result<SignedIn, Trouble> {
        // An answer of another provider is not for this question.
        if brought.iss.as_ref().is_some_and(|iss| *iss != begun.issuer) {
            return Err(Trouble::Untrusted);
        }
        match brought.error.as_deref() {
            None => {}
            Some("server_error" | "temporarily_unavailable") => return Err(Trouble::Away),
            Some(_) => return Err(Trouble::Cancelled),
        }
        let provider = self.usable().await?;
        if provider.issuer != begun.issuer || provider.client_id != begun.client_id {
            return Err(Trouble::Stale);
        }
        let code = brought.code.as_deref().ok_or(Trouble::Untrusted)?;
        let about = self.discovery.about(&provider).await?;
        let exchange = Exchange {
            discovery: &self.discovery,
            provider: &provider,
            about: &about,
            begun,
            now: self.clock.now(),
        };
        let proven = exchange.redeem(code).await?;
        let issuer = &provider.issuer;
        let role = match &provider.roles {
            None => None,
            Some(roles) => match claims::role(&proven.claims, roles) {
                Some(role) => Some(role),
                None => {
                    people::turn_away(&self.db, &self.clock, issuer, &proven.subject).await?;
                    return Err(Trouble::Refused);
                }
            },
        };
        let person = Person {
            issuer,
            subject: &proven.subject,
            name: &claims::username(&proven.claims),
            role,
        };
        let user = people::admit(&self.db, &self.clock, &person).await?;
        if let Some(Credential::Session(old)) = &caller.credential {
            self.sessions.forget(old).await?;
        }
        let opened = self.sessions.open_signed_on(user, &caller.visit, issuer);
        Ok(opened.await?)
    }

    /// Where a browser whose session this is goes on to, to sign out at the provider as well; `None`
    /// where the provider did not open it.
    ///
    /// # Errors
    /// See [`SignOn::shown`].
    pub async fn way_out(&self, caller: &Caller) -> Result<Option<&'static str>, AppError> {
        let Some(Credential::Session(id)) = &caller.credential else {
            return Ok(None);
        };
        let Some(issuer) = self.sessions.signed_on(id).await? else {
            return Ok(None);
        };
        let provider = self.provider().await?;
        let is_same = provider.is_some_and(|provider| provider.issuer == issuer);
        Ok(is_same.then_some(END))
    }

    /// The provider, and where a browser signs out there; `None` where there is no such place.
    pub async fn end(&self, base: &str) -> Option<(Oidc, Url)> {
        let provider = self.provider().await.ok()??;
        let about = self.discovery.about(&provider).await.ok()?;
        let mut url = about.end.clone()?;
        url.query_pairs_mut()
            .append_pair("client_id", &provider.client_id)
            .append_pair("post_logout_redirect_uri", &format!("{base}/login"));
        Some((provider.shown(), url))
    }
}

/// What we want to know: name and address, and where the provider has a scope that is called as the
/// role's claim is, that one.
fn scopes(provider: &Provider, about: &About) -> Vec<String> {
    let mut wanted = vec!["profile".to_owned(), "email".to_owned()];
    let offered = about.metadata.scopes_supported();
    wanted.extend(provider.roles.iter().filter_map(|roles| {
        let is_offered = offered?.iter().any(|scope| **scope == roles.claim);
        is_offered.then(|| roles.claim.clone())
    }));
    wanted
}
