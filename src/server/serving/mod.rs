//! Takes connections and answers on them, so that slow, silent and endless ones stand in nobody's way.
//!
//! `accept` the loop at the port · `limits` how many at once, and how long each may take · `guest` one
//! connection and what it keeps us waiting for · `crowd` all of them, and who goes when there is no
//! room · `connection` HTTP on one of them · `watched` marks at its socket and its bodies what the
//! guest does · `bare` what the protocol's library answers by itself

pub mod accept;
mod bare;
mod connection;
mod crowd;
mod guest;
mod limits;
mod watched;
