//! How a browser listens, as rules that know no browser; times are milliseconds since 1970.
//!
//! `lease` which tab holds the stream for all of them · `line` what has become of that stream, and what
//! to do about it · `pace` how long things take · `word` what tabs say to each other

pub mod lease;
pub mod line;
pub mod pace;
pub mod word;
