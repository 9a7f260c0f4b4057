//! The second factor: one-time codes from an app, and recovery codes for when the device is lost.
//!
//! `model` nouns · `api` server functions · `keeper` setting up, checking, removing · `totp` the codes
//! themselves · `recovery` the codes for a lost device · `picture` the square that a phone reads
//! · `store` SQL · `view` the card on one's own page

pub mod api;
#[cfg(feature = "ssr")]
pub mod keeper;
pub mod model;
#[cfg(feature = "ssr")]
mod picture;
#[cfg(feature = "ssr")]
mod recovery;
#[cfg(feature = "ssr")]
pub mod store;
#[cfg(feature = "ssr")]
mod totp;
pub mod view;
