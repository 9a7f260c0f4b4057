//! What containers cost, on screen.
//!
//! `panel` the chart with its window · `figures` the latest figures of each container · `gauge` the
//! figures of one · `picture` the chart and its sentence · `table` the same in rows · `window` how far
//! back

pub mod figures;
pub mod gauge;
pub mod panel;
mod picture;
mod table;
mod window;
