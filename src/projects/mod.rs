//! Projects, stages and workloads.
//!
//! `model` nouns · `api` server functions

pub mod api;
pub mod model;
