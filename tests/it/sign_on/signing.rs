//! The keys of the provider, and how it signs: as it should, or in a way that must not hold.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use sha2::{Digest, Sha256, Sha512};

/// An RSA key of 2048 bits, PKCS #1 in DER in base64, made for these tests. It opens nothing anywhere.
const RSA: &str = "\
    MIIEowIBAAKCAQEA7+rZXEmi1nb2BNnZgWNZyLNtqTdjn+8+xJ+bPOx5zgtHmzqgPyhKtSFwh3TrOiw6m7MOL4Sj6InGq7+d\
    8n7Jt9I6n5lRvR67LWVKGPLQZVqPISPNcugXqDRVVyEBYj/9RzpxI5DRPuFAFiyqhHXiYzlj8k711q0A7sBo4spTjg9VTrOn\
    GeFpnX7NOtPx6ofRlYXiYK2yEeedk5hhs6wA8xzULFWw6Z4wHw6dFynJoCxZjMttBXTIOCaLvmDoAEXPqCZe+5+Zjul/CUUG\
    rVwi7Gy6fOfOZ5jIzU6LqUSgdHfaBE4s5R1psDx8WOhHEJHeVCDNhsYx/Hzzf4TjWVTzbQIDAQABAoIBACKIfhVx1vHCSUqs\
    9ckRPR7trsLs4Vbnx7PjGmP0UNsG1h2CnIbCvLAiOlGRE3u52ozHQus1jyc9T56wk+JP/CaMqNoIplKPvhb8baQ2LSdtl80I\
    G34m6KLSN5d1PX8AIWuTfq4FHg1MPF6Eut2an0WzgM6jrXCjUc9L3D0KrOi1RnSYXL41/H7GVpNNV8JRb6L0/2BSINDTo5Yk\
    XAbGCd2s6PFDfF+YhVm+RjqnJHR4YSoIBgJHsWzaFpRKnGCbWJyaMu9QzJ/CNY4hdW6IPrK/bb+owoheUT7bSIMGFKoUTNdX\
    QUeceNNQUUu9BD6AQXaAACxS3vlVwnzAsm+xlAECgYEA+IueaLRqdeerMBuel7CI4Tw6X5TUUxit523EDtZRZs8XShz06FX7\
    KQgRyCq6vB4D0uvrtz6tAXoqnTNQXMNJOGFQzeV+ZYefHF9zjL45b9f3UEKBvMuzjiI1SrnWfO92aGE5hQXOQATjQM0KoO0a\
    JTktjNMMMoLatnMkDhGMTAECgYEA9xz7k1Yh2SfG6s67lRWo1MCXoYIG1ktCGXqd7XyjkNVVi7zoUGFMcfj9anu7o+QQNOCh\
    LtMFXE4zvjopM3YJ0lLeSmXxcSDTQSHBJqzCA5QO7Z8S5+M0aHq85JN/YT9bV0FJPvsH2/jdUTpnCSvtjrVtgUSrb+VMMEQY\
    Le/El20CgYEAiwEjBjIo/Gol7tDzoKil1Tpm9z/4g8TgtfdI2Hd6rUITJ2sMechkoK0XrNhg+Ybb4qH5gdG21oWpwaOKRWce\
    0z5x/8VjLItuLGMh78wPuYKSmbuobZuLf2mYXoOS9urCUVxW3BPEJz/UjVBfqmMQ5VKWLBV40+MlSTcaKhgcXAECgYAptN2M\
    92uNEBaViMDGH7q39a1h1+U5g8grLrO64l9k0Wy3wfFfp5xUXBbBQxLfTV2i3wq1MW5lLtmy0HQluFVeBxh3bA887bJZ+s1z\
    rpKsMe/3EPMK6iDtRVHeLjrAegX7iwxGse2Ypb8Mt5OuS5izjlFmEOXyY7vhJY0DK8V9XQKBgBQQrzPfLBxDhMgwzAlcVyUq\
    MrAagZmDnRu7z2c5YBBClRQ4Vuxd/dyNsmpLoUOEuBOZ0JeHv0hAg7zLcx9Aq2O48qyGOwk8Jzr4DrDiCjke4TKT9Ng3fDXJ\
    4VR1Qa9ozqcg77WzfhZbQzBTT2tztImHyJYo+72w1+8iokMrn6m3\
    ";

/// What stands around the modulus of such a key when its public half is written down, as PKCS #1 has it and as
/// SPKI does: the exponent is 65537.
const PKCS1: &[u8] = &[0x30, 0x82, 0x01, 0x0a, 0x02, 0x82, 0x01, 0x01, 0x00];
const SPKI: &[u8] = &[
    0x30, 0x82, 0x01, 0x22, 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01,
    0x01, 0x05, 0x00, 0x03, 0x82, 0x01, 0x0f, 0x00,
];
const EXPONENT: &[u8] = &[0x02, 0x03, 0x01, 0x00, 0x01];

