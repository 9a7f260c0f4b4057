//! The bus, and the stream that carries it to browsers.
//!
//! `model` nouns · `bus` publish and subscribe · `sse` the stream

#[cfg(feature = "ssr")]
pub mod bus;
pub mod model;
#[cfg(feature = "ssr")]
pub mod sse;
