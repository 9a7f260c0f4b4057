//! What can be set.
//!
//! `model` nouns and ranges · `api` server functions · `change` a checked change · `store` SQL

pub mod api;
#[cfg(feature = "ssr")]
pub mod change;
pub mod model;
#[cfg(feature = "ssr")]
pub mod store;
