//! Containers that nobody uses any more: found by evidence, cleared away by plan, and kept aside for a while.
//!
//! `model` nouns and rules · `api` server functions · `store` tables · `keeper` the handle on all of it ·
//! `turns` one at a time · `watch` time that nobody watched · `scene` what a verdict depends on · `listing`
//! the lists · `exemptions` what is spared · `scan` looks at the engines · `sizes` how big one is · `telling`
//! tells once · `check` right before acting · `identity` whether the engine is still the one · `neighbours` who
//! may miss it · `plan` what would be done · `cleanup` what a person asks for · `entering`, `leaving` and
//! `removal` the ways into quarantine and out of it · `custody` what a person asks of it · `sweep` what time asks
//! for · `volumes` those that were named · `wish` what they had seen · `departure` what is gone · `job` keeps all
//! of it going · `view` the page

pub mod api;
#[cfg(feature = "ssr")]
mod check;
#[cfg(feature = "ssr")]
mod cleanup;
#[cfg(feature = "ssr")]
mod custody;
#[cfg(feature = "ssr")]
mod departure;
#[cfg(feature = "ssr")]
mod entering;
#[cfg(feature = "ssr")]
mod exemptions;
#[cfg(feature = "ssr")]
mod identity;
#[cfg(feature = "ssr")]
pub mod job;
#[cfg(feature = "ssr")]
pub mod keeper;
#[cfg(feature = "ssr")]
mod leaving;
#[cfg(feature = "ssr")]
pub mod listing;
pub mod model;
#[cfg(feature = "ssr")]
mod neighbours;
#[cfg(feature = "ssr")]
mod plan;
#[cfg(feature = "ssr")]
mod removal;
#[cfg(feature = "ssr")]
mod scan;
#[cfg(feature = "ssr")]
mod scene;
#[cfg(feature = "ssr")]
mod sizes;
#[cfg(feature = "ssr")]
mod store;
#[cfg(feature = "ssr")]
mod sweep;
#[cfg(feature = "ssr")]
mod telling;
#[cfg(feature = "ssr")]
mod turns;
pub mod view;
#[cfg(feature = "ssr")]
mod volumes;
#[cfg(feature = "ssr")]
mod watch;
#[cfg(feature = "ssr")]
mod wish;
