//! `/stale`: what nobody uses any more, and what is done about it.
//!
//! `page` all of it · `address` what it shows · `shelf` what its parts share · `lists` what is read ·
//! `scanned` the last scan · `tabs` its four lists · `row` what each row says of a container · `found` those
//! that are stale · `judged` all that do not run · `kept` the quarantine · `spared` the exemptions · `spare`
//! how one is made · `lift` how one is taken away · `plan` what would be done · `planned` to one of them ·
//! `confirm` the word that is wanted for it · `volumes` those that are ticked · `take` before its time out
//! of quarantine · `run` what is being done · `progress` how far it is · `failure` why something was not ·
//! `words` in the reader's language

mod address;
mod confirm;
mod failure;
mod found;
mod judged;
mod kept;
mod lift;
mod lists;
pub mod page;
mod plan;
mod planned;
mod progress;
mod row;
mod run;
mod scanned;
mod shelf;
mod spare;
mod spared;
mod tabs;
mod take;
mod volumes;
mod words;

pub use address::HERE;
