//! The Docker engines that are watched.
//!
//! `model` nouns · `api` server functions

pub mod api;
pub mod model;
