//! What only this installation may read: one master key, values sealed with it, and errors that give
//! nothing of it away.
//!
//! Knows no feature. `key` the master key and the one before it · `key_file` where it is kept ·
//! `source` where it comes from · `vault` seals and opens · `sealed` the columns that hold what is
//! sealed · `store` SQL · `opening` the vault at start, or why not · `rotation` another key ·
//! `scrub` takes secrets out of text

pub mod key;
pub mod key_file;
pub mod opening;
pub mod rotation;
pub mod scrub;
pub mod sealed;
pub mod source;
pub mod store;
pub mod vault;
