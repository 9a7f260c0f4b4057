//! The chain that makes tampering evident: each line's hash covers what it says and the hash before it.
//!
//! It is an HMAC (RFC 2104, SHA-256) with a key that is sealed by the installation's key, so that whoever
//! can write to the database file alone cannot make a chain that fits.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::store::row::Row;
use crate::secrets::vault::Place;

/// Where the key of the chain is kept.
pub const KEY: Place<'static> = Place {
    table: "event_chain",
    row: "1",
    column: "key_sealed",
};

/// What a hash is made of and is.
pub type Hash = [u8; 32];

/// What the first line that was ever written hangs on.
pub const ORIGIN: Hash = [0; 32];

/// The key of the chain.
#[derive(Clone)]
pub struct ChainKey(Zeroizing<[u8; 32]>);

impl ChainKey {
    pub fn random() -> Self {
        Self(Zeroizing::new(rand::random()))
    }

    /// `None` where it is not 32 bytes.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Some(Self(Zeroizing::new(bytes.try_into().ok()?)))
    }

    pub fn bytes(&self) -> &[u8] {
        &self.0[..]
    }

    /// The hash of a line after the line whose hash is `before`. How often it was repeated is not in it.
    pub fn link(&self, before: &Hash, row: &Row) -> Hash {
        let ids = [
            &row.workload_id,
            &row.container_id,
            &row.proxy_id,
            &row.operation_id,
        ];
        // An absent id is another than an empty one.
        let present = ids.map(|id| u8::from(id.is_some()));
        let [workload_id, container_id, proxy_id, operation_id] =
            ids.map(|id| id.as_deref().unwrap_or_default().as_bytes());
        self.hash(&[
            b"line",
            before,
            &row.key.to_be_bytes(),
            &row.number.to_be_bytes(),
            &row.severity.to_be_bytes(),
            &row.source.to_be_bytes(),
            row.kind.as_bytes(),
            row.message.as_bytes(),
            &present,
            workload_id,
            container_id,
            proxy_id,
            operation_id,
            row.details.as_bytes(),
        ])
    }

    /// Proves that this line was the newest when this number was the last that was given.
    pub fn prove_head(&self, number: i64, hash: &Hash) -> Hash {
        self.hash(&[b"head", &number.to_be_bytes(), hash])
    }

    /// Proves that pruning, and nobody else, ended with this line.
    pub fn prove_anchor(&self, number: i64, hash: &Hash) -> Hash {
        self.hash(&[b"anchor", &number.to_be_bytes(), hash])
    }

    /// Lengths stand before the parts, so that no two lists of parts read the same.
    fn hash(&self, parts: &[&[u8]]) -> Hash {
        // A key that is shorter than a block of the hash is filled up with zeros: RFC 2104, section 2.
        let mut block = Zeroizing::new([0; 64]);
        block[..self.0.len()].copy_from_slice(&self.0[..]);
        let mut mac = Hmac::<Sha256>::new((&*block).into());
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row() -> Row {
        Row {
            key: 5 << 20 | 1,
            number: 1,
            revision: 1,
            severity: 1,
            source: 1,
            kind: "container.died".into(),
            message: "web exited with code 3.".into(),
            workload_id: Some("w".into()),
            container_id: None,
            proxy_id: None,
            operation_id: None,
            details: "{}".into(),
            count: 1,
            last_ts: 5,
            hash: vec![],
        }
    }

    #[test]
    fn a_hash_covers_all_that_a_line_says_and_not_its_repetitions() {
        let key = ChainKey::random();
        let hash = |change: fn(&mut Row)| {
            let mut row = row();
            change(&mut row);
            key.link(&ORIGIN, &row)
        };
        let as_written = hash(|_| {});
        let changes: [fn(&mut Row); 12] = [
            |row| row.key += 1,
            |row| row.number += 1,
            |row| row.severity = 0,
            |row| row.source = 0,
            |row| row.kind = "container.oom".into(),
            |row| row.message.push('!'),
            |row| row.workload_id = None,
            // What moves from one column to the next is a change, too.
            |row| (row.workload_id, row.container_id) = (None, Some("w".into())),
            |row| row.proxy_id = Some("p".into()),
            |row| row.proxy_id = Some(String::new()),
            |row| row.operation_id = Some("o".into()),
            |row| row.details = "{ }".into(),
        ];
        for change in changes {
            assert_ne!(hash(change), as_written);
        }
        let repeated = hash(|row| (row.count, row.last_ts, row.revision) = (9, 9, 9));
        assert_eq!(repeated, as_written);
        assert_ne!(ChainKey::random().link(&ORIGIN, &row()), as_written);
        assert_ne!(key.link(&as_written, &row()), as_written);
    }
}
