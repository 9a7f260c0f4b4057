//! The engine's events, line by line. A line that makes no sense is skipped, not the end of the stream.

use std::collections::HashMap;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use serde::Deserialize;

use super::connect::{Client, DEADLINE, DockerError};

/// A line longer than this is not an event; its rest is skipped up to the next line.
const MAX_LINE: usize = 1024 * 1024;

/// Something that happened to a container, as the engine tells it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct EngineEvent {
    /// `start`, `die`, `health_status: healthy`, …; new words come with new engines.
    pub action: String,
    pub actor: Actor,
    /// Unix nanoseconds.
    #[serde(rename = "timeNano")]
    pub time_nano: i64,
}

/// Whom it happened to.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Actor {
    #[serde(rename = "ID")]
    pub id: String,
    #[serde(rename = "Attributes")]
    pub attributes: HashMap<String, String>,
}

/// An open stream of events.
pub struct EventStream {
    body: Incoming,
    lines: Lines,
}

impl Client {
    /// Opens the stream of container events; `since` is the Unix nanosecond of the last one seen.
    ///
    /// # Errors
    /// Where the engine does not open the stream in time.
    pub async fn container_events(&self, since: Option<i64>) -> Result<EventStream, DockerError> {
        // {"type":["container"]} in percent-encoding.
        let mut path = "/events?filters=%7B%22type%22%3A%5B%22container%22%5D%7D".to_owned();
        if let Some(nano) = since {
            path.push_str(&format!(
                "&since={}.{:09}",
                nano / 1_000_000_000,
                nano % 1_000_000_000
            ));
        }
        let body = self.get_stream(&path, DEADLINE).await?;
        Ok(EventStream {
            body,
            lines: Lines::default(),
        })
    }
}

impl EventStream {
    /// The next event; `None` where the stream ended, for whatever reason.
    ///
    /// # Errors
    /// `Deadline` where nothing at all came for `idle`.
    pub async fn next(&mut self, idle: Duration) -> Result<Option<EngineEvent>, DockerError> {
        loop {
            while let Some(line) = self.lines.take() {
                match serde_json::from_slice(&line) {
                    Ok(event) => return Ok(Some(event)),
                    Err(error) => {
                        tracing::warn!(%error, bytes = line.len(), "an event line makes no sense")
                    }
                }
            }
            let frame = tokio::time::timeout(idle, self.body.frame())
                .await
                .map_err(|_| DockerError::Deadline(idle))?;
            match frame {
                None => return Ok(None),
                Some(Err(error)) => return Err(DockerError::unreachable(error)),
                Some(Ok(frame)) => {
                    if let Ok(data) = frame.into_data() {
                        self.lines.push(&data);
                    }
                }
            }
        }
    }
}

/// Cuts bytes into lines, with a bound on what is kept of an endless one.
#[derive(Debug, Default)]
struct Lines {
    buffer: BytesMut,
    /// The rest of an overlong line is being thrown away.
    skipping: bool,
}

impl Lines {
    fn push(&mut self, data: &[u8]) {
        self.buffer.extend_from_slice(data);
    }

    fn take(&mut self) -> Option<Bytes> {
        loop {
            let Some(end) = self.buffer.iter().position(|byte| *byte == b'\n') else {
                if self.buffer.len() > MAX_LINE {
                    self.buffer.clear();
                    self.skipping = true;
                }
                return None;
            };
            let line = self.buffer.split_to(end + 1).freeze();
            let rest_of_overlong = std::mem::take(&mut self.skipping);
            if !rest_of_overlong && !line.trim_ascii().is_empty() {
                return Some(line);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_may_come_in_pieces() {
        let mut lines = Lines::default();
        lines.push(b"{\"a\"");
        assert!(lines.take().is_none());
        lines.push(b":1}\n\n{}\n");
        assert_eq!(lines.take().unwrap(), "{\"a\":1}\n");
        assert_eq!(lines.take().unwrap(), "{}\n");
        assert!(lines.take().is_none());
    }

    #[test]
    fn an_endless_line_is_not_kept() {
        let mut lines = Lines::default();
        lines.push(&vec![b'x'; MAX_LINE + 1]);
        assert!(lines.take().is_none());
        assert!(lines.buffer.is_empty());
        lines.push(b"the rest\n{}\n");
        assert_eq!(lines.take().unwrap(), "{}\n");
    }

    #[test]
    fn an_event_with_unknown_parts_is_read() {
        let text =
            r#"{"Type":"container","Action":"levitate","Actor":{"ID":"x"},"timeNano":5,"zzz":[]}"#;
        let event: EngineEvent = serde_json::from_str(text).unwrap();
        assert_eq!((event.action.as_str(), event.time_nano), ("levitate", 5));
    }
}
