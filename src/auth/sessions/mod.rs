//! Sessions: opened by a sign-in, named by a signed token, ended by a sign-out, a new password, time,
//! or whoever sees one that is not theirs.
//!
//! `model` nouns · `agent` names of browsers · `api` server functions · `keeper` opening, recognising,
//! ending · `signer` the tokens · `streams` open streams end with their session · `job` what is over goes
//! · `store` SQL · `view` the card on one's own page

mod agent;
pub mod api;
#[cfg(feature = "ssr")]
pub mod job;
#[cfg(feature = "ssr")]
pub mod keeper;
pub mod model;
#[cfg(feature = "ssr")]
pub mod signer;
#[cfg(feature = "ssr")]
pub mod store;
#[cfg(feature = "ssr")]
pub mod streams;
pub mod view;
