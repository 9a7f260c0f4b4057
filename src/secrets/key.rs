//! The master key, its name, and the ring that holds the one before it while a rotation is unfinished.

use std::fmt;

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// Bytes of a key, as AES-256 wants them.
const LENGTH: usize = 32;

/// Told apart from every other use of SHA-256 on a key, so that an id says nothing but which key.
const ID_LABEL: &[u8] = b"docker-watcher key id v1\0";

/// With padding, as `openssl rand -base64 32` writes it, or without.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A master key. Its memory is overwritten when it goes.
#[derive(Clone, PartialEq, Eq)]
pub struct Key(Zeroizing<[u8; LENGTH]>);

impl Key {
    /// A key that nobody has yet.
    pub fn random() -> Self {
        Self(Zeroizing::new(rand::random()))
    }

    /// Reads 32 bytes in base64, in either alphabet; `None` for anything else.
    pub fn read(text: &str) -> Option<Self> {
        let text = Zeroizing::new(text.trim().replace('-', "+").replace('_', "/"));
        let bytes = Zeroizing::new(BASE64.decode(text.as_bytes()).ok()?);
        let bytes: &[u8; LENGTH] = bytes.as_slice().try_into().ok()?;
        Some(Self(Zeroizing::new(*bytes)))
    }

    /// In base64, for the file.
    pub fn text(&self) -> Zeroizing<String> {
        Zeroizing::new(BASE64.encode(self.0.as_slice()))
    }

    pub fn bytes(&self) -> &[u8; LENGTH] {
        &self.0
    }

    pub fn id(&self) -> KeyId {
        let digest = Sha256::new()
            .chain_update(ID_LABEL)
            .chain_update(self.0.as_slice())
            .finalize();
        let mut id = [0; KeyId::LENGTH];
        id.copy_from_slice(&digest[..KeyId::LENGTH]);
        KeyId(id)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Key({})", self.id())
    }
}

/// The name of a key. It stands in front of every value that the key sealed, and may be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyId(pub [u8; KeyId::LENGTH]);

impl KeyId {
    pub const LENGTH: usize = 8;
}

impl fmt::Display for KeyId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

/// The key that seals, and the one before it while values may still be sealed with that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ring {
    pub current: Key,
    pub previous: Option<Key>,
}

impl Ring {
    /// A ring with nothing to finish.
    pub fn of(current: Key) -> Self {
        Self {
            current,
            previous: None,
        }
    }

    /// The key of this name, where the ring has it.
    pub fn find(&self, id: KeyId) -> Option<&Key> {
        std::iter::once(&self.current)
            .chain(&self.previous)
            .find(|key| key.id() == id)
    }

    /// Reads the text of a key file: the current key, and below it the one before, if any.
    pub fn read(text: &str) -> Option<Self> {
        let mut lines = text.lines().filter(|line| !line.trim().is_empty());
        let current = Key::read(lines.next()?)?;
        let previous = match lines.next() {
            Some(line) => Some(Key::read(line)?),
            None => None,
        };
        lines.next().is_none().then_some(Self { current, previous })
    }

    /// The text of a key file.
    pub fn text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(128));
        for key in std::iter::once(&self.current).chain(&self.previous) {
            text.push_str(&key.text());
            text.push('\n');
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_reads_as_it_was_written_in_every_form_of_base64() {
        let key = Key::read("+/+/AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxw=").unwrap();
        for text in [
            "+/+/AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxw",
            "-_-_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxw",
            " -_-_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxw=\n",
            &key.text(),
        ] {
            assert_eq!(Key::read(text).as_ref(), Some(&key), "{text}");
        }
        for text in ["", "AAAA", "hunter2", &"A".repeat(44), &"A".repeat(42)] {
            assert_eq!(Key::read(text), None, "{text}");
        }
    }

    #[test]
    fn a_key_shows_its_name_and_nothing_else() {
        let key = Key::random();
        assert_eq!(format!("{key:?}"), format!("Key({})", key.id()));
        assert_eq!(key.id().to_string().len(), 16);
        assert_ne!(key.id(), Key::random().id());
    }

    #[test]
    fn a_ring_reads_as_it_was_written_and_three_keys_are_none() {
        let one = Ring::of(Key::random());
        let two = Ring {
            current: Key::random(),
            previous: Some(one.current.clone()),
        };
        assert_eq!(Ring::read(&one.text()).as_ref(), Some(&one));
        assert_eq!(Ring::read(&two.text()).as_ref(), Some(&two));
        assert_eq!(two.find(one.current.id()), Some(&one.current));
        assert_eq!(one.find(two.current.id()), None);
        let three = format!("{}{}", *two.text(), *one.text());
        assert_eq!(Ring::read(&three), None);
        assert_eq!(Ring::read("\n"), None);
    }
}
