//! The parts that every page is built of, each once; they know no feature.
//!
//! `badge` state · `browser` the reader's browser, from inside it or by its request · `card` ·
//! `cells` a signal for each id · `chart` · `dialog` · `empty` · `error_state` · `field` ·
//! `form_failure` · `format` figures as text · `head` · `icon` · `listing` read again after acts ·
//! `live` is what is shown still true · `meter` · `not_allowed` · `not_found` · `notice` above a form ·
//! `outcome` what came of an act · `page_title` · `preference` theme and language · `preference_choice`
//! its menu · `rail` · `said` in a line · `secret` to be copied · `select` · `skeleton` · `stat_tile` ·
//! `sub_nav` · `table` · `time` · `unknown`

pub mod badge;
#[cfg(feature = "hydrate")]
pub mod browser;
#[cfg(not(feature = "hydrate"))]
#[path = "browser_request.rs"]
pub mod browser;
pub mod card;
pub mod cells;
pub mod chart;
pub mod dialog;
pub mod empty;
pub mod error_state;
pub mod field;
pub mod form_failure;
pub mod format;
pub mod head;
pub mod icon;
pub mod listing;
pub mod live;
pub mod meter;
pub mod not_allowed;
pub mod not_found;
pub mod notice;
pub mod outcome;
pub mod page_title;
pub mod preference;
pub mod preference_choice;
pub mod rail;
pub mod said;
pub mod secret;
pub mod select;
pub mod skeleton;
pub mod stat_tile;
pub mod sub_nav;
pub mod table;
pub mod time;
pub mod unknown;
