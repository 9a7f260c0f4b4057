//! The containers on the engines: found, followed and remembered.
//!
//! `model` nouns · `placement` where one belongs · `observed` what an engine said · `store` tables ·
//! `roster` who is alive, in memory · `follower` one engine, followed · `job` through its absences

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
pub mod roster;
#[cfg(feature = "ssr")]
pub mod store;
