//! The tables of containers, and the projects and workloads that a discovered container brings along.
//!
//! `record` what an engine said goes in · `slots` who fills which place · `following` how far an engine was followed · `read` what comes out

pub mod following;
pub mod read;
pub mod record;
mod slots;
