//! Single sign-on against a provider of ours that keeps to the protocol, or breaks it on purpose.
//!
//! `provider` the provider · `signing` its keys · `browser` somebody who signs in · `entering` as it should be · `roles` who is
//! let in as what · `tokens` what does not hold · `states` answers to no question · `trouble` providers
//! that fail · `leaving` signing out · `secrets` what nobody gets to read

pub mod browser;
mod entering;
mod leaving;
mod provider;
mod roles;
mod secrets;
mod set_up;
mod signing;
mod states;
mod tokens;
mod trouble;
