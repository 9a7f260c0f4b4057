//! What following brings is written down, and told after it is.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::deaths::{Look, Omens, account_for_gone};
use super::follower::{FollowError, Follower};
use super::model::{ContainerChange, ContainerStatus, Health};
use super::observed::Observed;
use super::roster::Member;
use super::store::record::{Hearsay, Recorded};
use super::store::{read, record};
use super::telling::LOOP_WINDOW;
use super::tidings::AllTidings;
use crate::docker::id::DockerId;
use crate::error::AppError;
use crate::events::model::Message;

/// What was heard of runs that still go on. A std lock: it is held for one lookup.
#[derive(Clone, Debug, Default)]
pub struct Memory(Arc<Mutex<HashMap<DockerId, Omens>>>);

impl Memory {
    fn omens(&self) -> MutexGuard<'_, HashMap<DockerId, Omens>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Follower {
    /// What was heard of one container before it was looked at.
    fn hearsay(&self, id: &DockerId, tidings: &mut AllTidings, look: Look) -> Hearsay {
        let omens = self.memory.omens().get(id).copied();
        Hearsay {
            tidings: tidings.remove(id).unwrap_or_default(),
            omens: omens.unwrap_or_default(),
            look,
        }
    }

    pub(super) async fn write(
        &self,
        seen: &[Observed],
        tidings: &mut AllTidings,
        look: Look,
    ) -> Result<(), FollowError> {
        if seen.is_empty() {
            return Ok(());
        }
        let now = self.clock.millis();
        let mut tx = self.db.begin().await?;
        let mut recorded = Vec::with_capacity(seen.len());
        for observed in seen {
            let hearsay = self.hearsay(&observed.docker_id, tidings, look);
            let one = record::record(&mut tx, &self.engine_id, observed, &hearsay, now).await?;
            self.telling.leave(&mut tx, &one, now).await?;
            recorded.push(one);
        }
        tx.commit().await?;
        for (observed, one) in seen.iter().zip(&recorded) {
            if observed.detail.is_some() {
                self.remember(&observed.docker_id, one.omens);
            }
            self.tell(one);
        }
        Ok(())
    }

    pub(super) async fn write_gone(
        &self,
        ids: &[String],
        tidings: &mut AllTidings,
        look: Look,
    ) -> Result<(), FollowError> {
        if ids.is_empty() {
            return Ok(());
        }
        let now = self.clock.millis();
        let mut tx = self.db.begin().await?;
        let mut recorded = Vec::new();
        for id in ids {
            let hearsay = DockerId::parse(id).map(|id| {
                let hearsay = self.hearsay(&id, tidings, look);
                self.remember(&id, Omens::default());
                hearsay
            });
            let hearsay = hearsay.unwrap_or_default();
            match record::mark_gone(&mut tx, &self.engine_id, id, &hearsay, now).await? {
                Some(one) => {
                    self.telling.leave(&mut tx, &one, now).await?;
                    recorded.push(one);
                }
                None => {
                    let (tidings, omens) = (&hearsay.tidings, hearsay.omens);
                    let account = account_for_gone(None, tidings, omens, look);
                    let name = &tidings.name;
                    self.telling
                        .leave_of_unknown(&mut tx, name, &account.deaths, now)
                        .await?;
                }
            }
        }
        tx.commit().await?;
        self.telling.call_for();
        recorded.iter().for_each(|one| self.tell(one));
        Ok(())
    }

    fn remember(&self, id: &DockerId, omens: Omens) {
        let mut all = self.memory.omens();
        if omens == Omens::default() {
            all.remove(id);
        } else {
            all.insert(id.clone(), omens);
        }
    }

    /// Brings the roster up to date and tells whoever listens, after the row is committed.
    fn tell(&self, recorded: &Recorded) {
        self.telling.tell(recorded);
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

    /// Notes that what runs is still alive, and who is steady again; called now and then while the engine answers.
    ///
    /// # Errors
    /// Where the database does not take it.
    pub async fn touch(&self) -> Result<(), AppError> {
        let mut tx = self.db.begin().await?;
        let now = self.clock.millis();
        record::touch_alive(&mut tx, &self.engine_id, now).await?;
        tx.commit().await?;
        let steady = read::running_since(&self.db, &self.engine_id, now - LOOP_WINDOW).await?;
        self.telling.tell_steady(steady);
        Ok(())
    }
}
