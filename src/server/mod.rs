//! Everything that makes a program of the houses: configuration, state, routes, the list of jobs.

pub mod clock;
pub mod commands;
pub mod config;
pub mod context;
pub mod data_dir;
pub mod db;
pub mod envelope;
