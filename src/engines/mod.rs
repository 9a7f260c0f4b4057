//! The Docker engines that are watched.
//!
//! `model` nouns · `api` server functions · `store` tables · `registry` who answers, in memory ·
//! `roll` the list after a change · `rules` for a new one · `job` keeps the connection to one

pub mod api;
#[cfg(feature = "ssr")]
pub mod job;
pub mod model;
#[cfg(feature = "ssr")]
pub mod registry;
#[cfg(feature = "ssr")]
mod roll;
#[cfg(feature = "ssr")]
mod rules;
#[cfg(feature = "ssr")]
pub mod store;
