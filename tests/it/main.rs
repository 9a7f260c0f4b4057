//! The real program against a real engine and against one that misbehaves.

mod accounts;
mod answers;
mod cli;
mod doors;
mod fake_engine;
mod harness;
mod private_engine;
mod settings;
mod stream;
