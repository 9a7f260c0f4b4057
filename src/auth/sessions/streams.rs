//! Open streams and whom they were opened for. A request is over before its session can be; a stream
//! may stay open for days, so somebody has to look.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio_util::sync::CancellationToken;

use crate::auth::credential::Credential;
use crate::events::audience::Ticket;

/// A cheap handle on the open streams. The lock is held for a few map operations, so a std lock is
/// right.
#[derive(Clone, Debug, Default)]
pub struct Streams(Arc<Mutex<HashMap<Credential, Vec<Weak<CancellationToken>>>>>);

impl Streams {
    /// What lets one stream go on for as long as `credential` is good. It counts for as long as the
    /// ticket is kept.
    pub fn admit(&self, user_id: &str, credential: &Credential) -> Ticket {
        let until = Arc::new(CancellationToken::new());
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        open.entry(credential.clone())
            .or_default()
            .push(Arc::downgrade(&until));
        Ticket {
            user_id: user_id.to_owned(),
            until,
        }
    }

    /// Whose streams are open, after forgetting those that ended by themselves.
    pub fn credentials(&self) -> Vec<Credential> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|_, streams| {
            streams.retain(|stream| stream.strong_count() > 0);
            !streams.is_empty()
        });
        open.keys().cloned().collect()
    }

    /// Ends the streams that were opened with `credential`.
    pub fn end(&self, credential: &Credential) {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for stream in open.remove(credential).unwrap_or_default() {
            if let Some(stream) = stream.upgrade() {
                stream.cancel();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_streams_of_one_session_end_and_those_of_another_do_not() {
        let streams = Streams::default();
        let (one, other) = (
            Credential::Session("1".into()),
            Credential::ApiToken("1".into()),
        );
        let ours = [streams.admit("ann", &one), streams.admit("ann", &one)];
        let theirs = streams.admit("ci", &other);
        streams.end(&one);
        assert!(ours.iter().all(|ticket| ticket.until.is_cancelled()));
        assert!(!theirs.until.is_cancelled());
        assert_eq!(streams.credentials(), [other]);
        drop(theirs);
        assert!(streams.credentials().is_empty());
    }
}
