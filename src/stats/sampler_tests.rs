//! How rounds go, on a clock that the tests turn, with containers that answer as they are told.

use std::sync::Mutex;

use chrono::DateTime;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use super::*;
use crate::docker::connect::DockerError;

/// How a container of the fake answers.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Mood {
    Prompt,
    /// After this many seconds.
    Slow(u64),
    Failing,
}

/// Containers that keep one core busy each.
#[derive(Clone)]
struct Fake {
    born: Instant,
    moods: Arc<Mutex<HashMap<i64, Mood>>>,
    asked: Arc<Mutex<Vec<i64>>>,
}

impl Source for Fake {
    async fn read(&self, member: &Member, deadline: Duration) -> Result<Reading, Unread> {
        self.asked.lock().unwrap().push(member.slot);
        let mood = self
            .moods
            .lock()
            .unwrap()
            .get(&member.slot)
            .copied()
            .unwrap_or(Mood::Prompt);
        match mood {
            Mood::Prompt => {}
            Mood::Slow(secs) if Duration::from_secs(secs) < deadline => {
                sleep(Duration::from_secs(secs)).await;
            }
            Mood::Slow(_) => {
                sleep(deadline).await;
                return Err(Unread::Failed(DockerError::Deadline(deadline)));
            }
            Mood::Failing => return Err(Unread::Gone),
        }
        let passed = self.born.elapsed().as_nanos();
        Ok(Reading {
            taken_at_ns: i64::try_from(passed).ok(),
            cpu_total_ns: u64::try_from(passed).ok(),
            ..Reading::default()
        })
    }
}

/// A sampler at work, and every handle on what it works with.
struct Rig {
    clock: Clock,
    roster: Roster,
    source: Fake,
    bus: Bus,
    recent: Recent,
    interval: watch::Sender<i64>,
    rounds: crate::events::bus::Subscription,
    work: JoinHandle<()>,
    shutdown: CancellationToken,
}

const START: i64 = 1_795_000_000;

fn member(slot: i64, digit: char) -> Member {
    Member {
        slot,
        id: format!("c{slot}"),
        workload_id: "w".into(),
        engine_id: "e".into(),
        docker_id: DockerId::parse(&digit.to_string().repeat(64)).unwrap(),
    }
}

impl Rig {
    fn start(members: &[Member]) -> Self {
        let clock = Clock::held_at(DateTime::from_timestamp(START, 0).unwrap());
        let source = Fake {
            born: Instant::now(),
            moods: Arc::default(),
            asked: Arc::default(),
        };
        let (roster, bus, recent) = (Roster::default(), Bus::default(), Recent::default());
        roster.replace("e", members.to_vec());
        let (interval, interval_secs) = watch::channel(30);
        let shutdown = CancellationToken::new();
        let sampler = Sampler {
            clock: clock.clone(),
            roster: roster.clone(),
            source: source.clone(),
            bus: bus.clone(),
            recent: recent.clone(),
            interval_secs,
        };
        let rounds = bus.subscribe();
        #[expect(
            clippy::disallowed_methods,
            reason = "the test stands in for the supervisor"
        )]
        let work = tokio::spawn(sampler.run(shutdown.clone()));
        Self {
            clock,
            roster,
            source,
            bus,
            recent,
            interval,
            rounds,
            work,
            shutdown,
        }
    }

    /// Lets seconds pass, for the sampler and on its clock, and gives the rounds that were told.
    async fn pass(&mut self, secs: i64) -> Vec<Round> {
        for _ in 0..secs * 10 {
            sleep(Duration::from_millis(100)).await;
            self.clock.advance(chrono::Duration::milliseconds(100));
        }
        let mut rounds = Vec::new();
        while let Some(published) = self.rounds.try_recv_round() {
            if let Message::ContainerStats(round) = &*published.message {
                rounds.push(round.clone());
            }
        }
        rounds
    }
}

fn stamps(rounds: &[Round]) -> Vec<i64> {
    rounds.iter().map(|round| round.ts - START).collect()
}

fn slots(round: &Round) -> Vec<&str> {
    round
        .samples
        .iter()
        .map(|sample| sample.container_id.as_str())
        .collect()
}

