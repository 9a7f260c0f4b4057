//! The log in the database: one function a question.
//!
//! `row` a line as it stands there · `read` pages and what was missed · `write` a batch · `chain` what the
//! chain hangs on · `outbox` what was left for the log · `prune` the oldest · `words` what is found by its words ·
//! `volumes` the index of words · `verify` is it as it was written?

pub mod chain;
pub mod outbox;
pub mod prune;
pub mod read;
pub mod row;
pub mod verify;
pub mod volumes;
pub mod words;
pub mod write;
