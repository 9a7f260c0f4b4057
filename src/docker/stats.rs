//! What one container has used so far, as the engine counts it. Nothing in its answer is required.

use std::collections::HashMap;
use std::time::Duration;

use chrono::{DateTime, Datelike};
use serde::{Deserialize, Deserializer};

use super::connect::{Client, DockerError};
use super::id::DockerId;

/// The counters of one container at one moment; `None` is "the engine did not say".
///
/// Times and CPU are in nanoseconds, all else in bytes; counters count from the container's start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// When the engine read the counters, since the Unix epoch, by the engine's own clock.
    pub taken_at_ns: Option<i64>,
    pub cpu_total_ns: Option<u64>,
    /// What all CPUs of the host spent together, idling included.
    pub system_cpu_ns: Option<u64>,
    pub online_cpus: Option<u64>,
    /// Without the page cache that the kernel would give back.
    pub memory_usage: Option<u64>,
    pub memory_limit: Option<u64>,
    /// Summed over all interfaces. With the host's network nobody counts, so it is unknown.
    pub network_rx: Option<u64>,
    pub network_tx: Option<u64>,
    /// Summed over all devices.
    pub block_read: Option<u64>,
    pub block_write: Option<u64>,
}

impl Client {
    /// Reads a container's counters once; `None` where it does not run.
    ///
    /// An engine that does not know `one-shot` takes a second longer and answers the same.
    ///
    /// # Errors
    /// Where the engine has no such container, or no sensible answer before the deadline.
    pub async fn read_stats(
        &self,
        id: &DockerId,
        deadline: Duration,
    ) -> Result<Option<Reading>, DockerError> {
        let path = format!("/containers/{id}/stats?stream=false&one-shot=true");
        let answer: Answer = self.get_json(&path, deadline).await?;
        Ok(answer.reading())
    }
}

