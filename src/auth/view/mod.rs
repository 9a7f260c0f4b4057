//! Signing in, the first run, the menu of whoever is signed in, and their account.
//!
//! `account` the menu · `account_page` · `gate_page` what the pages for strangers share · `login` ·
//! `new_password` · `proof` one's own password · `role` the words for it · `session` who is here ·
//! `setup` · `sign_on` the way to the provider

pub mod account;
pub mod account_page;
pub mod gate_page;
pub mod login;
pub mod new_password;
pub mod proof;
pub mod role;
pub mod session;
pub mod setup;
mod sign_on;
