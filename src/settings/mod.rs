//! What can be set.
//!
//! `model` nouns · `api` server functions · `ranges` what a value may be · `sign_on` what single sign-on may be
//! · `change` a checked change · `store` SQL

pub mod api;
#[cfg(feature = "ssr")]
pub mod change;
pub mod model;
#[cfg(feature = "ssr")]
pub mod ranges;
#[cfg(feature = "ssr")]
pub mod sign_on;
#[cfg(feature = "ssr")]
pub mod store;
