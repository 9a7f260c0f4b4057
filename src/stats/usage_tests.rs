//! What a sample may say, and what it must not.

use proptest::prelude::*;

use super::*;

const SECOND: i64 = 1_000_000_000;

/// A container on a host of two CPUs that has used `cpu_ms` after `at_secs` seconds.
fn docker(at_secs: u64, cpu_ms: u64) -> Reading {
    Reading {
        taken_at_ns: Some(1_795_000_000 * SECOND + at_secs as i64 * SECOND),
        cpu_total_ns: Some(cpu_ms * 1_000_000),
        system_cpu_ns: Some(5_000_000_000_000 + at_secs * 2 * 1_000_000_000),
        online_cpus: Some(2),
        ..Reading::default()
    }
}

fn cpu(before: &Reading, now: &Reading) -> Option<f64> {
    Figures::between(Some(before), now).cpu_percent
}

#[test]
fn one_busy_core_is_a_hundred_percent() {
    assert_eq!(cpu(&docker(0, 0), &docker(2, 2000)), Some(100.0));
    assert_eq!(cpu(&docker(0, 0), &docker(2, 4000)), Some(200.0));
}

#[test]
fn an_idle_container_uses_zero_which_is_not_unknown() {
    assert_eq!(cpu(&docker(0, 70), &docker(2, 70)), Some(0.0));
}

#[test]
fn a_first_reading_has_no_cpu() {
    assert_eq!(Figures::between(None, &docker(2, 2000)).cpu_percent, None);
}

#[test]
fn a_restarted_container_is_a_new_baseline() {
    assert_eq!(cpu(&docker(0, 9000), &docker(2, 100)), None);
    assert_eq!(cpu(&docker(2, 100), &docker(4, 1100)), Some(50.0));
}

#[test]
fn a_restart_shows_in_any_counter_that_goes_back() {
    let before = Reading {
        network_rx: Some(500),
        ..docker(0, 100)
    };
    let now = Reading {
        network_rx: Some(3),
        ..docker(30, 9000)
    };
    assert_eq!(cpu(&before, &now), None);
}

#[test]
fn a_missing_system_figure_is_replaced_by_the_time_that_passed() {
    let without = |reading: Reading| Reading {
        system_cpu_ns: None,
        ..reading
    };
    assert_eq!(
        cpu(&without(docker(0, 0)), &without(docker(4, 1000))),
        Some(25.0)
    );
}

#[test]
fn a_system_figure_that_stands_still_is_replaced_by_the_time_that_passed() {
    let still = |reading: Reading| Reading {
        system_cpu_ns: Some(1),
        ..reading
    };
    assert_eq!(
        cpu(&still(docker(0, 0)), &still(docker(4, 1000))),
        Some(25.0)
    );
}

#[test]
fn podmans_clock_is_not_system_time() {
    let podman = |reading: Reading| Reading {
        system_cpu_ns: reading.taken_at_ns.map(i64::unsigned_abs),
        online_cpus: Some(8),
        ..reading
    };
    assert_eq!(
        cpu(&podman(docker(0, 0)), &podman(docker(2, 2000))),
        Some(100.0)
    );
}

#[test]
fn a_system_figure_that_is_the_containers_own_time_is_not_believed() {
    let own = |reading: Reading, ns| Reading {
        system_cpu_ns: Some(ns),
        ..reading
    };
    assert_eq!(
        cpu(&own(docker(0, 0), 5), &own(docker(2, 1000), 9)),
        Some(50.0)
    );
}

#[test]
fn the_same_moment_read_twice_says_nothing() {
    assert_eq!(cpu(&docker(2, 100), &docker(2, 100)), None);
}

#[test]
fn cpu_has_two_decimals() {
    assert_eq!(cpu(&docker(0, 0), &docker(3, 1)), Some(0.03));
}

#[test]
fn a_limit_of_all_the_hosts_memory_is_no_limit() {
    assert_eq!(limit(Some(8_000), Some(8_000)), Some(0));
    assert_eq!(limit(Some(9_000), Some(8_000)), Some(0));
    assert_eq!(limit(Some(7_999), Some(8_000)), Some(7_999));
}

#[test]
fn a_limit_that_no_machine_has_is_no_limit() {
    for absurd in [1 << 62, 9_223_372_036_854_771_712, u64::MAX] {
        assert_eq!(limit(Some(absurd), None), Some(0));
        assert_eq!(limit(Some(absurd), Some(u64::MAX)), Some(0));
    }
    assert_eq!(limit(Some(512), None), Some(512));
}

#[test]
fn a_limit_that_was_not_read_is_unknown_and_not_unlimited() {
    assert_eq!(limit(None, Some(8_000)), None);
}

#[test]
fn a_percentage_of_nothing_is_null() {
    let of = |memory_usage, memory_limit| {
        Figures {
            memory_usage,
            memory_limit,
            ..Figures::default()
        }
        .memory_percent()
    };
    assert_eq!(of(Some(5), Some(0)), None);
    assert_eq!(of(Some(5), None), None);
    assert_eq!(of(None, Some(10)), None);
    assert_eq!(of(Some(0), Some(10)), Some(0.0));
    assert_eq!(of(Some(1), Some(3)), Some(33.33));
}

prop_compose! {
    fn any_reading()(
        taken_at_ns in any::<Option<i64>>(),
        counters in any::<[Option<u64>; 9]>(),
    ) -> Reading {
        let [cpu_total_ns, system_cpu_ns, online_cpus, memory_usage, memory_limit, rest @ ..] =
            counters;
        let [network_rx, network_tx, block_read, block_write] = rest;
        Reading {
            taken_at_ns, cpu_total_ns, system_cpu_ns, online_cpus, memory_usage, memory_limit,
            network_rx, network_tx, block_read, block_write,
        }
    }
}

proptest! {
    #[test]
    fn no_two_readings_make_a_figure_that_is_no_number(
        before in any_reading(), now in any_reading(), host in any::<Option<u64>>(),
    ) {
        let mut figures = Figures::between(Some(&before), &now);
        figures.memory_limit = limit(now.memory_limit, host);
        for percent in [figures.cpu_percent, figures.memory_percent()].into_iter().flatten() {
            prop_assert!(percent.is_finite() && percent >= 0.0, "{percent}");
        }
    }

    #[test]
    fn what_went_in_comes_out(cores in 1_u64..64, used_ms in 0_u64..64_000, secs in 1_u64..3600) {
        prop_assume!(used_ms <= cores * secs * 1000);
        let at = |secs: u64, ms: u64| Reading {
            system_cpu_ns: Some(secs * cores * 1_000_000_000),
            online_cpus: Some(cores),
            ..docker(secs, ms)
        };
        let expected = used_ms as f64 / (secs as f64 * 10.0);
        let percent = cpu(&at(0, 0), &at(secs, used_ms)).unwrap();
        prop_assert!((percent - expected).abs() <= 0.00501, "{percent} for {expected}");
    }
}
