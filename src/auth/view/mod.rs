//! Signing in, the first run, and the menu of whoever is signed in.
//!
//! `account` the menu · `gate_page` what the two pages share · `login` · `session` who is here · `setup` · `sign_on`
//! the way to the provider

pub mod account;
mod gate_page;
pub mod login;
pub mod session;
pub mod setup;
mod sign_on;
