//! Everything that makes a program of the houses: configuration, state, routes, the list of jobs.

pub mod clock;
pub mod context;
pub mod db;
pub mod envelope;
