//! The containers on the engines: found, followed and remembered.
//!
//! `model` nouns · `roster` who is alive, in memory

pub mod model;
#[cfg(feature = "ssr")]
pub mod roster;
