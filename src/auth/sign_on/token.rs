//! A code becomes what is proven of a person: the provider's answer counts where its signature, issuer,
//! audience, times and nonce are right, and not before.

use axum::http::header::{ACCEPT, AUTHORIZATION};
use axum::http::{HeaderValue, Request};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Duration, Utc};
use openidconnect::core::{
    CoreClient, CoreIdToken, CoreIdTokenVerifier, CoreJwsSigningAlgorithm, CoreTokenResponse,
};
use openidconnect::{
    AccessToken, AccessTokenHash, AsyncHttpClient, AuthorizationCode, ClaimsVerificationError,
    ClientId, ClientSecret, EndpointMaybeSet, EndpointNotSet, EndpointSet, IssuerUrl, Nonce,
    OAuth2TokenResponse, PkceCodeVerifier, RedirectUrl, RequestTokenError,
    SignatureVerificationError, TokenResponse,
};

use super::claims::{self, Claims};
use super::discovery::{About, Discovery, said};
use super::http::Line;
use super::model::Trouble;
use super::pending::Begun;
use super::provider::Provider;

/// Signatures that only the provider can make. `none` is nobody's, and whoever knows the client secret
/// or takes a public key for one can make an `HS256`.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// How far the provider's clock may be from ours.
const SKEW: Duration = Duration::minutes(10);

/// The longest subject; the standard has 255.
const SUBJECT_MOST: usize = 255;

/// What we are to the provider.
pub type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// A person, proven.
#[derive(Clone, Debug)]
pub struct Proven {
    pub subject: String,
    pub claims: Claims,
}

/// The client that sends people to the provider and fetches what it says of them.
///
/// # Errors
/// [`Trouble::Failed`] where the way back is no address.
pub fn client(provider: &Provider, about: &About, redirect_uri: &str) -> Result<Client, Trouble> {
    let secret = provider.client_secret.as_ref();
    let redirect = RedirectUrl::new(redirect_uri.to_owned()).map_err(|error| {
        tracing::error!(%error, redirect_uri, "this is no address to come back to");
        Trouble::Failed
    })?;
    let client = CoreClient::from_provider_metadata(
        about.metadata.clone(),
        ClientId::new(provider.client_id.clone()),
        secret.map(|secret| ClientSecret::new(secret.text().to_owned())),
    );
    Ok(client
        .set_auth_type(about.auth_type.clone())
        .set_redirect_uri(redirect))
}

/// Everything that turning a code into a person needs.
#[derive(Debug)]
pub struct Exchange<'a> {
    pub discovery: &'a Discovery,
    pub provider: &'a Provider,
    pub about: &'a About,
    pub begun: &'a Begun,
    pub now: DateTime<Utc>,
}

