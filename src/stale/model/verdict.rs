//! Stale or not, and why.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a container is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    Fresh,
    Stale,
    /// Nobody can say, so nobody touches it.
    Unknown,
    /// It would be stale if somebody did not want to keep it.
    Exempt,
}

/// Why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// It runs, or is about to, or is paused, or is being removed.
    Alive,
    /// It lived within the threshold.
    Recent,
    /// It ended longer ago than the threshold.
    Ended,
    /// It was made longer ago than the threshold, and never ran.
    NeverRan,
    /// An exemption or a label keeps it.
    Kept,
    /// Its engine does not answer.
    EngineDown,
    /// Its engine could not tell of it.
    NotInspected,
    /// No scan has looked at it since it last ran.
    NotLookedAt,
    /// Its engine has a word for its state that we do not know.
    StrangeState,
    /// Its times contradict each other, or the clock.
    StrangeTimes,
    /// Too much of the time since it ended was watched by nobody.
    Unwatched,
}
