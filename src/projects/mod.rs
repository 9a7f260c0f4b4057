//! Projects, stages and workloads.
//!
//! `model` nouns and judgements · `api` server functions · `rules` for a name · `store` tables · `now` what a judgement
//! depends on · `view` pages

pub mod api;
pub mod model;
#[cfg(feature = "ssr")]
mod now;
#[cfg(feature = "ssr")]
mod rules;
#[cfg(feature = "ssr")]
pub mod store;
pub mod view;
