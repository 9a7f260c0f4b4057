//! The log as it is written: folded, chained, found again, pruned.

#[path = "outbox_tests.rs"]
mod leaving;
#[path = "pruning_tests.rs"]
mod pruning;
#[path = "volumes_tests.rs"]
mod volumes;

use chrono::TimeZone;

use super::*;
use crate::events::intake::Intake;
use crate::events::log::EventLog;
use crate::events::model::Happening;
use crate::events::model::event::{Event, Severity};
use crate::events::model::filter::Filter;
use crate::events::report::Report;
use crate::events::store::verify::{Finding, find_loose, verify};
use crate::events::store::{chain, read};
use crate::secrets::key::{Key, Ring};
use crate::secrets::vault::Vault;
use crate::server::clock::Clock;

/// 2026-01-01 in Unix milliseconds.
const START: i64 = 1_767_225_600_000;

struct Bench {
    db: Db,
    vault: Vault,
    intake: Intake,
    writer: Writer,
    _dir: tempfile::TempDir,
}

impl Bench {
    async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let db = Db::open(&dir.path().join("test.db")).await.unwrap();
        let vault = Vault::new(&Ring::of(Key::random()), None);
        let writer = open(&db, &vault, START).await;
        Self {
            db,
            vault,
            intake: Intake::default(),
            writer,
            _dir: dir,
        }
    }

    fn tell(&mut self, name: &str, at: i64) {
        self.intake.take_in(died(name), at);
    }

    async fn write(&mut self) {
        let mut load = self.intake.take_out();
        while !load.is_empty() {
            self.writer.write_some(&mut load).await.unwrap();
        }
    }

    async fn restart(&mut self, now: i64) {
        self.writer = open(&self.db, &self.vault, now).await;
    }

    async fn list(&self, filter: &Filter) -> Vec<Event> {
        read::page(&self.db, filter, None, 500).await.unwrap().items
    }

    async fn verify(&self) -> Finding {
        let known = chain::find(&self.db, &self.vault).await.unwrap();
        let (key, ends) = known.unwrap();
        verify(&self.db, &key, &ends).await.unwrap()
    }

    async fn tamper(&self, sql: &'static str) {
        sqlx::query(sql).execute(self.db.write()).await.unwrap();
    }
}

async fn open(db: &Db, vault: &Vault, now: i64) -> Writer {
    let (key, ends) = chain::open(db, vault).await.unwrap();
    let bus = Bus::default();
    Writer::open(db.clone(), bus, key, &ends, now)
        .await
        .unwrap()
}

fn died(name: &str) -> Report {
    Happening::ContainerDied {
        name: name.into(),
        exit_code: Some(3),
    }
    .into()
}

fn names(events: &[Event]) -> Vec<&str> {
    let names = events.iter();
    names
        .map(|event| event.details["name"].as_str().unwrap())
        .collect()
}

fn filter(words: &str) -> Filter {
    Filter {
        words: Some(words.into()),
        ..Filter::default()
    }
}

#[tokio::test]
async fn repetitions_within_the_window_are_one_line_also_after_a_restart() {
    let mut bench = Bench::new().await;
    bench.tell("web", START);
    bench.write().await;
    bench.tell("web", START + 1000);
    bench.write().await;
    bench.restart(START + 2000).await;
    bench.tell("web", START + WINDOW - 1);
    bench.write().await;
    bench.tell("web", START + WINDOW);
    bench.write().await;
    let events = bench.list(&Filter::default()).await;
    let counts: Vec<_> = events.iter().map(|event| event.count).collect();
    assert_eq!(counts, [1, 3]);
    assert_eq!(events[1].last_ts.timestamp_millis(), START + WINDOW - 1);
    assert_eq!(bench.verify().await, Finding::Intact { lines: 2 });
}