#[tokio::test(start_paused = true)]
async fn rounds_come_at_the_interval_and_the_first_has_no_cpu() {
    let mut rig = Rig::start(&[member(1, 'a'), member(2, 'b')]);
    let rounds = rig.pass(65).await;
    assert_eq!(stamps(&rounds), [0, 30, 60]);
    assert_eq!(slots(&rounds[0]), ["c1", "c2"]);
    let cpu: Vec<_> = rounds
        .iter()
        .map(|round| round.samples[0].cpu_percent)
        .collect();
    assert_eq!(cpu, [None, Some(100.0), Some(100.0)]);
    assert_eq!(rig.recent.take_unflushed().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn the_first_who_looks_sets_off_a_round_and_then_one_every_two_seconds() {
    let mut rig = Rig::start(&[member(1, 'a')]);
    assert_eq!(stamps(&rig.pass(11).await), [0]);
    let watching = rig.bus.watch_stats();
    assert_eq!(stamps(&rig.pass(5).await), [11, 13, 15]);
    drop(watching);
    assert_eq!(stamps(&rig.pass(31).await), [45]);
    assert_eq!(
        rig.recent.take_unflushed().len(),
        2,
        "the fast ones stay in memory"
    );
}

#[tokio::test(start_paused = true)]
async fn a_shorter_interval_takes_hold_at_once() {
    let mut rig = Rig::start(&[]);
    assert_eq!(stamps(&rig.pass(12).await), [0]);
    rig.interval.send_replace(5);
    assert_eq!(stamps(&rig.pass(11).await), [12, 17, 22]);
}

#[tokio::test(start_paused = true)]
async fn an_empty_round_is_told_as_a_sign_of_life() {
    let mut rig = Rig::start(&[]);
    let rounds = rig.pass(1).await;
    assert_eq!((stamps(&rounds), rounds[0].samples.len()), (vec![0], 0));
}

#[tokio::test(start_paused = true)]
async fn a_slow_container_does_not_hold_up_the_others() {
    let mut rig = Rig::start(&[member(1, 'a'), member(2, 'b')]);
    rig.source.moods.lock().unwrap().insert(2, Mood::Slow(5));
    let _watching = rig.bus.watch_stats();
    let rounds = rig.pass(21).await;
    assert!(rounds.len() >= 9, "{:?}", stamps(&rounds));
    assert!(rounds.iter().all(|round| slots(round).contains(&"c1")));
    let late = rounds
        .iter()
        .filter(|round| slots(round).contains(&"c2"))
        .count();
    assert!(
        (2..=4).contains(&late),
        "its late readings count in later rounds: {late}"
    );
}

#[tokio::test(start_paused = true)]
async fn who_has_not_answered_is_not_asked_again() {
    let mut rig = Rig::start(&[member(1, 'a'), member(2, 'b')]);
    rig.source.moods.lock().unwrap().insert(2, Mood::Slow(3600));
    let _watching = rig.bus.watch_stats();
    let rounds = rig.pass(21).await;
    assert!(rounds.iter().all(|round| slots(round) == ["c1"]));
    let asked = rig
        .source
        .asked
        .lock()
        .unwrap()
        .iter()
        .filter(|slot| **slot == 2)
        .count();
    assert!(
        (2..=3).contains(&asked),
        "once per deadline of ten seconds: {asked}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_failed_reading_is_a_gap_and_forgets_nothing() {
    let mut rig = Rig::start(&[member(1, 'a')]);
    rig.pass(5).await;
    rig.source.moods.lock().unwrap().insert(1, Mood::Failing);
    let rounds = rig.pass(30).await;
    assert_eq!((stamps(&rounds), rounds[0].samples.len()), (vec![30], 0));
    rig.source.moods.lock().unwrap().insert(1, Mood::Prompt);
    let rounds = rig.pass(30).await;
    assert_eq!(rounds[0].samples[0].cpu_percent, Some(100.0));
}

#[tokio::test(start_paused = true)]
async fn a_recreated_container_starts_anew_in_its_slot() {
    let mut rig = Rig::start(&[member(1, 'a')]);
    rig.pass(35).await;
    rig.roster.replace("e", vec![member(1, 'b')]);
    let rounds = rig.pass(30).await;
    assert_eq!(
        (slots(&rounds[0]), rounds[0].samples[0].cpu_percent),
        (vec!["c1"], None)
    );
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_is_put_right_never_repeats_a_stamp() {
    let mut rig = Rig::start(&[member(1, 'a')]);
    let _watching = rig.bus.watch_stats();
    assert_eq!(stamps(&rig.pass(5).await), [0, 2, 4]);
    rig.clock.advance(chrono::Duration::seconds(-4));
    let later = stamps(&rig.pass(8).await);
    assert!(later[0] > 4 && later.is_sorted(), "{later:?}");
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_was_far_ahead_does_not_stop_the_rounds_when_it_comes_back() {
    let mut rig = Rig::start(&[member(1, 'a')]);
    rig.clock.advance(chrono::Duration::days(900));
    rig.pass(31).await;
    rig.clock.advance(chrono::Duration::days(-900));
    assert_eq!(stamps(&rig.pass(30).await), [60]);
    assert_eq!(rig.recent.last_ts(), Some(START + 60));
}

#[tokio::test(start_paused = true)]
async fn it_ends_when_it_is_told_to() {
    let rig = Rig::start(&[member(1, 'a')]);
    rig.source.moods.lock().unwrap().insert(1, Mood::Slow(3600));
    sleep(Duration::from_secs(1)).await;
    rig.shutdown.cancel();
    rig.work.await.unwrap();
}
