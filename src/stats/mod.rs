//! What containers cost: readings, samples, history and charts.
//!
//! `model` nouns · `api` server functions

pub mod api;
pub mod model;
