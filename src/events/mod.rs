//! The bus, and the stream that carries it to browsers.
//!
//! `model` nouns

pub mod model;
