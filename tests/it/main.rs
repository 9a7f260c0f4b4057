//! The real program against a real engine and against one that misbehaves.

#![expect(
    clippy::disallowed_methods,
    reason = "these tests stand outside the program: they have no supervisor and no clock to set"
)]

mod accounts;
mod answers;
mod cli;
mod clocked;
mod discovery;
mod doctor;
mod doors;
mod dropped;
mod engines;
mod event_log;
mod fake_engine;
mod floods;
mod guessing;
mod harness;
mod headers;
mod load;
mod malformed;
mod matrix;
mod misbehaviour;
mod outages;
mod people;
mod persistence;
mod private_engine;
mod raw;
mod readings;
mod refusals;
mod refused_pages;
mod reply;
mod sealed_values;
mod secrets;
mod sessions;
mod settings;
mod sign_on;
mod sizes;
mod stale;
mod stream;
mod streaming;
mod waiting;
