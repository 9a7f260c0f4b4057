//! The people who may come in, as an admin sees and changes them.
//!
//! `model` nouns · `api` server functions · `keeper` adding, changing, removing · `doer` who does it ·
//! `store` SQL · `told` what the event log says of it · `view` what people see of it

pub mod api;
#[cfg(feature = "ssr")]
pub mod doer;
#[cfg(feature = "ssr")]
pub mod keeper;
pub mod model;
#[cfg(feature = "ssr")]
pub mod store;
#[cfg(feature = "ssr")]
pub mod told;
pub mod view;
