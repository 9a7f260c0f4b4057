//! What containers cost: readings, samples, history and charts.
//!
//! `model` nouns · `api` server functions · `series` the lines of a chart · `view` figures and charts

pub mod api;
pub mod model;
pub mod series;
pub mod view;
