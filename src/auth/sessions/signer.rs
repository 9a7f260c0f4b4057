//! The signed tokens that name a session. A token alone opens nothing: the row that it names must be
//! there, so that a session can be taken back.

use std::sync::Arc;

use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header,
};
use serde::{Deserialize, Serialize};

use super::store;
use crate::error::AppError;
use crate::secrets::vault::{Place, Vault, VaultError};
use crate::server::clock::Clock;
use crate::server::db::{Db, new_id};

const ISSUER: &str = "docker-watcher";

/// Why the keys cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum SignerError {
    #[error("the signing keys cannot be read: {0}")]
    Database(#[from] sqlx::Error),
    #[error("a signing key does not open: {0}")]
    Sealed(#[from] VaultError),
}

/// What a token says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    iss: String,
    /// The user's id.
    pub sub: String,
    /// The session's id.
    pub sid: String,
    /// Unix seconds.
    pub iat: i64,
    /// Unix seconds; the session's row has the last word.
    pub exp: i64,
}

impl Claims {
    pub fn new(user_id: &str, session_id: &str, issued_at: i64, expires_at: i64) -> Self {
        Self {
            iss: ISSUER.into(),
            sub: user_id.into(),
            sid: session_id.into(),
            iat: issued_at,
            exp: expires_at,
        }
    }
}

/// A cheap handle on the keys: the newest signs, all of them verify.
#[derive(Clone)]
pub struct Signer(Arc<Vec<Key>>);

struct Key {
    id: String,
    encoding: EncodingKey,
    decoding: DecodingKey,
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_list()
            .entries(self.0.iter().map(|key| &key.id))
            .finish()
    }
}

impl Signer {
    /// Opens the keys, and makes the first one where there is none.
    ///
    /// # Errors
    /// Where the database does not answer or the vault has another key.
    pub async fn open(db: &Db, vault: &Vault, clock: &Clock) -> Result<Self, SignerError> {
        let mut rows = store::signing_keys(db).await?;
        if rows.is_empty() {
            let id = new_id();
            let secret: [u8; 32] = rand::random();
            let sealed = vault.seal(place(&id), &secret)?;
            store::add_signing_key(db, &id, &sealed, clock.millis()).await?;
            rows = store::signing_keys(db).await?;
        }
        let keys = rows.into_iter().map(|row| {
            let secret = vault.open(place(&row.id), &row.key_sealed)?;
            Ok(Key {
                id: row.id,
                encoding: EncodingKey::from_secret(&secret),
                decoding: DecodingKey::from_secret(&secret),
            })
        });
        Ok(Self(Arc::new(keys.collect::<Result<_, VaultError>>()?)))
    }

    /// The token that says `claims`.
    ///
    /// # Errors
    /// `internal` where there is no key, which [`Signer::open`] prevents.
    pub fn sign(&self, claims: &Claims) -> Result<String, AppError> {
        let key = self
            .0
            .first()
            .ok_or_else(|| AppError::internal("no signing key"))?;
        let mut header = Header::new(Algorithm::HS256);
        header.kid = Some(key.id.clone());
        jsonwebtoken::encode(&header, claims, &key.encoding).map_err(AppError::internal)
    }

    /// What a token of ours says; `None` for anything else. Only our own algorithm counts, whatever the
    /// token's header asks for. The time is the row's business.
    pub fn verify(&self, token: &str) -> Option<Claims> {
        let wanted = decode_header(token).ok()?.kid?;
        let key = self.0.iter().find(|key| key.id == wanted)?;
        let mut rules = Validation::new(Algorithm::HS256);
        rules.set_issuer(&[ISSUER]);
        rules.set_required_spec_claims(&["iss", "sub", "exp"]);
        rules.validate_exp = false;
        rules.validate_aud = false;
        Some(decode::<Claims>(token, &key.decoding, &rules).ok()?.claims)
    }
}

fn place(id: &str) -> Place<'_> {
    Place {
        table: "signing_keys",
        row: id,
        column: "key_sealed",
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::*;
    use crate::secrets::key::{Key, Ring};

    async fn signer() -> (tempfile::TempDir, Db, Vault, Signer) {
        let dir = tempfile::tempdir().unwrap();
        let db = Db::open(&dir.path().join("test.db")).await.unwrap();
        let vault = Vault::new(&Ring::of(Key::random()), None);
        let clock = Clock::held_at(chrono::DateTime::UNIX_EPOCH);
        let signer = Signer::open(&db, &vault, &clock).await.unwrap();
        (dir, db, vault, signer)
    }

    fn forge(header: &str, claims: &Claims, signature: &str) -> String {
        let claims = serde_json::to_vec(claims).unwrap();
        let (header, claims) = (
            URL_SAFE_NO_PAD.encode(header),
            URL_SAFE_NO_PAD.encode(claims),
        );
        format!("{header}.{claims}.{signature}")
    }

    #[tokio::test]
    async fn a_token_says_what_was_signed_also_after_a_restart() {
        let (_dir, db, vault, signer) = signer().await;
        let claims = Claims::new("u", "s", 0, 10);
        let token = signer.sign(&claims).unwrap();
        assert_eq!(signer.verify(&token), Some(claims.clone()));
        let clock = Clock::held_at(chrono::DateTime::UNIX_EPOCH);
        let again = Signer::open(&db, &vault, &clock).await.unwrap();
        assert_eq!(again.verify(&token), Some(claims));
    }

    #[tokio::test]
    async fn a_forged_token_says_nothing() {
        let (_dir, _db, _vault, signer) = signer().await;
        let claims = Claims::new("u", "s", 0, 10);
        let token = signer.sign(&claims).unwrap();
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let kid = &signer.0[0].id;
        for algorithm in ["none", "None", "HS384", "RS256", "ES256", ""] {
            let header = format!(r#"{{"alg":"{algorithm}","typ":"JWT","kid":"{kid}"}}"#);
            for signature in ["", signature] {
                let forged = forge(&header, &claims, signature);
                assert_eq!(signer.verify(&forged), None, "{algorithm}");
            }
        }
        let header = format!(r#"{{"alg":"HS256","typ":"JWT","kid":"{kid}"}}"#);
        let other = forge(&header, &Claims::new("admin", "s", 0, 10), signature);
        assert_eq!(signer.verify(&other), None);
        let unknown = forge(r#"{"alg":"HS256","kid":"../x"}"#, &claims, signature);
        for token in [
            signed,
            "",
            ".",
            "..",
            "a.b.c",
            &unknown,
            &"x".repeat(100_000),
        ] {
            assert_eq!(signer.verify(token), None);
        }
    }

    #[tokio::test]
    async fn a_token_of_another_installation_says_nothing() {
        let (_dir, _db, _vault, ours) = signer().await;
        let (_other_dir, _other_db, _other_vault, theirs) = signer().await;
        let token = theirs.sign(&Claims::new("u", "s", 0, 10)).unwrap();
        assert_eq!(ours.verify(&token), None);
    }
}
