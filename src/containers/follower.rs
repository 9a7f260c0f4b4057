//! Follows one engine: everything once, then what its events point at, until the connection is over.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use futures::{StreamExt, stream};
use tokio::time::Instant;

use super::model::{ContainerChange, ContainerStatus, Health};
use super::observed::Observed;
use super::roster::{Member, Roster};
use super::store::{read, record};
use crate::docker::connect::{Client, DockerError};
use crate::docker::containers::Listed;
use crate::docker::events::EngineEvent;
use crate::docker::id::DockerId;
use crate::error::AppError;
use crate::events::bus::Bus;
use crate::events::model::Message;
use crate::server::clock::Clock;
use crate::server::db::Db;

/// A quiet engine sends no events for hours; after this long the stream is opened anew, which also
/// lists everything again.
const IDLE: Duration = Duration::from_secs(300);

/// How often everything is listed without being asked to.
const AUDIT_EVERY: Duration = Duration::from_secs(60);

/// Events come in bursts; one look after a burst serves all of them.
const SETTLE: Duration = Duration::from_millis(100);

/// How many containers are inspected at the same time.
const INSPECTIONS: usize = 16;

/// How many observations go into one transaction, so that others get to write in between.
const BATCH: usize = 200;

/// What following an engine needs.
#[derive(Clone)]
pub struct Follower {
    pub engine_id: String,
    pub db: Db,
    pub bus: Bus,
    pub roster: Roster,
    pub clock: Clock,
}

/// Why following ended.
#[derive(Debug, thiserror::Error)]
pub enum FollowError {
    #[error(transparent)]
    Docker(#[from] DockerError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    #[error("the engine closed its stream of events")]
    Closed,
}

impl Follower {
    /// Follows until the stream ends. The events are opened before the list is read, so that nothing
    /// falls in between; looking twice at the same container does no harm.
    pub async fn follow(&self, client: &Client) -> FollowError {
        match self.try_follow(client).await {
            Ok(()) => FollowError::Closed,
            Err(error) => error,
        }
    }

    async fn try_follow(&self, client: &Client) -> Result<(), FollowError> {
        let mut events = client.container_events(None).await?;
        self.take_snapshot(client).await?;
        let mut audits = tokio::time::interval_at(Instant::now() + AUDIT_EVERY, AUDIT_EVERY);
        loop {
            let first = tokio::select! {
                event = events.next(IDLE) => event?,
                _ = audits.tick() => {
                    self.audit(client).await?;
                    continue;
                }
            };
            let Some(event) = first else { return Ok(()) };
            let mut touched: BTreeSet<DockerId> = touched_by(&event).into_iter().collect();
            let settled = Instant::now() + SETTLE;
            while let Ok(next) = tokio::time::timeout_at(settled, events.next(IDLE)).await {
                let Some(event) = next? else { break };
                touched.extend(touched_by(&event));
            }
            self.look_again(client, touched).await?;
        }
    }

    /// Lists everything and looks again at what is not as we have it: a busy engine drops events.
    async fn audit(&self, client: &Client) -> Result<(), FollowError> {
        let mut known: HashMap<_, _> = read::present(&self.db, &self.engine_id)
            .await?
            .into_iter()
            .collect();
        let listed = client.list_containers().await?;
        let differs = listed
            .iter()
            .filter(|one| known.remove(&one.id).as_ref() != Some(&one.state));
        let mut ids: BTreeSet<_> = differs.filter_map(|one| DockerId::parse(&one.id)).collect();
        ids.extend(known.keys().filter_map(|id| DockerId::parse(id)));
        if !ids.is_empty() {
            tracing::debug!(
                containers = ids.len(),
                "events did not tell of every change"
            );
        }
        self.look_again(client, ids).await
    }

    /// Lists everything, then inspects everything: the list alone is quick and shows all states.
    async fn take_snapshot(&self, client: &Client) -> Result<(), FollowError> {
        let listed = client.list_containers().await?;
        let seen: Vec<_> = listed
            .iter()
            .filter_map(|one| Observed::new(one, None))
            .collect();
        let present: BTreeSet<_> = seen.iter().map(|one| one.docker_id.to_string()).collect();
        let known = read::present(&self.db, &self.engine_id).await?;
        let gone: Vec<_> = known
            .into_iter()
            .map(|(id, _)| id)
            .filter(|id| !present.contains(id))
            .collect();
        tracing::info!(
            containers = seen.len(),
            vanished = gone.len(),
            "listed the engine's containers"
        );
        // What is gone goes first: it frees the slots that recreated containers take over.
        self.write_gone(&gone).await?;
        self.roster.replace(&self.engine_id, Vec::new());
        for batch in seen.chunks(BATCH) {
            self.write(batch).await?;
        }
        let looks = listed.into_iter().filter_map(|one| {
            let id = DockerId::parse(&one.id)?;
            Some(async move { (inspect(client, &id, one).await, id) })
        });
        self.take_in(looks).await
    }

    async fn look_again(
        &self,
        client: &Client,
        ids: BTreeSet<DockerId>,
    ) -> Result<(), FollowError> {
        self.take_in(
            ids.into_iter()
                .map(|id| async move { (look(client, &id).await, id) }),
        )
        .await
    }

