//! How many connections there may be at once, and how long each may keep us waiting.

use std::time::Duration;

/// The most connections at once, however many files the process may open.
const MOST: usize = 2048;

/// Open files that are not connections of clients: the database, the engines, the log, and connections
/// that are told to go and have not gone yet.
const RESERVE: u64 = 256;

/// What is assumed where the system does not say how many files may be open.
const USUAL_FILES: u64 = 1024;

/// The largest header of a request, in bytes, its first line included.
pub const HEADER_BYTES: usize = 32 * 1024;

/// The most header fields of a request.
pub const HEADER_FIELDS: usize = 100;

/// The most requests at once on one connection, where HTTP/2 allows several.
pub const REQUESTS_AT_ONCE: u32 = 32;

/// The bytes of one request's body that HTTP/2 may send before we have read them.
pub const WINDOW: u32 = 64 * 1024;

/// What a guest keeps us waiting for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// The rest of a request's header; such a connection is half-open.
    Header,
    /// More of a request's body.
    Body,
    /// The next request; an ordinary browser or proxy does this most of the time.
    Next,
    /// Room for what we write: the client does not read.
    Reader,
}

impl Wait {
    /// How long it may take.
    pub fn patience(self) -> Duration {
        Duration::from_secs(match self {
            Self::Header => 10,
            // Whoever reads the body gives up sooner and says so; this is for what nobody reads.
            Self::Body => 20,
            // Longer than the proxies in front of us, so that it is they who close.
            Self::Next => 75,
            Self::Reader => 300,
        })
    }
}

/// How many connections there may be at once. An IPv6 network of 64 bits counts as one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    pub connections: usize,
    /// Of one address. Behind a reverse proxy everybody has the proxy's.
    pub of_address: usize,
    /// Connections that have not sent a whole header yet.
    pub half_open: usize,
    pub half_open_of_address: usize,
}

impl Limits {
    /// What fits where this many files may be open.
    pub fn for_files(files: u64) -> Self {
        let room = files.saturating_sub(RESERVE.min(files / 2));
        let connections = usize::try_from(room).unwrap_or(MOST).clamp(8, MOST);
        Self {
            connections,
            of_address: connections * 3 / 4,
            half_open: connections / 2,
            half_open_of_address: connections / 4,
        }
    }

    /// What fits into this process, which first takes as many files as it is allowed to.
    pub fn of_this_process() -> Self {
        let files = rlimit::increase_nofile_limit(u64::MAX).unwrap_or_else(|error| {
            tracing::warn!(%error, "how many files may be open is not known");
            USUAL_FILES
        });
        let limits = Self::for_files(files);
        tracing::info!(
            files,
            connections = limits.connections,
            "the limits of this process"
        );
        limits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_room_for_two_thousand_unless_files_are_few() {
        assert_eq!(Limits::for_files(1 << 30).connections, MOST);
        assert_eq!(Limits::for_files(1024).connections, 768);
        assert_eq!(Limits::for_files(256).connections, 128);
        assert_eq!(Limits::for_files(0).connections, 8);
    }

    #[test]
    fn one_address_never_takes_all_of_it() {
        for files in [0, 64, 1024, 65_536] {
            let limits = Limits::for_files(files);
            assert!(limits.of_address < limits.connections, "{limits:?}");
            assert!(limits.half_open < limits.connections, "{limits:?}");
            assert!(limits.half_open_of_address < limits.half_open, "{limits:?}");
            assert!(limits.half_open_of_address > 0, "{limits:?}");
        }
    }
}
