//! Is all well?
//!
//! `model` nouns · `api` server functions

pub mod api;
pub mod model;
