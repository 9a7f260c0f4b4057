//! What the benchmarks may reach of the houses, which are private.

pub use crate::stats::store::workload_history;
