//! What a judgement about a workload depends on besides the database: the time, and who answers.

use super::store::Moment;
use crate::engines::registry::Engines;
use crate::error::AppError;
use crate::server::clock::Clock;
use crate::server::context::part;

/// The moment of this request.
///
/// # Errors
/// `internal` outside of a request.
pub fn moment() -> Result<Moment, AppError> {
    Ok(Moment {
        now: part::<Clock>()?.millis(),
        engines: part::<Engines>()?.list(),
    })
}
