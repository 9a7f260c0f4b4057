//! API tokens: how programs come in.
//!
//! `model` nouns · `api` server functions · `keeper` making, recognising, removing · `store` SQL ·
//! `told` what the event log says of it · `view` what people see of it

pub mod api;
#[cfg(feature = "ssr")]
pub mod keeper;
pub mod model;
#[cfg(feature = "ssr")]
pub mod store;
#[cfg(feature = "ssr")]
pub mod told;
pub mod view;