#[tokio::test]
async fn what_was_put_back_counts_on_the_line_that_is_there() {
    let mut bench = Bench::new().await;
    bench.tell("web", START);
    bench.write().await;
    bench.tell("web", START + 1);
    let load = bench.intake.take_out();
    bench.tell("web", START + 2);
    bench.tell("web", START + 3);
    bench.intake.put_back(load);
    bench.write().await;
    let events = bench.list(&Filter::default()).await;
    let counts: Vec<_> = events.iter().map(|event| event.count).collect();
    assert_eq!(counts, [4]);
}

#[tokio::test]
async fn a_page_goes_on_where_the_one_before_ended_through_every_filter() {
    let mut bench = Bench::new().await;
    for number in 0..30 {
        let report = died(&format!("web-{number}"));
        let report = match number % 3 {
            0 => report.about("w-1", &format!("c{number}")),
            _ => report,
        };
        bench.intake.take_in(report, START + number);
    }
    let settings = Happening::SettingsChanged {
        changes: vec![],
        by: "ann".into(),
    };
    bench.intake.take_in(settings.into(), START + 99);
    bench.write().await;
    let severities = vec![Severity::Warning, Severity::Error];
    let filters = [
        (30, filter("web exited")),
        (30, filter("завершился кодом")),
        (1, filter("settings")),
        (
            30,
            Filter {
                severities,
                ..Filter::default()
            },
        ),
        (
            10,
            Filter {
                workload_id: Some("w-1".into()),
                ..Filter::default()
            },
        ),
        (
            10,
            Filter {
                workload_id: Some("w-1".into()),
                sources: vec![Source::Container],
                ..filter("web")
            },
        ),
        (
            1,
            Filter {
                container_id: Some("c3".into()),
                ..Filter::default()
            },
        ),
        (
            0,
            Filter {
                workload_id: Some("w-1".into()),
                sources: vec![Source::Access],
                ..Filter::default()
            },
        ),
        (31, Filter::default()),
    ];
    for (expected, filter) in filters {
        let (mut seen, mut before) = (Vec::new(), None);
        loop {
            let page = read::page(&bench.db, &filter, before, 7).await.unwrap();
            seen.extend(page.items);
            let Some(next) = page.next else { break };
            before = Some(next.parse().unwrap());
        }
        let mut ids: Vec<_> = seen.iter().map(|event| event.id.clone()).collect();
        assert!(ids.is_sorted_by(|one, other| one > other), "{filter:?}");
        ids.dedup();
        assert_eq!(ids.len(), expected, "{filter:?}");
    }
}

#[tokio::test]
async fn a_time_is_the_whole_of_its_millisecond() {
    let mut bench = Bench::new().await;
    for (name, at) in [("a", 0), ("b", 1), ("c", 2), ("d", 3)] {
        bench.tell(name, START + at);
    }
    bench.write().await;
    let time = |at| chrono::Utc.timestamp_millis_opt(START + at).single();
    let between = Filter {
        since: time(1),
        until: time(2),
        ..Filter::default()
    };
    assert_eq!(names(&bench.list(&between).await), ["c", "b"]);
    let nothing = Filter {
        since: time(2),
        until: time(1),
        ..Filter::default()
    };
    assert!(bench.list(&nothing).await.is_empty());
}

#[tokio::test]
async fn what_is_searched_for_is_no_syntax() {
    let mut bench = Bench::new().await;
    bench.tell("web \"x\" OR", START);
    bench.write().await;
    for (words, found) in [
        ("\"x\"", 1),
        ("x OR nothing", 0),
        ("NOT", 0),
        ("words:web", 0),
        ("we*", 1),
        ("*", 0),
        ("'; drop table event_log; --", 0),
        ("(", 0),
        ("^web", 1),
        ("web\0x", 1),
        ("\0", 0),
    ] {
        assert_eq!(bench.list(&filter(words)).await.len(), found, "{words}");
    }
}

