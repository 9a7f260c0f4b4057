//! What may be done to an engine: little, by exact id or name, and never with force.
//!
//! Each call is one request. An error does not say that nothing was done: who acts looks again.

use hyper::Method;
use serde_json::json;

use super::connect::{Client, DEADLINE, DockerError};
use super::id::{ContainerName, DockerId, VolumeName};
use super::whole::RestartPolicy;

impl Client {
    /// Gives a container another name.
    ///
    /// # Errors
    /// `Refused` with 409 where another has that name.
    pub async fn rename(&self, id: &DockerId, name: &ContainerName) -> Result<(), DockerError> {
        let path = format!("/containers/{id}/rename?name={name}");
        self.send(Method::POST, &path, None, DEADLINE).await
    }

    /// Sets what the engine does when the container ends.
    ///
    /// # Errors
    /// Where the engine refuses or does not answer in time.
    pub async fn set_restart_policy(
        &self,
        id: &DockerId,
        policy: &RestartPolicy,
    ) -> Result<(), DockerError> {
        let name = if policy.is_none() { "no" } else { &policy.name };
        let retries = policy.maximum_retry_count;
        let body = json!({"RestartPolicy": {"Name": name, "MaximumRetryCount": retries}});
        let path = format!("/containers/{id}/update");
        self.send(Method::POST, &path, Some(&body), DEADLINE).await
    }

    /// Removes a container that does not run; its volumes stay.
    ///
    /// # Errors
    /// `Refused` where it runs, or is not there.
    pub async fn remove_container(&self, id: &DockerId) -> Result<(), DockerError> {
        let path = format!("/containers/{id}");
        self.send(Method::DELETE, &path, None, DEADLINE).await
    }

    /// Removes a volume that no container has.
    ///
    /// # Errors
    /// `Refused` where one has it, or where there is none.
    pub async fn remove_volume(&self, name: &VolumeName) -> Result<(), DockerError> {
        self.send(Method::DELETE, &format!("/volumes/{name}"), None, DEADLINE)
            .await
    }
}
