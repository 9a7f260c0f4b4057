//! What else an engine has: who may miss a container, by what the list says and by what only inspections say.

use std::collections::HashMap;
use std::time::Duration;

use futures::{StreamExt, stream};

use crate::docker::connect::{Client, DockerError};
use crate::docker::containers::Listed;
use crate::docker::id::DockerId;
use crate::docker::whole::HostConfig;

/// How many are inspected for a plan, and at the same time: the list does not say whose processes one shares.
const MOST: usize = 500;
const INSPECTIONS: usize = 16;

/// How long a plan waits for that.
const PATIENCE: Duration = Duration::from_secs(3);

/// All that an engine lists, and how far it could be asked.
#[derive(Clone, Debug, Default)]
pub struct Neighbours {
    pub listed: Vec<Listed>,
    /// By Docker id.
    pub hosts: HashMap<String, HostConfig>,
}

impl Neighbours {
    /// Asks an engine. What it does not say in time of one container is left out.
    ///
    /// # Errors
    /// Where it does not list what it has.
    pub async fn of(client: &Client) -> Result<Self, DockerError> {
        let listed = client.list_containers().await?;
        let ids: Vec<_> = listed.iter().take(MOST).map(|one| one.id.clone()).collect();
        let looks: Vec<_> = ids.into_iter().map(|id| look(client.clone(), id)).collect();
        let looks = stream::iter(looks).buffer_unordered(INSPECTIONS);
        let in_time = looks.take_until(tokio::time::sleep(PATIENCE));
        let hosts: Vec<Option<(String, HostConfig)>> = in_time.collect().await;
        Ok(Self {
            listed,
            hosts: hosts.into_iter().flatten().collect(),
        })
    }
}

async fn look(client: Client, id: String) -> Option<(String, HostConfig)> {
    let known = DockerId::parse(&id)?;
    let whole = client.inspect_whole(&known, false).await.ok()??;
    Some((id, whole.host_config))
}
