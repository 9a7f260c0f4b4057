//! The bus, and the stream that carries it to browsers.
//!
//! `model` nouns · `bus` publish and subscribe

#[cfg(feature = "ssr")]
pub mod bus;
pub mod model;
