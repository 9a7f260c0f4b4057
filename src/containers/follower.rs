//! Follows one engine: everything once, then what its events point at, until the connection is over.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use futures::{StreamExt, stream};
use tokio::time::Instant;

use super::deaths::Look;
use super::observed::Observed;
use super::recording::Memory;
use super::refused::Refused;
use super::roster::Roster;
use super::store::{following, read};
use super::telling::Telling;
use super::tidings::{AllTidings, Tidings, note};
use crate::docker::connect::{Client, DockerError};
use crate::docker::containers::Listed;
use crate::docker::events::{EngineEvent, EventStream};
use crate::docker::id::DockerId;
use crate::events::bus::Bus;
use crate::server::clock::Clock;
use crate::server::db::Db;

/// A quiet engine sends no events for hours; after this long the stream is opened anew, which also
/// lists everything again.
const IDLE: Duration = Duration::from_secs(300);

/// How often everything is listed without being asked to.
const AUDIT_EVERY: Duration = Duration::from_secs(60);

/// Events come in bursts; one look after a burst serves all of them.
const SETTLE: Duration = Duration::from_millis(100);

/// How long the engine is let tell what it remembers of the time that we were away.
const REPLAY: Duration = Duration::from_secs(2);

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
    pub telling: Telling,
    pub memory: Memory,
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
        let standing = following::read(&self.db, &self.engine_id).await?;
        let since = standing.heard_nano.map(|nano| nano.saturating_add(1));
        let heard_to = read::heard_to(&self.db, &self.engine_id).await?;
        let mut events = client.container_events(since).await?;
        let mut refused = Refused::default();
        if since.is_some() {
            let missed = self.gather(&mut events, REPLAY).await?;
            // The engine remembers a few hundred events, which may be less than there were.
            let look = Look::AfterGap {
                contact: standing.followed_at,
            };
            self.look_again(client, missed.tidings, look, &mut refused)
                .await?;
            self.keep_place(missed.last_nano, &refused).await?;
        }
        let contact = standing.followed_at;
        self.take_snapshot(client, contact, &mut refused).await?;
        self.keep_place(None, &refused).await?;
        // What the engine remembers may go on to come, and more of it may be known than up to that place.
        let look = match (standing.heard_nano, heard_to) {
            (Some(after), Some(to)) => Look::Resumed { after, to },
            _ => Look::Followed,
        };
        let mut audits = tokio::time::interval_at(Instant::now() + AUDIT_EVERY, AUDIT_EVERY);
        // Over all audits: each begins to wait for the next event anew.
        let mut heard_at = Instant::now();
        loop {
            let first = tokio::select! {
                event = events.next(IDLE) => event?,
                _ = audits.tick() => {
                    if heard_at.elapsed() > IDLE {
                        return Ok(());
                    }
                    self.audit(client, &mut refused).await?;
                    self.keep_place(None, &refused).await?;
                    continue;
                }
            };
            let Some(event) = first else { return Ok(()) };
            heard_at = Instant::now();
            let mut batch = Batch::default();
            batch.add(&event);
            let settled = Instant::now() + SETTLE;
            while let Ok(next) = tokio::time::timeout_at(settled, events.next(IDLE)).await {
                let Some(event) = next? else { break };
                batch.add(&event);
            }
            let again = refused.join(&mut batch.tidings);
            self.look_again(client, batch.tidings, look, &mut refused)
                .await?;
            self.look_at_refused(client, again, &mut refused).await?;
            self.keep_place(batch.last_nano, &refused).await?;
        }
    }

    /// Takes in events until the engine has nothing to tell for a moment.
    async fn gather(&self, events: &mut EventStream, most: Duration) -> Result<Batch, DockerError> {
        let (mut batch, end) = (Batch::default(), Instant::now() + most);
        loop {
            let quiet = end.min(Instant::now() + SETTLE);
            match tokio::time::timeout_at(quiet, events.next(IDLE)).await {
                Ok(Ok(Some(event))) => batch.add(&event),
                Ok(Ok(None)) | Err(_) => return Ok(batch),
                Ok(Err(error)) => return Err(error),
            }
        }
    }

    /// Remembers how far the events were taken in, for after a gap.
    async fn keep_place(
        &self,
        last_nano: Option<i64>,
        refused: &Refused,
    ) -> Result<(), FollowError> {
        let now = self.clock.millis();
        let before = refused.place_before().unwrap_or(i64::MAX);
        let place = last_nano.map(|last| last.min(before));
        Ok(following::keep(&self.db, &self.engine_id, place, now).await?)
    }

    /// Lists everything and looks again at what is not as we have it, at what ended without a word, and at whom
    /// the engine would not describe: a busy engine drops events.
    async fn audit(&self, client: &Client, refused: &mut Refused) -> Result<(), FollowError> {
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
        let unaccounted = read::unaccounted(&self.db, &self.engine_id).await?;
        ids.extend(unaccounted.iter().filter_map(|id| DockerId::parse(id)));
        ids.retain(|id| !refused.contains(id));
        if !ids.is_empty() {
            tracing::debug!(
                containers = ids.len(),
                "events did not tell of every change"
            );
        }
        let unheard = ids.into_iter().map(|id| (id, Tidings::default()));
        let contact = Some(self.clock.millis() - AUDIT_EVERY.as_millis() as i64);
        let look = Look::AfterGap { contact };
        self.look_again(client, unheard.collect(), look, refused)
            .await?;
        let again = refused.at_audit();
        self.look_at_refused(client, again, refused).await
    }

    /// Looks once more at these, which were refused before.
    async fn look_at_refused(
        &self,
        client: &Client,
        ids: Vec<DockerId>,
        refused: &mut Refused,
    ) -> Result<(), FollowError> {
        for (look, tidings) in refused.hand_out(ids) {
            self.look_again(client, tidings, look, refused).await?;
        }
        Ok(())
    }

    /// Lists everything, then inspects everything: the list alone is quick and shows all states.
    async fn take_snapshot(
        &self,
        client: &Client,
        contact: Option<i64>,
        refused: &mut Refused,
    ) -> Result<(), FollowError> {
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
        self.write_gone(&gone, &mut AllTidings::new(), Look::default())
            .await?;
        self.roster.replace(&self.engine_id, Vec::new());
        for batch in seen.chunks(BATCH) {
            self.write(batch, &mut AllTidings::new(), Look::default())
                .await?;
        }
        let ids: Vec<_> = seen.iter().map(|one| one.docker_id.clone()).collect();
        let kept = refused.hand_out(ids).into_iter();
        let kept: AllTidings = kept.flat_map(|(_, tidings)| tidings).collect();
        let looks = listed.into_iter().filter_map(|one| {
            let id = DockerId::parse(&one.id)?;
            Some(async move { (inspect(client, &id, one).await, id) })
        });
        let look = Look::AfterGap { contact };
        self.take_in(looks, kept, look, refused).await
    }

    async fn look_again(
        &self,
        client: &Client,
        tidings: AllTidings,
        look: Look,
        refused: &mut Refused,
    ) -> Result<(), FollowError> {
        let ids: Vec<_> = tidings.keys().cloned().collect();
        let looks = ids
            .into_iter()
            .map(|id| async move { (look_at(client, &id).await, id) });
        self.take_in(looks, tidings, look, refused).await
    }

    /// Lets a bounded number of looks be under way, and writes what they bring as it comes.
    async fn take_in<L>(
        &self,
        looks: impl Iterator<Item = L> + Send,
        mut tidings: AllTidings,
        look: Look,
        refused: &mut Refused,
    ) -> Result<(), FollowError>
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
                // One container that the engine cannot describe must not hide the others.
                let refusal = match outcome {
                    Ok(observed) => {
                        refused.forget(&id);
                        match observed {
                            Some(observed) => seen.push(observed),
                            None => gone.push(id.to_string()),
                        }
                        continue;
                    }
                    Err(error @ (DockerError::Refused { .. } | DockerError::Garbage(_))) => error,
                    Err(error) => return Err(error.into()),
                };
                let heard = tidings.remove(&id);
                if refused.keep(id.clone(), heard, look, self.clock.millis()) {
                    tracing::warn!(docker_id = %id, error = %refusal, "a container cannot be inspected");
                }
            }
            self.write_gone(&gone, &mut tidings, look).await?;
            self.write(&seen, &mut tidings, look).await?;
        }
        Ok(())
    }
}

/// Events that are taken in together.
#[derive(Default)]
struct Batch {
    tidings: AllTidings,
    last_nano: Option<i64>,
}

impl Batch {
    fn add(&mut self, event: &EngineEvent) {
        note(&mut self.tidings, event);
        self.last_nano = self.last_nano.max(Some(event.time_nano));
    }
}

/// Both halves of what the engine says of one container; `None` where it no longer has it.
async fn look_at(client: &Client, id: &DockerId) -> Result<Option<Observed>, DockerError> {
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