#[tokio::test]
async fn whatever_is_changed_behind_our_back_breaks_the_chain() {
    let tamperings = [
        "update event_log set message = 'nothing happened' where number = 2",
        "update event_log set severity = 0 where number = 2",
        "delete from event_log where number = 2",
        "update event_log set key = key + 1048576 where number = 3",
        "insert into event_log select key + 9999999, 9, 9, severity, source, kind, message, workload_id, \
         container_id, proxy_id, operation_id, details, count, last_ts, hash from event_log where number = 3",
    ];
    for tampering in tamperings {
        let mut bench = Bench::new().await;
        for (at, name) in ["a", "b", "c"].into_iter().enumerate() {
            bench.tell(name, START + at as i64);
        }
        bench.write().await;
        assert_eq!(bench.verify().await, Finding::Intact { lines: 3 });
        bench.tamper(tampering).await;
        let found = bench.verify().await;
        assert!(
            matches!(found, Finding::Broken { .. }),
            "{tampering}: {found:?}"
        );
    }
}

#[tokio::test]
async fn what_is_cut_off_at_either_end_is_noticed() {
    let mut bench = Bench::new().await;
    for (at, name) in ["a", "b", "c"].into_iter().enumerate() {
        bench.tell(name, START + at as i64);
    }
    bench.write().await;
    bench.tamper("delete from event_log where number = 3").await;
    assert_eq!(bench.verify().await, Finding::Shortened { lines: 2 });
    let mut other = Bench::new().await;
    for (at, name) in ["a", "b"].into_iter().enumerate() {
        other.tell(name, START + at as i64);
    }
    other.write().await;
    other.tamper("delete from event_log where number = 2").await;
    other
        .tamper("update event_chain set last_number = 1, head_hash = (select hash from event_log)")
        .await;
    assert_eq!(other.verify().await, Finding::FalseHead);
    bench.tamper("delete from event_log where number = 1").await;
    assert!(matches!(bench.verify().await, Finding::Broken { .. }));
    bench
        .tamper("update event_chain set anchor_number = 1, anchor_hash = zeroblob(32)")
        .await;
    assert_eq!(bench.verify().await, Finding::FalseAnchor);
}

#[tokio::test]
async fn lines_without_a_chain_are_found_and_nothing_is_written_after_them() {
    let mut bench = Bench::new().await;
    bench.tell("a", START);
    bench.tell("b", START + 1);
    bench.write().await;
    assert_eq!(find_loose(&bench.db).await.unwrap(), None);
    bench.tamper("delete from event_chain").await;
    let found = find_loose(&bench.db).await.unwrap();
    let is_first = matches!(found, Some(Finding::Loose { number: 1, .. }));
    assert!(is_first, "{found:?}");

    bench.tell("c", START + 2);
    let mut load = bench.intake.take_out();
    assert!(bench.writer.write_some(&mut load).await.is_err());
    assert_eq!(load.lines.len(), 1, "it waits");
    assert_eq!(bench.list(&Filter::default()).await.len(), 2);
    assert!(chain::open(&bench.db, &bench.vault).await.is_err());
    let refused = EventLog::open(&bench.db, Clock::system()).await;
    let refused = refused.unwrap_err().to_string();
    assert!(refused.contains("verify-log"), "{refused}");

    bench.tamper("delete from event_log").await;
    assert!(chain::open(&bench.db, &bench.vault).await.is_ok());
    bench.restart(START).await;
    bench.write().await;
}

#[tokio::test]
async fn a_chain_that_was_put_back_does_not_hold_the_lines_after_it() {
    let mut bench = Bench::new().await;
    bench.tell("a", START);
    bench.write().await;
    bench
        .tamper("create table earlier as select * from event_chain")
        .await;
    bench.tell("b", START + 1);
    bench.write().await;
    bench.tamper("delete from event_chain").await;
    bench
        .tamper("insert into event_chain select * from earlier")
        .await;
    let found = find_loose(&bench.db).await.unwrap();
    let is_second = matches!(found, Some(Finding::Loose { number: 2, .. }));
    assert!(is_second, "{found:?}");
}
