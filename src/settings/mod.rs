//! What can be set.
//!
//! `model` nouns · `bounds` of the numbers · `api` server functions · `ranges` what a value may be
//! · `sign_on` what single sign-on may be · `change` a checked change · `reply` to a plain form
//! · `store` SQL · `view` the page of general settings

pub mod api;
pub mod bounds;
#[cfg(feature = "ssr")]
pub mod change;
pub mod model;
#[cfg(feature = "ssr")]
pub mod ranges;
#[cfg(feature = "ssr")]
pub mod reply;
#[cfg(feature = "ssr")]
pub mod sign_on;
#[cfg(feature = "ssr")]
pub mod store;
pub mod view;
