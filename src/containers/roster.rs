//! Who is alive right now, in memory: what a sampling round goes through without asking the database.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use crate::docker::id::DockerId;

/// A container whose processes exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The key of its samples.
    pub slot: i64,
    pub id: String,
    pub workload_id: String,
    pub engine_id: String,
    pub docker_id: DockerId,
}

/// A cheap handle on the list. The lock is held for a copy at most, so a std lock is right.
#[derive(Clone, Debug, Default)]
pub struct Roster(Arc<RwLock<HashMap<i64, Member>>>);

impl Roster {
    /// Everyone who is alive, by slot.
    pub fn alive(&self) -> Vec<Member> {
        let members = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let mut alive: Vec<_> = members.values().cloned().collect();
        alive.sort_by_key(|member| member.slot);
        alive
    }

    pub fn insert(&self, member: Member) {
        self.0
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(member.slot, member);
    }

    pub fn remove(&self, slot: i64) {
        self.0
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&slot);
    }

    /// Replaces all members of one engine.
    pub fn replace(&self, engine_id: &str, members: Vec<Member>) {
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, member| member.engine_id != engine_id);
        all.extend(members.into_iter().map(|member| (member.slot, member)));
    }
}
