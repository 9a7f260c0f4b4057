//! API tokens: how programs come in.
//!
//! `model` nouns · `api` server functions · `keeper` making, recognising, removing · `store` SQL · `view` what people see of it

pub mod api;
#[cfg(feature = "ssr")]
pub mod keeper;
pub mod model;
#[cfg(feature = "ssr")]
pub mod store;
pub mod view;
