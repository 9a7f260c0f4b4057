//! What the benchmarks may reach of the houses, which are private.

pub use crate::events::model::cursor::Cursor;
pub use crate::events::model::event::{Severity, Source};
pub use crate::events::model::filter::Filter;
pub use crate::events::store::read::page as event_page;
pub use crate::stats::store::workload_history;
