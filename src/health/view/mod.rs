//! The dashboard.
//!
//! `dashboard` the page · `verdict` its first line · `tiles` the figures · `trouble` what needs a person ·
//! `cards` a card for each workload · `instance` one container in it · `stale` what nobody uses any more ·
//! `tally` how much that is, for the navigation

mod cards;
pub mod dashboard;
mod instance;
mod stale;
pub mod tally;
mod tiles;
mod trouble;
mod verdict;
