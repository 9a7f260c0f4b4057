//! The parts that every page is built of, each once; they know no feature.
//!
//! `answer` a page's HTTP status · `badge` state · `browser` what only a browser can do · `card` · `cells`
//! a signal for each id · `chart` · `copy_button` · `dialog` · `empty` · `error_state` · `field` · `format` figures as text · `icon` · `live` is what is shown still true ·
//! `meter` · `page_title` · `preference` theme and language · `skeleton` · `stat_tile` · `time` · `unknown`

#[cfg(feature = "ssr")]
pub mod answer;
#[cfg(not(feature = "ssr"))]
#[path = "answer_absent.rs"]
pub mod answer;
pub mod badge;
#[cfg(feature = "hydrate")]
pub mod browser;
#[cfg(not(feature = "hydrate"))]
#[path = "browser_absent.rs"]
pub mod browser;
pub mod card;
pub mod cells;
pub mod chart;
pub mod copy_button;
pub mod dialog;
pub mod empty;
pub mod error_state;
pub mod field;
pub mod format;
pub mod icon;
pub mod live;
pub mod meter;
pub mod page_title;
pub mod skeleton;
pub mod stat_tile;
pub mod time;
pub mod unknown;
