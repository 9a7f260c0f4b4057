//! The engine itself: what it is, and whether it still answers.

use serde::Deserialize;

use super::connect::{Client, DEADLINE, DockerError};

/// What `GET /info` says that we use.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Info {
    pub server_version: Option<String>,
    /// `1` or `2`; engines before 20.10 do not say.
    pub cgroup_version: Option<String>,
    /// Bytes of memory of its host.
    pub mem_total: Option<u64>,
}

impl Client {
    /// What the engine says of itself.
    ///
    /// # Errors
    /// Where it does not answer in time.
    pub async fn info(&self) -> Result<Info, DockerError> {
        self.get_json("/info", DEADLINE).await
    }

    /// Whether it still answers at all.
    ///
    /// # Errors
    /// Where it does not, in time.
    pub async fn ping(&self) -> Result<(), DockerError> {
        match tokio::time::timeout(DEADLINE, self.bollard().ping()).await {
            Err(_) => Err(DockerError::Deadline(DEADLINE)),
            Ok(Err(error)) => Err(DockerError::of_bollard(error)),
            Ok(Ok(_)) => Ok(()),
        }
    }
}
