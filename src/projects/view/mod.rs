//! Workloads on screen.
//!
//! `roll` what is shown, kept in step with the stream · `state` states as badges · `list` `/apps` ·
//! `page` `/apps/<id>` · `instances` the table of its containers · `names` what apps are called

mod instances;
pub mod list;
pub mod names;
pub mod page;
pub mod roll;
pub mod state;
