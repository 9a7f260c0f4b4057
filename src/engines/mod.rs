//! The Docker engines that are watched.
//!
//! `model` nouns · `api` server functions · `registry` who answers, in memory

pub mod api;
pub mod model;
#[cfg(feature = "ssr")]
pub mod registry;
