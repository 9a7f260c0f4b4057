//! The pages of the event log.
//!
//! `page` the whole log · `filters` what narrows it · `search` by words and moments · `marks` what does so
//! now · `log` the part that is read · `ledger` the lines on screen · `parts` how they are read · `arrivals`
//! how they come by themselves · `seam` where they have no gap · `list` them in order · `row` one of them ·
//! `news` those that wait · `drawer` everything about one · `facts` its table · `feed` the latest few · `names`
//! what apps are called · `words` severities, sources and sentences

mod arrivals;
mod drawer;
mod facts;
pub mod feed;
mod filters;
mod ledger;
mod list;
mod log;
mod marks;
pub mod names;
mod news;
pub mod page;
mod parts;
mod row;
mod seam;
mod search;
mod words;
