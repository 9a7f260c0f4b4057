//! What an engine, or the proxy in front of its socket, lets us do. It is found out with requests that
//! change nothing: those that would write name a container or a volume that no engine can have, or say nothing
//! that an engine could carry out.

use bytes::Bytes;
use futures::future::join_all;
use http_body_util::{BodyExt, Full, Limited};
use hyper::{Method, Request};
use tokio::time::timeout;

use super::connect::{DEADLINE, DockerError, read_message};
use super::transport::{Body, Transport};

/// Something that an engine lets us do or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    Version,
    Ping,
    Info,
    List,
    Inspect,
    Stats,
    Events,
    Images,
    Rename,
    Update,
    Remove,
    RemoveVolume,
    Stop,
    Create,
    Exec,
}

/// What the engine said to one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Allowed,
    /// The HTTP status: 403 of a proxy, 404 where there is no such path.
    Denied(u16),
    /// It failed in a way that says nothing about rights.
    Unclear(String),
}

impl Right {
    pub const ALL: [Self; 15] = [
        Self::Version,
        Self::Ping,
        Self::Info,
        Self::List,
        Self::Inspect,
        Self::Stats,
        Self::Events,
        Self::Images,
        Self::Rename,
        Self::Update,
        Self::Remove,
        Self::RemoveVolume,
        Self::Stop,
        Self::Create,
        Self::Exec,
    ];

    /// How a person would say it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Version => "version",
            Self::Ping => "ping",
            Self::Info => "info",
            Self::List => "list",
            Self::Inspect => "inspect",
            Self::Stats => "stats",
            Self::Events => "events",
            Self::Images => "images",
            Self::Rename => "rename",
            Self::Update => "update",
            Self::Remove => "remove",
            Self::RemoveVolume => "remove volume",
            Self::Stop => "stop",
            Self::Create => "create",
            Self::Exec => "exec",
        }
    }

    /// Whether it changes something on the engine.
    pub fn writes(self) -> bool {
        matches!(
            self,
            Self::Rename
                | Self::Update
                | Self::Remove
                | Self::RemoveVolume
                | Self::Stop
                | Self::Create
                | Self::Exec
        )
    }

    /// A request that tells whether we may, and does nothing. The name of the container or the volume begins
    /// with a sign that neither a name nor an id can begin with, and half an object is no JSON.
    fn request(self) -> (Method, &'static str, &'static str) {
        match self {
            Self::Version => (Method::GET, "/version", ""),
            Self::Ping => (Method::GET, "/_ping", ""),
            Self::Info => (Method::GET, "/info", ""),
            Self::List => (Method::GET, "/containers/json?limit=1", ""),
            Self::Inspect => (Method::GET, "/containers/_docker-watcher-doctor/json", ""),
            Self::Stats => (
                Method::GET,
                "/containers/_docker-watcher-doctor/stats?stream=false&one-shot=true",
                "",
            ),
            // Long over: the answer ends at once.
            Self::Events => (Method::GET, "/events?since=1&until=2", ""),
            Self::Images => (
                Method::GET,
                "/images/json?filters=%7B%22reference%22%3A%5B%22docker-watcher-doctor%22%5D%7D",
                "",
            ),
            // The new name could not be had either.
            Self::Rename => (
                Method::POST,
                "/containers/_docker-watcher-doctor/rename?name=_docker-watcher-doctor",
                "",
            ),
            Self::Update => (
                Method::POST,
                "/containers/_docker-watcher-doctor/update",
                "{}",
            ),
            Self::Remove => (Method::DELETE, "/containers/_docker-watcher-doctor", ""),
            Self::RemoveVolume => (Method::DELETE, "/volumes/_docker-watcher-doctor", ""),
            Self::Stop => (Method::POST, "/containers/_docker-watcher-doctor/stop", ""),
            Self::Create => (
                Method::POST,
                "/containers/create?name=_docker-watcher-doctor",
                "{",
            ),
            Self::Exec => (
                Method::POST,
                "/containers/_docker-watcher-doctor/exec",
                "{}",
            ),
        }
    }
}

