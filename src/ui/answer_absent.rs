//! The HTTP status as the browser compiles it: the answer has come already.

/// Nothing is left to say.
pub fn answer_with(_status: u16) {}