/// A key of the provider.
#[derive(Clone)]
pub struct Key {
    pub id: String,
    algorithm: Algorithm,
    key: EncodingKey,
}

impl Key {
    pub fn new(id: &str) -> Self {
        // An Ed25519 key as PKCS #8 has it: a fixed beginning, then 32 random bytes.
        let mut der = vec![
            0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22,
            0x04, 0x20,
        ];
        der.extend(rand::random::<[u8; 32]>());
        Self {
            id: id.into(),
            algorithm: Algorithm::EdDSA,
            key: EncodingKey::from_ed_der(&der),
        }
    }

    /// An RSA key; there is only the one.
    pub fn rsa(id: &str) -> Self {
        let der = STANDARD.decode(RSA).expect("the key is base64");
        Self {
            id: id.into(),
            algorithm: Algorithm::RS256,
            key: EncodingKey::from_rsa_der(&der),
        }
    }

    /// What everybody may know of it.
    pub fn public(&self) -> Value {
        let jwk = Jwk::from_encoding_key(&self.key, self.algorithm);
        let mut jwk =
            serde_json::to_value(jwk.expect("a key has a public half")).unwrap_or_default();
        jwk["kid"] = json!(self.id);
        jwk["use"] = json!("sig");
        jwk
    }

    /// The public half in every form that somebody might take for a secret, each with its name.
    pub fn public_forms(&self) -> Vec<(&'static str, Vec<u8>)> {
        let jwk = self.public();
        let part = |name: &str| {
            let text = jwk[name].as_str().unwrap_or_default();
            URL_SAFE_NO_PAD.decode(text).unwrap_or_default()
        };
        if self.algorithm == Algorithm::EdDSA {
            return vec![("the point", part("x"))];
        }
        let written = jwk["n"].as_str().unwrap_or_default();
        let modulus = part("n");
        assert_eq!(modulus.len(), 256, "the key has 2048 bits");
        let pkcs1 = [PKCS1, modulus.as_slice(), EXPONENT].concat();
        let spki = [SPKI, pkcs1.as_slice()].concat();
        let pem = |label: &str, der: &[u8]| {
            let text = STANDARD.encode(der);
            let lines: Vec<_> = text.as_bytes().chunks(64).collect();
            let lines = String::from_utf8_lossy(&lines.join(&b'\n')).into_owned();
            format!("-----BEGIN {label}-----\n{lines}\n-----END {label}-----\n")
        };
        let (new, old) = (pem("PUBLIC KEY", &spki), pem("RSA PUBLIC KEY", &pkcs1));
        vec![
            ("PEM", new.clone().into_bytes()),
            ("PEM without its last end of line", new.trim_end().into()),
            ("PEM of PKCS #1", old.into_bytes()),
            ("DER", spki),
            ("DER of PKCS #1", pkcs1),
            ("the modulus as it is written", written.into()),
            ("the whole key as it is published", jwk.to_string().into()),
            ("the modulus", modulus),
        ]
    }

    /// What an ID token says of the access token beside it: the left half of its hash.
    pub fn half_hash(&self, access_token: &str) -> String {
        match self.algorithm {
            Algorithm::EdDSA => URL_SAFE_NO_PAD.encode(&Sha512::digest(access_token)[..32]),
            _ => URL_SAFE_NO_PAD.encode(&Sha256::digest(access_token)[..16]),
        }
    }
}

/// How the ID token is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signing {
    Right,
    /// `alg: none`, and no signature.
    None,
    /// HS256, with this as the secret.
    Secret(Vec<u8>),
    /// By a key that is not published, under the name of one that is.
    ForeignKey,
    /// The signature of another token.
    Garbled,
}

impl Signing {
    /// A token that says this, signed by this key or under its name.
    pub fn sign(&self, key: &Key, claims: &Value) -> String {
        let by = |algorithm, with: &EncodingKey| {
            let mut header = Header::new(algorithm);
            header.kid = Some(key.id.clone());
            jsonwebtoken::encode(&header, claims, with).expect("claims can be signed")
        };
        match self {
            Self::Right => by(key.algorithm, &key.key),
            Self::ForeignKey => by(Algorithm::EdDSA, &Key::new("foreign").key),
            Self::Secret(secret) => by(Algorithm::HS256, &EncodingKey::from_secret(secret)),
            Self::None => {
                let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
                format!("{}.{}.", part(&json!({"alg": "none"})), part(claims))
            }
            Self::Garbled => {
                let right = by(key.algorithm, &key.key);
                let (signed, _) = right.rsplit_once('.').unwrap_or_default();
                format!("{signed}.{}", URL_SAFE_NO_PAD.encode([7; 64]))
            }
        }
    }
}
