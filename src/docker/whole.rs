//! One container in all that the engine says of it: what a decision about it rests on, and what is kept of it.

use std::collections::HashMap;

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::connect::{Client, DEADLINE, DockerError};
use super::id::DockerId;

/// A container as `GET /containers/{id}/json` tells it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Whole {
    #[serde(deserialize_with = "null_is_default")]
    pub id: String,
    /// With a slash before it.
    #[serde(deserialize_with = "null_is_default")]
    pub name: String,
    /// RFC 3339.
    #[serde(deserialize_with = "null_is_default")]
    pub created: String,
    #[serde(deserialize_with = "null_is_default")]
    pub state: State,
    #[serde(deserialize_with = "null_is_default")]
    pub config: Config,
    #[serde(deserialize_with = "null_is_default")]
    pub host_config: HostConfig,
    #[serde(deserialize_with = "null_is_default")]
    pub network_settings: NetworkSettings,
    #[serde(deserialize_with = "null_is_default")]
    pub mounts: Vec<Mount>,
    /// Bytes that it wrote itself; there only where the size was asked for.
    pub size_rw: Option<i64>,
    /// Everything, as it came.
    #[serde(skip)]
    pub raw: Value,
}

/// Its state, in the engine's words.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct State {
    #[serde(deserialize_with = "null_is_default")]
    pub status: String,
    #[serde(deserialize_with = "null_is_default")]
    pub running: bool,
    #[serde(deserialize_with = "null_is_default")]
    pub paused: bool,
    #[serde(deserialize_with = "null_is_default")]
    pub restarting: bool,
    /// RFC 3339; `0001-01-01…` is never.
    #[serde(deserialize_with = "null_is_default")]
    pub started_at: String,
    #[serde(deserialize_with = "null_is_default")]
    pub finished_at: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Config {
    #[serde(deserialize_with = "null_is_default")]
    pub image: String,
    #[serde(deserialize_with = "null_is_default")]
    pub labels: HashMap<String, String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct HostConfig {
    #[serde(deserialize_with = "null_is_default")]
    pub restart_policy: RestartPolicy,
    /// `container:…` shares another's.
    #[serde(deserialize_with = "null_is_default")]
    pub network_mode: String,
    #[serde(deserialize_with = "null_is_default")]
    pub pid_mode: String,
    #[serde(deserialize_with = "null_is_default")]
    pub ipc_mode: String,
    #[serde(deserialize_with = "null_is_default")]
    pub volumes_from: Vec<String>,
}

/// What the engine does when the container ends.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct RestartPolicy {
    /// `no` (an empty one is the same), `always`, `unless-stopped` or `on-failure`.
    #[serde(deserialize_with = "null_is_default")]
    pub name: String,
    #[serde(deserialize_with = "null_is_default")]
    pub maximum_retry_count: i64,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct NetworkSettings {
    #[serde(deserialize_with = "null_is_default")]
    pub networks: HashMap<String, Value>,
}

/// What is mounted into it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Mount {
    /// `volume`, `bind`, `tmpfs`.
    #[serde(rename = "Type", deserialize_with = "null_is_default")]
    pub kind: String,
    /// Of a volume.
    #[serde(deserialize_with = "null_is_default")]
    pub name: String,
    #[serde(deserialize_with = "null_is_default")]
    pub source: String,
    #[serde(deserialize_with = "null_is_default")]
    pub destination: String,
}

fn null_is_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}

impl RestartPolicy {
    /// The engine does not start it by itself.
    pub fn is_none(&self) -> bool {
        matches!(self.name.as_str(), "" | "no")
    }
}

impl Whole {
    /// The name without its slash.
    pub fn name(&self) -> &str {
        self.name.trim_start_matches('/')
    }

    /// The engine's word for its state. Where the word and the flags differ, it lives.
    pub fn status(&self) -> &str {
        match &self.state {
            State { paused: true, .. } => "paused",
            State {
                restarting: true, ..
            } => "restarting",
            State { running: true, .. } => "running",
            other => &other.status,
        }
    }
}

impl Client {
    /// Everything about one container; `None` where the engine no longer has it. Counting its `size` costs
    /// the engine a walk through its files.
    ///
    /// # Errors
    /// Where the engine does not answer in time, or with something that is not this container.
    pub async fn inspect_whole(
        &self,
        id: &DockerId,
        size: bool,
    ) -> Result<Option<Whole>, DockerError> {
        let question = if size { "?size=true" } else { "" };
        let path = format!("/containers/{id}/json{question}");
        let raw: Value = match self.get_json(&path, DEADLINE).await {
            Ok(raw) => raw,
            Err(error) if error.is_not_found() => return Ok(None),
            Err(error) => return Err(error),
        };
        let garbage = |error: serde_json::Error| DockerError::Garbage(error.to_string());
        let mut whole: Whole = serde_json::from_value(raw.clone()).map_err(garbage)?;
        if whole.id != id.as_str() {
            // A name that looks like an id leads to another container.
            let message = "it told of another container than it was asked about";
            return Err(DockerError::Garbage(message.to_owned()));
        }
        whole.raw = raw;
        Ok(Some(whole))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_container_that_lives_by_any_sign_lives() {
        let read = |text: &str| serde_json::from_str::<Whole>(text).unwrap();
        let odd = read(r#"{"Id":"x","State":{"Status":"exited","Running":true},"Mounts":null}"#);
        assert_eq!(odd.status(), "running");
        let plain = read(r#"{"Name":"/web","State":{"Status":"exited"},"HostConfig":null}"#);
        assert_eq!((plain.status(), plain.name()), ("exited", "web"));
        assert!(plain.host_config.restart_policy.is_none());
    }
}
