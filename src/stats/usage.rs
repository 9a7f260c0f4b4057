//! Two readings become the figures of one sample. Pure: no clock, no engine, no database.

use std::sync::Arc;

use super::model::{HistoryPoint, Sample};
use crate::docker::stats::Reading;

/// A limit from here on is the kernel's way to say that there is none.
const NO_LIMIT_FROM: u64 = 1 << 62;

/// What one container uses. Small and without text, because memory holds thousands of them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Figures {
    /// Percent of one core, to two decimals: live and stored figures are the same ones.
    pub cpu_percent: Option<f64>,
    pub memory_usage: Option<u64>,
    /// 0 is unlimited.
    pub memory_limit: Option<u64>,
    pub network_rx: Option<u64>,
    pub network_tx: Option<u64>,
    pub block_read: Option<u64>,
    pub block_write: Option<u64>,
}

/// The figures of one container in one round, with what they are filed under.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub slot: i64,
    pub container_id: Arc<str>,
    pub workload_id: Arc<str>,
    pub figures: Figures,
}

impl Figures {
    /// What `now` says, and how much CPU was used since `before`.
    pub fn between(before: Option<&Reading>, now: &Reading) -> Self {
        Self {
            cpu_percent: before.and_then(|before| cpu_percent(before, now)),
            memory_usage: now.memory_usage,
            memory_limit: now.memory_limit,
            network_rx: now.network_rx,
            network_tx: now.network_tx,
            block_read: now.block_read,
            block_write: now.block_write,
        }
    }

    /// How much of the limit is in use; `None` where there is no limit or one of the two is unknown.
    pub fn memory_percent(&self) -> Option<f64> {
        let limit = self.memory_limit.filter(|limit| *limit > 0)?;
        Some(round(self.memory_usage? as f64 / limit as f64 * 100.0))
    }
}

impl Entry {
    /// As it goes over the wire.
    pub fn sample(&self) -> Sample {
        let figures = self.figures;
        Sample {
            container_id: self.container_id.to_string(),
            workload_id: self.workload_id.to_string(),
            cpu_percent: figures.cpu_percent,
            memory_usage: figures.memory_usage,
            memory_limit: figures.memory_limit,
            memory_percent: figures.memory_percent(),
            network_rx: figures.network_rx,
            network_tx: figures.network_tx,
            block_read: figures.block_read,
            block_write: figures.block_write,
        }
    }

    /// As it is added up with others of its round.
    pub fn point(&self, ts: i64) -> HistoryPoint {
        HistoryPoint {
            ts,
            cpu_percent: self.figures.cpu_percent,
            memory_usage: self.figures.memory_usage,
            memory_limit: self.figures.memory_limit,
        }
    }
}

/// The limit as people mean it: 0 where the engine names all of the host's memory, or a number that no
/// machine has. With `host_memory` unknown, the engine's word is taken.
pub fn limit(reported: Option<u64>, host_memory: Option<u64>) -> Option<u64> {
    let none_from = host_memory
        .filter(|bytes| *bytes > 0)
        .unwrap_or(NO_LIMIT_FROM);
    reported.map(|limit| {
        if limit >= none_from.min(NO_LIMIT_FROM) {
            0
        } else {
            limit
        }
    })
}

/// Percent of one core between two readings; `None` where they do not belong together.
fn cpu_percent(before: &Reading, now: &Reading) -> Option<f64> {
    if went_back(before, now) {
        return None;
    }
    let used = now.cpu_total_ns?.checked_sub(before.cpu_total_ns?)? as f64;
    let share = by_system_time(used, before, now).or_else(|| by_wall_time(used, before, now))?;
    Some(round(share * 100.0)).filter(|percent| percent.is_finite())
}

/// A counter that is lower than before was started anew, and so were the others, even where they have
/// overtaken their old values already.
fn went_back(before: &Reading, now: &Reading) -> bool {
    let counters = |reading: &Reading| {
        [
            reading.cpu_total_ns,
            reading.network_rx,
            reading.network_tx,
            reading.block_read,
            reading.block_write,
        ]
    };
    counters(before)
        .into_iter()
        .zip(counters(now))
        .any(|(before, now)| matches!((before, now), (Some(before), Some(now)) if now < before))
}

/// Docker's own formula: what part of all CPUs' time was this container's, times the CPUs.
///
/// `None` where the system's figure is not one: Podman gives another clock or the container's own time,
/// of which a container can seem to use more than there was.
fn by_system_time(used: f64, before: &Reading, now: &Reading) -> Option<f64> {
    let passed = now.system_cpu_ns?.checked_sub(before.system_cpu_ns?)? as f64;
    let cpus = now.online_cpus? as f64;
    // The two counters are not read at the same instant, which explains a tenth at the most.
    let comparable = passed > 0.0 && used <= passed * 1.1 && !is_a_clock(now);
    comparable.then(|| used / passed * cpus)
}

/// The "system time" is the time of day: nobody's CPUs have idled since 1970 to the hour.
fn is_a_clock(reading: &Reading) -> bool {
    const HOUR_NS: u64 = 3_600_000_000_000;
    match (reading.system_cpu_ns, reading.taken_at_ns) {
        (Some(system), Some(taken)) => system.abs_diff(taken.max(0).unsigned_abs()) < HOUR_NS,
        _ => false,
    }
}

fn by_wall_time(used: f64, before: &Reading, now: &Reading) -> Option<f64> {
    let passed = now.taken_at_ns?.checked_sub(before.taken_at_ns?)?;
    (passed > 0).then(|| used / passed as f64)
}

/// Two decimals: more would be noise, and stored figures have to equal the live ones.
fn round(percent: f64) -> f64 {
    (percent * 100.0).round() / 100.0
}

#[cfg(test)]
#[path = "usage_tests.rs"]
mod tests;
