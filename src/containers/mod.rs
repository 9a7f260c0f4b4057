//! The containers on the engines: found, followed and remembered.
//!
//! `model` nouns · `placement` where one belongs · `observed` what an engine said · `tidings` what its
//! events said · `signals` that ask for something else than an end · `deaths` which ends are to be told ·
//! `telling` tells the log · `store` tables · `roster` who is alive, in memory · `follower` one engine,
//! followed · `refused` whom it would not describe · `recording` what that brings · `job` through its absences

#[cfg(feature = "ssr")]
mod deaths;
#[cfg(feature = "ssr")]
pub mod follower;
#[cfg(feature = "ssr")]
pub mod job;
pub mod model;
#[cfg(feature = "ssr")]
mod observed;
#[cfg(feature = "ssr")]
mod placement;
#[cfg(feature = "ssr")]
pub mod recording;
#[cfg(feature = "ssr")]
mod refused;
#[cfg(feature = "ssr")]
pub mod roster;
#[cfg(feature = "ssr")]
mod signals;
#[cfg(feature = "ssr")]
pub mod store;
#[cfg(feature = "ssr")]
pub mod telling;
#[cfg(feature = "ssr")]
mod tidings;
