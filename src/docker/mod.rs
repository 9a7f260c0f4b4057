//! The only door to Docker: connections, and answers read with more tolerance than the engine deserves.
//!
//! Knows no feature. The daemon is never trusted: every call has a deadline, every body a limit,
//! every stream an idle limit, and an unknown value is a value.
//!
//! `id` names that may reach the engine · `transport` bytes to and from it · `connect` a client ·
//! `engine` what it is · `containers` listed and inspected · `whole` one in full · `acts` what is done to one · `events` what happens to them ·
//! `stats` what they use · `rights` what it lets us do

pub mod acts;
pub mod connect;
pub mod containers;
pub mod engine;
pub mod events;
pub mod id;
pub mod rights;
pub mod stats;
pub mod transport;
pub mod whole;