    /// Lets a bounded number of looks be under way, and writes what they bring as it comes.
    async fn take_in<L>(&self, looks: impl Iterator<Item = L> + Send) -> Result<(), FollowError>
    where
        L: Future<Output = (Result<Option<Observed>, DockerError>, DockerId)> + Send,
    {
        let looks = stream::iter(looks)
            .buffer_unordered(INSPECTIONS)
            .ready_chunks(BATCH);
        tokio::pin!(looks);
        while let Some(chunk) = looks.next().await {
            let (mut seen, mut gone) = (Vec::new(), Vec::new());
            for (outcome, id) in chunk {
                match outcome {
                    Ok(Some(observed)) => seen.push(observed),
                    Ok(None) => gone.push(id.to_string()),
                    // One container that the engine cannot describe must not hide the others.
                    Err(DockerError::Refused { status, message }) => {
                        tracing::warn!(docker_id = %id, status, message, "a container cannot be inspected");
                    }
                    Err(DockerError::Garbage(message)) => {
                        tracing::warn!(docker_id = %id, message, "a container's inspection makes no sense");
                    }
                    Err(error) => return Err(error.into()),
                }
            }
            self.write_gone(&gone).await?;
            self.write(&seen).await?;
        }
        Ok(())
    }

    async fn write(&self, seen: &[Observed]) -> Result<(), FollowError> {
        if seen.is_empty() {
            return Ok(());
        }
        let now = self.clock.millis();
        let mut tx = self.db.begin().await?;
        let mut recorded = Vec::with_capacity(seen.len());
        for observed in seen {
            recorded.push(record::record(&mut tx, &self.engine_id, observed, now).await?);
        }
        tx.commit().await?;
        recorded.iter().for_each(|one| self.tell(one));
        Ok(())
    }

    async fn write_gone(&self, ids: &[String]) -> Result<(), FollowError> {
        if ids.is_empty() {
            return Ok(());
        }
        let now = self.clock.millis();
        let mut tx = self.db.begin().await?;
        let mut recorded = Vec::new();
        for id in ids {
            recorded.extend(record::mark_gone(&mut tx, &self.engine_id, id, now).await?);
        }
        tx.commit().await?;
        recorded.iter().for_each(|one| self.tell(one));
        Ok(())
    }

    /// Brings the roster up to date and tells whoever listens, after the row is committed.
    fn tell(&self, recorded: &record::Recorded) {
        let status = ContainerStatus::parse(&recorded.status);
        match DockerId::parse(&recorded.docker_id).filter(|_| status.is_alive()) {
            Some(docker_id) => self.roster.insert(Member {
                slot: recorded.slot,
                id: recorded.id.clone(),
                workload_id: recorded.workload_id.clone(),
                engine_id: self.engine_id.clone(),
                docker_id,
            }),
            None => self.roster.remove(recorded.slot),
        }
        if recorded.changed {
            self.bus.publish(Message::ContainerState(ContainerChange {
                container_id: recorded.id.clone(),
                workload_id: recorded.workload_id.clone(),
                name: recorded.name.clone(),
                status,
                health: recorded.health.as_deref().and_then(Health::parse),
                ts: self.clock.now(),
            }));
        }
    }

    /// Notes that what runs is still alive; called now and then while the engine answers.
    ///
    /// # Errors
    /// Where the database does not take it.
    pub async fn touch(&self) -> Result<(), AppError> {
        let mut tx = self.db.begin().await?;
        record::touch_alive(&mut tx, &self.engine_id, self.clock.millis()).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Both halves of what the engine says of one container; `None` where it no longer has it.
async fn look(client: &Client, id: &DockerId) -> Result<Option<Observed>, DockerError> {
    let Some(listed) = client.list_container(id).await? else {
        return Ok(None);
    };
    inspect(client, id, listed).await
}

async fn inspect(
    client: &Client,
    id: &DockerId,
    listed: Listed,
) -> Result<Option<Observed>, DockerError> {
    let inspected = client.inspect_container(id).await?;
    Ok(inspected.and_then(|inspected| Observed::new(&listed, Some(&inspected))))
}

/// Whose state an event may have changed. Commands run inside a container (health checks above all)
/// change nothing, and there are thousands of them.
fn touched_by(event: &EngineEvent) -> Option<DockerId> {
    let action = event.action.split(':').next().unwrap_or_default();
    let idle = [
        "exec_create",
        "exec_start",
        "exec_die",
        "exec_detach",
        "top",
        "attach",
        "detach",
        "resize",
        "copy",
        "export",
        "archive-path",
        "extract-to-dir",
        "commit",
    ];
    if idle.contains(&action) {
        None
    } else {
        DockerId::parse(&event.actor.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::docker::events::Actor;

    fn event(action: &str, id: &str) -> EngineEvent {
        let actor = Actor {
            id: id.into(),
            ..Actor::default()
        };
        EngineEvent {
            action: action.into(),
            actor,
            ..EngineEvent::default()
        }
    }

    #[test]
    fn a_health_check_that_runs_is_no_change_but_its_verdict_is() {
        let id = "0a".repeat(32);
        assert!(touched_by(&event("exec_start: /bin/check", &id)).is_none());
        assert!(touched_by(&event("health_status: unhealthy", &id)).is_some());
        assert!(touched_by(&event("die", &id)).is_some());
        assert!(touched_by(&event("die", "../../images")).is_none());
    }
}
