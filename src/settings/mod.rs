//! What can be set.
//!
//! `model` nouns · `api` server functions

pub mod api;
pub mod model;
