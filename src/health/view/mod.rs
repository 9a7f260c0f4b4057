//! The dashboard.
//!
//! `dashboard` the page · `verdict` its first line · `tiles` the figures · `trouble` what needs a person ·
//! `cards` a card for each workload · `instance` one container in it

mod cards;
pub mod dashboard;
mod instance;
mod tiles;
mod trouble;
mod verdict;