/// Asks the engine at `url` for every right. Paths have no version, since agreeing on one needs a right.
///
/// # Errors
/// Where nothing answers there at all.
pub async fn ask(url: &str) -> Result<Vec<(Right, Answer)>, DockerError> {
    let transport = Transport::parse(url)?;
    let mut answers = Vec::new();
    let mut reached = false;
    let mut failure = None;
    let asked = join_all(Right::ALL.map(|right| ask_for(&transport, right))).await;
    for (right, outcome) in Right::ALL.into_iter().zip(asked) {
        let answer = match outcome {
            Ok(answer) => {
                reached = true;
                answer
            }
            Err(error) => {
                let answer = Answer::Unclear(error.to_string());
                failure = failure.or(Some(error));
                answer
            }
        };
        answers.push((right, answer));
    }
    match failure {
        Some(error) if !reached => Err(error),
        _ => Ok(answers),
    }
}

async fn ask_for(transport: &Transport, right: Right) -> Result<Answer, DockerError> {
    let (method, path, body) = right.request();
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("host", "engine")
        .header("content-type", "application/json")
        .body(Body::Left(Full::new(Bytes::from_static(body.as_bytes()))))
        .map_err(|_| DockerError::Address(path.to_owned()))?;
    let read = async {
        let response = transport.send(request).await?;
        let status = response.status().as_u16();
        if response.status().is_success() {
            // The body may be long, or a stream, and says nothing about rights.
            return Ok(Answer::Allowed);
        }
        let body = Limited::new(response.into_body(), 64 * 1024);
        let bytes = body
            .collect()
            .await
            .map(http_body_util::Collected::to_bytes);
        Ok(judge(
            right,
            status,
            &read_message(&bytes.unwrap_or_default()),
        ))
    };
    timeout(DEADLINE, read)
        .await
        .map_err(|_| DockerError::Deadline(DEADLINE))?
}

/// What a refusal says about rights. Whoever says that there is no such container, or volume, has looked for
/// it; a request that makes no sense to the engine has reached it, too.
fn judge(right: Right, status: u16, message: &str) -> Answer {
    let looked_for = match right {
        Right::RemoveVolume => "volume",
        _ => "container",
    };
    match status {
        404 if message.to_ascii_lowercase().contains(looked_for) => Answer::Allowed,
        401 | 403 | 404 | 405 | 407 => Answer::Denied(status),
        400..500 => Answer::Allowed,
        // Engines before 23 say of half an object that they failed, not that we did.
        500 if right == Right::Create => Answer::Allowed,
        _ => Answer::Unclear(format!("the engine answered {status}: {message}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::docker::id::{ContainerName, DockerId, VolumeName};

    #[test]
    fn a_container_that_is_not_there_was_looked_for_and_a_page_was_not() {
        for (status, message, answer) in [
            (404, "No such container: _x", Answer::Allowed),
            (
                404,
                "no container with name or ID \"_x\" found",
                Answer::Allowed,
            ),
            (404, "page not found", Answer::Denied(404)),
            (400, "invalid JSON: unexpected EOF", Answer::Allowed),
            (403, "403 Forbidden", Answer::Denied(403)),
            (405, "", Answer::Denied(405)),
        ] {
            assert_eq!(
                judge(Right::Stop, status, message),
                answer,
                "{status} {message}"
            );
        }
        for (message, answer) in [
            ("get _x: no such volume", Answer::Allowed),
            (
                "no volume with name \"_x\" found: no such volume",
                Answer::Allowed,
            ),
            ("page not found", Answer::Denied(404)),
        ] {
            assert_eq!(
                judge(Right::RemoveVolume, 404, message),
                answer,
                "{message}"
            );
        }
        let create = judge(Right::Create, 500, "unexpected EOF");
        assert_eq!(create, Answer::Allowed);
        for (right, status) in [(Right::Stop, 500), (Right::Create, 502)] {
            assert!(matches!(judge(right, status, ""), Answer::Unclear(_)));
        }
    }

    #[test]
    fn no_question_can_change_anything() {
        for right in Right::ALL {
            let (method, path, body) = right.request();
            assert_eq!(method != Method::GET, right.writes(), "{right:?}");
            if right == Right::Create {
                assert!(serde_json::from_str::<serde_json::Value>(body).is_err());
            } else if right.writes() {
                let name = path.split('/').nth(2).unwrap();
                assert!(
                    name.starts_with('_'),
                    "a name begins with a letter or a digit"
                );
                assert_eq!(DockerId::parse(name), None);
                assert_eq!(ContainerName::parse(name), None);
                assert_eq!(VolumeName::parse(name), None);
                let is_volume = path.starts_with("/volumes/");
                assert_eq!(is_volume, right == Right::RemoveVolume, "{path}");
            }
        }
    }
}
