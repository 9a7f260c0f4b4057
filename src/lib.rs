//! Docker Watcher: what runs beside a Docker engine, and what it costs.

// Views are deeply nested types.
#![recursion_limit = "512"]

mod app;
mod auth;
#[cfg(feature = "ssr")]
#[doc(hidden)]
pub mod bench;
mod containers;
#[cfg(feature = "ssr")]
mod docker;
#[cfg(feature = "ssr")]
mod document;
mod engines;
pub mod error;
mod events;
mod health;
#[cfg(feature = "hydrate")]
mod hydrate;
mod i18n;
mod projects;
#[cfg(feature = "ssr")]
mod secrets;
#[cfg(feature = "ssr")]
pub mod server;
mod settings;
mod stale;
mod stats;
mod ui;