impl Exchange<'_> {
    /// Fetches what the code stands for, and proves it.
    ///
    /// # Errors
    /// [`Trouble::Away`] where the provider does not answer, [`Trouble::Untrusted`] where it refuses
    /// the code or what it says does not hold.
    pub async fn redeem(&self, code: &str) -> Result<Proven, Trouble> {
        let line = self.discovery.line(self.provider);
        let answer = self.fetch(code, &line).await?;
        let id_token = answer
            .id_token()
            .ok_or_else(|| distrust("it sent no ID token"))?;
        let access_token = answer.access_token();
        let subject = match self.prove(self.about, id_token, access_token) {
            Err(ClaimsVerificationError::SignatureVerification(
                SignatureVerificationError::NoMatchingKey,
            )) => {
                // It has changed its keys since we asked.
                let about = self.discovery.renew_keys(self.provider, self.about).await?;
                self.prove(&about, id_token, access_token)
            }
            other => other,
        };
        let subject = subject.map_err(|error| distrust(&said(&error)))?;
        let mut claims = payload(id_token).ok_or_else(|| distrust("the ID token is no object"))?;
        if self.wants_more(&claims) {
            self.add_user_info(&mut claims, &subject, access_token, &line)
                .await?;
        }
        Ok(Proven { subject, claims })
    }

    async fn fetch(&self, code: &str, line: &Line) -> Result<CoreTokenResponse, Trouble> {
        let client = client(self.provider, self.about, &self.begun.redirect_uri)?;
        let request = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|error| distrust(&said(&error)))?;
        let verifier = PkceCodeVerifier::new(self.begun.pkce_verifier.clone());
        let answer = request
            .set_pkce_verifier(verifier)
            .request_async(line)
            .await;
        answer.map_err(|error| match error {
            RequestTokenError::Request(cause) => {
                tracing::warn!(issuer = self.provider.issuer, %cause, "no token came");
                Trouble::Away
            }
            other => distrust(&said(&other)),
        })
    }

    /// The subject of a token that holds.
    fn prove(
        &self,
        about: &About,
        token: &CoreIdToken,
        access_token: &AccessToken,
    ) -> Result<String, ClaimsVerificationError> {
        let now = self.now;
        let issuer = IssuerUrl::new(self.provider.issuer.clone())
            .map_err(|error| ClaimsVerificationError::InvalidIssuer(error.to_string()))?;
        let client_id = ClientId::new(self.provider.client_id.clone());
        let keys = about.metadata.jwks().clone();
        let verifier = CoreIdTokenVerifier::new_public_client(client_id, issuer, keys)
            .set_allowed_algs(ALGORITHMS)
            .set_time_fn(move || now)
            .set_issue_time_verifier_fn(move |issued| match (issued - now).abs() <= SKEW {
                true => Ok(()),
                false => Err(format!("issued at {issued}, and it is {now}")),
            });
        let nonce = Nonce::new(self.begun.nonce.clone());
        let claims = token.claims(&verifier, &nonce)?;
        // The library leaves this one to us.
        if let Some(party) = claims.authorized_party()
            && party.as_str() != self.provider.client_id
        {
            let message = format!("issued to `{}`", party.as_str());
            return Err(ClaimsVerificationError::InvalidAudience(message));
        }
        if let Some(promised) = claims.access_token_hash() {
            let broken = ClaimsVerificationError::SignatureVerification;
            let algorithm = token.signing_alg().map_err(broken)?;
            let key = token.signing_key(&verifier).map_err(broken)?;
            let hash = AccessTokenHash::from_token(access_token, algorithm, key);
            if hash.ok().as_ref() != Some(promised) {
                let message = "the access token is not the one that the ID token names";
                return Err(ClaimsVerificationError::Other(message.into()));
            }
        }
        let subject = claims.subject().as_str();
        if subject.is_empty() || subject.len() > SUBJECT_MOST {
            let message = "it is empty or too long".to_owned();
            return Err(ClaimsVerificationError::InvalidSubject(message));
        }
        Ok(subject.to_owned())
    }

    /// Many providers keep the ID token small and tell the rest when asked.
    fn wants_more(&self, claims: &Claims) -> bool {
        let roles = self.provider.roles.as_ref();
        roles.is_some_and(|roles| !claims::has(claims, &roles.claim))
            || !claims.contains_key("preferred_username")
    }

    /// Adds what the user info endpoint says, where there is one; the ID token has the last word.
    async fn add_user_info(
        &self,
        claims: &mut Claims,
        subject: &str,
        access_token: &AccessToken,
        line: &Line,
    ) -> Result<(), Trouble> {
        let Some(endpoint) = self.about.metadata.userinfo_endpoint() else {
            return Ok(());
        };
        let away = |cause: &dyn std::error::Error| {
            tracing::warn!(
                issuer = self.provider.issuer,
                cause = said(cause),
                "no user info came"
            );
            Trouble::Away
        };
        let bearer = format!("Bearer {}", access_token.secret());
        let mut bearer = HeaderValue::from_str(&bearer).map_err(|error| away(&error))?;
        bearer.set_sensitive(true);
        let request = Request::get(endpoint.url().as_str())
            .header(AUTHORIZATION, bearer)
            .header(ACCEPT, "application/json")
            .body(Vec::new())
            .map_err(|error| away(&error))?;
        let answer = line.call(request).await.map_err(|error| away(&error))?;
        if !answer.status().is_success() {
            tracing::warn!(issuer = self.provider.issuer, status = %answer.status(), "no user info came");
            return Err(Trouble::Away);
        }
        let more: Claims =
            serde_json::from_slice(answer.body()).map_err(|error| distrust(&said(&error)))?;
        if more.get("sub").and_then(serde_json::Value::as_str) != Some(subject) {
            return Err(distrust("the user info is somebody else's"));
        }
        for (name, value) in more {
            claims.entry(name).or_insert(value);
        }
        Ok(())
    }
}

fn distrust(cause: &str) -> Trouble {
    tracing::warn!(cause, "what the sign-on provider said does not hold");
    Trouble::Untrusted
}

/// All claims of a token that was proven; the library knows only those of the standard.
fn payload(token: &CoreIdToken) -> Option<Claims> {
    let text = token.to_string();
    let bytes = URL_SAFE_NO_PAD.decode(text.split('.').nth(1)?).ok()?;
    serde_json::from_slice(&bytes).ok()
}
