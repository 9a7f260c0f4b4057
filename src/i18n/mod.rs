//! Every sentence that a person reads, in English and Russian, with keys that the compiler checks.

#![expect(
    dead_code,
    unused_imports,
    clippy::module_inception,
    reason = "what is generated offers more than the pages use"
)]

include!(concat!(env!("OUT_DIR"), "/i18n/mod.rs"));

pub use self::i18n::*;
