//! Is all well? The figures at a glance, and the page that shows them.
//!
//! `model` nouns · `api` server functions · `store` tables · `count` every figure · `summaries` the last count, in memory ·
//! `job` keeps it fresh · `view` the dashboard

pub mod api;
#[cfg(feature = "ssr")]
mod count;
#[cfg(feature = "ssr")]
pub mod job;
pub mod model;
#[cfg(feature = "ssr")]
pub mod store;
#[cfg(feature = "ssr")]
pub mod summaries;
pub mod view;
