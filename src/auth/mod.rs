//! Who gets in, and what they may do there.
//!
//! `model` nouns · `api` server functions · `policy` who may do what · `guard` the policy, asked for a request

pub mod api;
#[cfg(feature = "ssr")]
pub mod guard;
pub mod model;
pub mod policy;
