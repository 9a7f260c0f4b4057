//! What people do, told to the log from within the request that they did it with.

use leptos::prelude::use_context;

use super::log::EventLog;
use super::model::Happening;
use super::report::Report;
use crate::server::context::part;
use crate::server::db::new_id;

/// What one request sets off; all that it causes carries its id.
#[derive(Clone, Debug)]
pub struct Operation(String);

impl Operation {
    /// A new one.
    pub fn begin() -> Self {
        Self(new_id())
    }
}

/// The id of the operation that the request at hand is.
pub fn operation() -> Option<String> {
    use_context::<Operation>().map(|operation| operation.0)
}

/// Tells the log what whoever sent the request has done, and waits a while until that is written. What was done
/// stays done where it cannot be: the line waits, and `/readyz` says that the log is not written.
pub async fn record(happening: Happening) {
    let operation = operation();
    match part::<EventLog>() {
        Ok(log) => log.write(Report::from(happening).within(operation)).await,
        Err(error) => tracing::error!(%error, ?happening, "an act is not in the event log"),
    }
}