/// The part of the engine's answer that we use.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Answer {
    #[serde(deserialize_with = "lenient")]
    read: Option<String>,
    #[serde(deserialize_with = "lenient")]
    cpu_stats: Option<CpuStats>,
    #[serde(deserialize_with = "lenient")]
    memory_stats: Option<MemoryStats>,
    #[serde(deserialize_with = "lenient")]
    networks: Option<HashMap<String, Interface>>,
    #[serde(deserialize_with = "lenient")]
    blkio_stats: Option<BlockStats>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct CpuStats {
    #[serde(deserialize_with = "lenient")]
    cpu_usage: Option<CpuUsage>,
    #[serde(deserialize_with = "lenient")]
    system_cpu_usage: Option<u64>,
    #[serde(deserialize_with = "lenient")]
    online_cpus: Option<u64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct CpuUsage {
    #[serde(deserialize_with = "lenient")]
    total_usage: Option<u64>,
    #[serde(deserialize_with = "lenient")]
    percpu_usage: Option<Vec<u64>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct MemoryStats {
    #[serde(deserialize_with = "lenient")]
    usage: Option<u64>,
    #[serde(deserialize_with = "lenient")]
    limit: Option<u64>,
    #[serde(deserialize_with = "lenient")]
    stats: Option<MemoryDetails>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct MemoryDetails {
    /// Control groups v2.
    #[serde(deserialize_with = "lenient")]
    inactive_file: Option<u64>,
    /// Control groups v1, where the figure above leaves out the groups below.
    #[serde(deserialize_with = "lenient")]
    total_inactive_file: Option<u64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Interface {
    #[serde(deserialize_with = "lenient")]
    rx_bytes: Option<u64>,
    #[serde(deserialize_with = "lenient")]
    tx_bytes: Option<u64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct BlockStats {
    #[serde(deserialize_with = "lenient")]
    io_service_bytes_recursive: Option<Vec<BlockEntry>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct BlockEntry {
    #[serde(deserialize_with = "lenient")]
    op: Option<String>,
    #[serde(deserialize_with = "lenient")]
    value: Option<u64>,
}

/// A value that is null or of another type than documented is unknown; it does not spoil its neighbours.
fn lenient<'de, D: Deserializer<'de>, T: serde::de::DeserializeOwned>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    Ok(serde_json::from_value(serde_json::Value::deserialize(deserializer)?).ok())
}

impl Answer {
    /// `None` where the container does not run, which the engine says with a time of the year 1.
    fn reading(self) -> Option<Reading> {
        let read = self
            .read
            .as_deref()
            .and_then(|text| DateTime::parse_from_rfc3339(text).ok());
        if read.is_some_and(|time| time.year() < 1970) {
            return None;
        }
        let cpu = self.cpu_stats.unwrap_or_default();
        let cpu_usage = cpu.cpu_usage.unwrap_or_default();
        // Engines before 17.09 do not count the CPUs, but list each.
        let listed = cpu_usage.percpu_usage.map(|each| each.len() as u64);
        let memory = self.memory_stats.unwrap_or_default();
        let networks = self.networks.filter(|networks| !networks.is_empty());
        let sum_of = |pick: fn(&Interface) -> Option<u64>| {
            networks
                .as_ref()
                .and_then(|all| sum(all.values().map(pick)))
        };
        let block = self
            .blkio_stats
            .unwrap_or_default()
            .io_service_bytes_recursive;
        Some(Reading {
            taken_at_ns: read.and_then(|time| time.timestamp_nanos_opt()),
            cpu_total_ns: cpu_usage.total_usage,
            system_cpu_ns: cpu.system_cpu_usage,
            online_cpus: cpu.online_cpus.or(listed).filter(|count| *count > 0),
            memory_usage: memory.in_use(),
            memory_limit: memory.limit,
            network_rx: sum_of(|interface| interface.rx_bytes),
            network_tx: sum_of(|interface| interface.tx_bytes),
            block_read: transferred(block.as_deref(), "read"),
            block_write: transferred(block.as_deref(), "write"),
        })
    }
}

impl MemoryStats {
    /// As `docker stats` shows it: the page cache that can be dropped at any moment is not in use.
    fn in_use(&self) -> Option<u64> {
        let usage = self.usage?;
        let cache = self
            .stats
            .as_ref()
            .and_then(|details| details.total_inactive_file.or(details.inactive_file));
        // The two are not read at the same instant; a cache larger than the whole is not believed.
        Some(
            cache
                .and_then(|cache| usage.checked_sub(cache))
                .unwrap_or(usage),
        )
    }
}

/// Bytes read or written, over all devices.
///
/// An empty list is a zero: the controller counted and saw no device in use (v1 says it so). A null or
/// absent list stays unknown: on v2 the engine says null both before the first transfer and where
/// the group has no io controller, and it would be wrong to call the second "nothing".
fn transferred(entries: Option<&[BlockEntry]>, op: &str) -> Option<u64> {
    let entries = entries?;
    if entries.is_empty() {
        return Some(0);
    }
    let of_op = |entry: &&BlockEntry| {
        entry
            .op
            .as_deref()
            .is_some_and(|name| name.eq_ignore_ascii_case(op))
    };
    sum(entries.iter().filter(of_op).map(|entry| entry.value))
}

/// The sum of what is known; `None` where nothing is.
fn sum(values: impl Iterator<Item = Option<u64>>) -> Option<u64> {
    values.flatten().fold(None, |sum, value| {
        Some(sum.unwrap_or(0_u64).saturating_add(value))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Option<Reading> {
        serde_json::from_str::<Answer>(json).unwrap().reading()
    }

    #[test]
    fn an_answer_of_a_v2_engine_is_read_in_full() {
        let reading = read(
            r#"{"read":"2026-11-21T12:00:00.5Z","preread":"0001-01-01T00:00:00Z","new":{},
            "cpu_stats":{"cpu_usage":{"total_usage":7},"system_cpu_usage":90,"online_cpus":2},
            "memory_stats":{"usage":100,"limit":1000,"stats":{"inactive_file":30,"anon":1}},
            "networks":{"eth0":{"rx_bytes":1,"tx_bytes":2},"eth1":{"rx_bytes":10,"tx_bytes":20}},
            "blkio_stats":{"io_service_bytes_recursive":[
                {"major":8,"op":"read","value":5},{"major":8,"op":"write","value":6},
                {"major":9,"op":"Read","value":50},{"major":9,"op":"Total","value":99}]}}"#,
        );
        assert_eq!(
            reading,
            Some(Reading {
                taken_at_ns: Some(1_795_262_400_500_000_000),
                cpu_total_ns: Some(7),
                system_cpu_ns: Some(90),
                online_cpus: Some(2),
                memory_usage: Some(70),
                memory_limit: Some(1000),
                network_rx: Some(11),
                network_tx: Some(22),
                block_read: Some(55),
                block_write: Some(6),
            })
        );
    }

    #[test]
    fn a_stopped_container_has_no_reading() {
        assert_eq!(
            read(r#"{"read":"0001-01-01T00:00:00Z","memory_stats":{}}"#),
            None
        );
    }

    #[test]
    fn page_cache_is_not_memory_in_use() {
        let v1 = r#"{"memory_stats":{"usage":100,
            "stats":{"inactive_file":1,"total_inactive_file":60}}}"#;
        assert_eq!(read(v1).unwrap().memory_usage, Some(40));
        let v2 = r#"{"memory_stats":{"usage":100,"stats":{"inactive_file":60}}}"#;
        assert_eq!(read(v2).unwrap().memory_usage, Some(40));
        let odd = r#"{"memory_stats":{"usage":100,"stats":{"inactive_file":101}}}"#;
        assert_eq!(read(odd).unwrap().memory_usage, Some(100));
    }

    #[test]
    fn what_the_engine_does_not_say_is_unknown() {
        for json in [
            "{}",
            r#"{"read":null,"cpu_stats":null,"memory_stats":{},"networks":null,"blkio_stats":{}}"#,
            r#"{"read":7,"cpu_stats":[],"memory_stats":{"usage":-1},"networks":{},
                "blkio_stats":{"io_service_bytes_recursive":null}}"#,
            r#"{"cpu_stats":{"cpu_usage":{"total_usage":"many"},"online_cpus":0}}"#,
        ] {
            assert_eq!(read(json), Some(Reading::default()), "{json}");
        }
    }

    #[test]
    fn an_empty_list_of_transfers_is_a_zero_that_was_measured() {
        let reading = read(r#"{"blkio_stats":{"io_service_bytes_recursive":[]}}"#).unwrap();
        assert_eq!(
            (reading.block_read, reading.block_write),
            (Some(0), Some(0))
        );
    }

    #[test]
    fn an_old_engine_lists_its_cpus_instead_of_counting_them() {
        let reading = read(r#"{"cpu_stats":{"cpu_usage":{"percpu_usage":[1,2,3]}}}"#).unwrap();
        assert_eq!(reading.online_cpus, Some(3));
    }
}
