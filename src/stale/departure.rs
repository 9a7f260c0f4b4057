//! A container that its engine no longer has.

use sqlx::{Sqlite, Transaction};

use super::keeper::Stale;
use crate::containers::model::{ContainerChange, ContainerStatus};
use crate::containers::store::record::{Hearsay, Recorded, mark_gone};
use crate::events::model::Message;

/// Records it within a transaction; [`tell`] what comes of it when that is committed.
///
/// # Errors
/// Where the database does not take it.
pub async fn record(
    stale: &Stale,
    tx: &mut Transaction<'_, Sqlite>,
    engine_id: &str,
    docker_id: &str,
) -> Result<Option<Recorded>, sqlx::Error> {
    let now = stale.parts.clock.millis();
    mark_gone(tx, engine_id, docker_id, &Hearsay::default(), now).await
}

/// Tells whoever listens.
pub fn tell(stale: &Stale, gone: Option<Recorded>) {
    let Some(gone) = gone else { return };
    stale.parts.log.forget(&gone.id);
    let change = ContainerChange {
        container_id: gone.id,
        workload_id: gone.workload_id,
        name: gone.name,
        status: ContainerStatus::Gone,
        health: None,
        ts: stale.parts.clock.now(),
    };
    stale.parts.bus.publish(Message::ContainerState(change));
}
