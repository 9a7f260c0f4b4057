//! Every sentence that a person reads, in English and Russian, with keys that the compiler checks.

#![expect(
    dead_code,
    unused_imports,
    clippy::module_inception,
    clippy::new_ret_no_self,
    clippy::wrong_self_convention,
    reason = "what is generated offers more than the pages use"
)]

include!(concat!(env!("OUT_DIR"), "/i18n/mod.rs"));

pub use self::i18n::*;
