//! Everything that makes a program of the houses.
//!
//! `application` built, then run · `config`, `sign_on_options` the command line · `commands` what else it can
//! do · `state` handles · `context` how requests get at them · `routes`, `doors`, `door` the HTTP API · `plain`
//! the paths beside them · `straight` those with one reading · `access` who may pass each · `openapi` its
//! description · `pages` what browsers see · `finishing` what was begun · `layers` around all · `headers` on
//! every answer · `panics` in a handler · `envelope` answers · `bodies` of requests, `larder` their room ·
//! `serving` connections and their limits · `jobs` the one list · `supervisor` runs them · `ready` are they
//! well · `db`, `store`, `data_dir` what is kept · `clock` the time · `site` Leptos' options · `telemetry` the
//! log

pub mod access;
pub mod application;
mod bodies;
pub mod clock;
pub mod commands;
pub mod config;
pub mod context;
mod data_dir;
pub mod db;
mod door;
mod doors;
pub mod envelope;
mod finishing;
mod headers;
mod jobs;
mod larder;
mod layers;
pub mod openapi;
mod pages;
mod panics;
mod plain;
mod ready;
mod routes;
mod serving;
mod sign_on_options;
mod site;
mod state;
mod store;
mod straight;
mod supervisor;
pub mod telemetry;
