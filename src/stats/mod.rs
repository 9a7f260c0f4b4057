//! What containers cost: readings, samples, history and charts.
//!
//! `model` nouns · `api` server functions · `source` where readings come from · `usage` two readings
//! become a sample · `sampler` rounds over all containers · `recent` the last rounds in memory ·
//! `store` samples in the database · `history` both joined · `fresh` one reading for a person ·
//! `job` sampling, saving and pruning · `series` the lines of a chart · `view` figures and charts

pub mod api;
#[cfg(feature = "ssr")]
mod fresh;
#[cfg(feature = "ssr")]
mod history;
#[cfg(feature = "ssr")]
pub mod job;
pub mod model;
#[cfg(feature = "ssr")]
pub mod recent;
#[cfg(feature = "ssr")]
mod sampler;
pub mod series;
#[cfg(feature = "ssr")]
mod source;
#[cfg(feature = "ssr")]
pub mod store;
#[cfg(feature = "ssr")]
mod usage;
pub mod view;
