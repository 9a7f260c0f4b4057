//! Containers as the engine tells them: listed in short, inspected in full, with nothing required but the id.

use std::collections::HashMap;
use std::time::Duration;

use serde::{Deserialize, Deserializer};

use super::connect::{Client, DEADLINE, DockerError};
use super::id::DockerId;
use super::whole::Mount;

/// Listing walks every container's state, which takes a busy engine with thousands a while.
const LIST_DEADLINE: Duration = Duration::from_secs(30);

/// A container as `GET /containers/json` lists it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Listed {
    #[serde(deserialize_with = "null_is_default")]
    pub id: String,
    #[serde(deserialize_with = "null_is_default")]
    pub names: Vec<String>,
    #[serde(deserialize_with = "null_is_default")]
    pub image: String,
    #[serde(rename = "ImageID", deserialize_with = "null_is_default")]
    pub image_id: String,
    /// Unix seconds.
    pub created: Option<i64>,
    #[serde(deserialize_with = "null_is_default")]
    pub state: String,
    #[serde(deserialize_with = "null_is_default")]
    pub labels: HashMap<String, String>,
    #[serde(deserialize_with = "null_is_default")]
    pub ports: Vec<ListedPort>,
    #[serde(deserialize_with = "null_is_default")]
    pub mounts: Vec<Mount>,
    #[serde(deserialize_with = "null_is_default")]
    pub host_config: ListedHost,
}

/// What the list says of how a container is held.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ListedHost {
    #[serde(deserialize_with = "null_is_default")]
    pub network_mode: String,
}

/// A port as the list shows it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ListedPort {
    #[serde(rename = "IP")]
    pub ip: Option<String>,
    #[serde(rename = "PrivatePort")]
    pub private: u16,
    #[serde(rename = "PublicPort")]
    pub public: Option<u16>,
    #[serde(rename = "Type", deserialize_with = "null_is_default")]
    pub protocol: String,
}

/// The part of `GET /containers/{id}/json` that the list does not have.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Inspected {
    #[serde(deserialize_with = "null_is_default")]
    pub state: InspectedState,
    #[serde(deserialize_with = "null_is_default")]
    pub restart_count: i64,
    #[serde(deserialize_with = "null_is_default")]
    pub config: InspectedConfig,
}

/// What was asked for when the container was made.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct InspectedConfig {
    /// The image as it was written then; the list shows a bare id once its tag has moved on.
    #[serde(deserialize_with = "null_is_default")]
    pub image: String,
    /// Such as `SIGQUIT` or `3`; empty where it is the usual one.
    #[serde(deserialize_with = "null_is_default")]
    pub stop_signal: String,
}

/// A container's state, in the engine's words.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct InspectedState {
    #[serde(deserialize_with = "null_is_default")]
    pub status: String,
    pub exit_code: Option<i64>,
    #[serde(rename = "OOMKilled")]
    pub oom_killed: Option<bool>,
    /// RFC 3339; `0001-01-01…` is never.
    #[serde(deserialize_with = "null_is_default")]
    pub started_at: String,
    #[serde(deserialize_with = "null_is_default")]
    pub finished_at: String,
    pub health: Option<InspectedHealth>,
}

/// What the container's own check says.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct InspectedHealth {
    #[serde(deserialize_with = "null_is_default")]
    pub status: String,
}

/// Engines send null where their documents promise a value.
fn null_is_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}

impl Listed {
    /// Docker's name without its slash; links add more names, which have more slashes.
    pub fn name(&self) -> &str {
        self.names
            .iter()
            .map(|name| name.trim_start_matches('/'))
            .find(|name| !name.contains('/'))
            .unwrap_or_default()
    }
}

impl Client {
    /// Every container that the engine has, running or not.
    ///
    /// # Errors
    /// Where the engine does not give the whole list in time.
    pub async fn list_containers(&self) -> Result<Vec<Listed>, DockerError> {
        self.get_json("/containers/json?all=true", LIST_DEADLINE)
            .await
    }

    /// One container from the list; `None` where the engine no longer has it.
    ///
    /// # Errors
    /// Where the engine does not answer in time.
    pub async fn list_container(&self, id: &DockerId) -> Result<Option<Listed>, DockerError> {
        // The filter is JSON in percent-encoding; an id needs none of its own.
        let path = format!("/containers/json?all=true&filters=%7B%22id%22%3A%5B%22{id}%22%5D%7D");
        let listed: Vec<Listed> = self.get_json(&path, DEADLINE).await?;
        Ok(listed
            .into_iter()
            .find(|container| container.id == id.as_str()))
    }

    /// What the list does not say of one container; `None` where the engine no longer has it.
    ///
    /// # Errors
    /// Where the engine does not answer in time.
    pub async fn inspect_container(&self, id: &DockerId) -> Result<Option<Inspected>, DockerError> {
        match self
            .get_json(&format!("/containers/{id}/json"), DEADLINE)
            .await
        {
            Ok(inspected) => Ok(Some(inspected)),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nulls_and_unknown_states_are_read() {
        let text =
            r#"[{"Id":"x","Names":null,"State":"dreaming","Labels":null,"Ports":null,"New":1}]"#;
        let listed: Vec<Listed> = serde_json::from_str(text).unwrap();
        assert_eq!(listed[0].state, "dreaming");
        assert_eq!(listed[0].name(), "");
    }

    #[test]
    fn a_link_is_not_the_name() {
        let listed = Listed {
            names: vec!["/web/db".into(), "/db".into()],
            ..Listed::default()
        };
        assert_eq!(listed.name(), "db");
    }
}
