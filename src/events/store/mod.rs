//! The log in the database: one function a question.
//!
//! `row` a line as it stands there · `read` pages and what was missed · `write` a batch · `chain` what the
//! chain hangs on · `inbox` what other processes left · `prune` the oldest · `verify` is it as it was written?

pub mod chain;
pub mod inbox;
pub mod prune;
pub mod read;
pub mod row;
pub mod verify;
pub mod write;
