//! Workloads on screen.
//!
//! `roll` what is shown, kept in step with the stream · `state` states as badges · `list` `/apps` ·
//! `page` `/apps/<id>` · `instances` the table of its containers

mod instances;
pub mod list;
pub mod page;
pub mod roll;
pub mod state;
