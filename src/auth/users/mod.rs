//! The people who may come in, as an admin sees and changes them.
//!
//! `model` nouns · `api` server functions · `keeper` adding, changing, removing · `store` SQL · `view` what people see of it

pub mod api;
#[cfg(feature = "ssr")]
pub mod keeper;
pub mod model;
#[cfg(feature = "ssr")]
pub mod store;
pub mod view;
