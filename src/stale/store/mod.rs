//! The tables of this house: one function a question.
//!
//! `candidates` what does not run, and what is known of it · `evidence` what a scan saw · `rounds` the scans ·
//! `episodes` who was told · `exemptions` what is spared · `quarantine` what is kept aside · `watch` the time
//! that nobody watched

pub mod candidates;
pub mod episodes;
pub mod evidence;
pub mod exemptions;
pub mod quarantine;
pub mod rounds;
pub mod watch;
