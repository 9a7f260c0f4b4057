//! The containers on the engines: found, followed and remembered.
//!
//! `model` nouns

pub mod model;
