//! The bus, and the stream that carries it to browsers.
//!
//! `model` nouns · `topic` what one may listen to · `bus` publish and subscribe ·
//! `audience` who listens, and until when · `seats` how many may
//! listen · `sse` `GET /api/stream` · `live` its other end, in the browser

#[cfg(feature = "ssr")]
pub mod audience;
#[cfg(feature = "ssr")]
pub mod bus;
pub mod live;
pub mod model;
#[cfg(feature = "ssr")]
pub mod seats;
#[cfg(feature = "ssr")]
pub mod sse;
#[cfg(feature = "ssr")]
pub mod topic;
