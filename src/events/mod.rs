//! The bus, and the stream that carries it to browsers.
//!
//! `model` nouns · `bus` publish and subscribe · `live` the connection in the browser

#[cfg(feature = "ssr")]
pub mod bus;
pub mod live;
pub mod model;
