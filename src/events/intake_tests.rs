//! What waits is bounded and folded, and its counts add up.

use super::*;

fn died(name: &str) -> Report {
    Happening::ContainerDied {
        name: name.into(),
        exit_code: Some(3),
    }
    .into()
}

fn down(engine_id: &str) -> Report {
    Happening::EngineDown {
        engine_id: engine_id.into(),
        engine: "local".into(),
        reason: "it hangs".into(),
    }
    .into()
}

fn up(engine_id: &str) -> Report {
    Happening::EngineUp {
        engine_id: engine_id.into(),
        engine: "local".into(),
    }
    .into()
}

fn counts(load: &Load) -> Vec<(String, i64)> {
    let lines = load.lines.iter();
    lines
        .map(|line| (line.same.kind.clone(), line.count))
        .collect()
}

#[test]
fn the_same_is_one_line_that_counts() {
    let mut intake = Intake::default();
    for at in [10, 30, 20] {
        intake.take_in(died("web"), at);
    }
    intake.take_in(died("db"), 40);
    intake.take_in(died("web").about("w", "c"), 50);
    intake.take_in(died("db").times(4), 60);
    let load = intake.take_out();
    let first = &load.lines[0];
    assert_eq!((first.count, first.first_at, first.last_at), (3, 10, 30));
    assert_eq!(load.lines.len(), 3);
    assert_eq!(load.lines[1].count, 5);
    assert!(intake.take_out().is_empty());
}

#[test]
fn beyond_the_bound_only_kinds_are_counted_and_the_counts_add_up() {
    let mut intake = Intake::default();
    for number in 0..MOST_WAITING + 5000 {
        intake.take_in(died(&number.to_string()), 1);
    }
    // What has a line already still goes there.
    intake.take_in(died("0"), 2);
    let load = intake.take_out();
    assert_eq!(load.lines.len(), MOST_WAITING + 1);
    assert_eq!(load.lines[0].count, 2);
    let last = load.lines.last().unwrap();
    assert_eq!((last.same.kind.as_str(), last.count), ("log.crowded", 5000));
    assert_eq!(last.same.severity, Severity::Warning);
    let sum: i64 = load.lines.iter().map(|line| line.count).sum();
    assert_eq!(sum, (MOST_WAITING + 5001) as i64);
}

#[test]
fn what_could_not_be_written_comes_first_again_and_counts_on() {
    let mut intake = Intake::default();
    intake.take_in(died("first"), 1);
    intake.take_in(died("second").left_as(7), 2);
    let load = intake.take_out();
    intake.take_in(died("second").times(2).left_as(8), 3);
    intake.take_in(died("third"), 4);
    intake.put_back(load);
    intake.take_in(died("third"), 5);
    let load = intake.take_out();
    let lines = load.lines.iter();
    let told: Vec<_> = lines
        .map(|line| (line.first_at, line.last_at, line.count))
        .collect();
    assert_eq!(told, [(1, 1, 1), (2, 3, 3), (4, 5, 2)]);
    assert_eq!(load.lines[1].left_as, [7, 8]);
}

#[test]
fn whoever_guesses_from_thousands_of_networks_gets_a_few_lines_and_all_are_counted() {
    let mut intake = Intake::default();
    for network in 0..3000 {
        let happening = Happening::LockedOut {
            username: Some("ann".into()),
            address: Some(format!("2001:db8:{network:x}::")),
        };
        intake.take_in(happening.into(), 1);
    }
    let load = intake.take_out();
    assert_eq!(load.lines.len(), 11);
    let last = load.lines.last().unwrap();
    assert_eq!(last.count, 2990);
    assert!(!last.same.details.contains("2001"), "{}", last.same.details);
}

#[test]
fn what_has_begun_does_not_begin_again_and_what_had_not_does_not_end() {
    let mut intake = Intake::with_begun([("engine.down".to_owned(), "b".to_owned())]);
    for report in [up("a"), down("a"), down("a"), down("b"), up("a"), up("a")] {
        intake.take_in(report, 7);
    }
    let load = intake.take_out();
    let told = [("engine.down".to_owned(), 1), ("engine.up".to_owned(), 1)];
    assert_eq!(counts(&load), told);
    let spell = ("engine.down".to_owned(), "a".to_owned());
    assert_eq!(load.spells, Spells::from([(spell, None)]));
    intake.take_in(up("b"), 8);
    assert_eq!(counts(&intake.take_out()), [("engine.up".to_owned(), 1)]);
}

#[test]
fn what_is_gone_is_no_longer_in_trouble_and_nothing_is_told() {
    let mut intake = Intake::default();
    let unhealthy = || {
        let happening = Happening::ContainerUnhealthy { name: "web".into() };
        Report::from(happening).about("w", "c")
    };
    intake.take_in(unhealthy(), 1);
    intake.forget("c");
    intake.take_in(unhealthy(), 2);
    assert_eq!(
        counts(&intake.take_out()),
        [("container.unhealthy".to_owned(), 2)]
    );
}

#[test]
fn what_an_act_causes_is_no_alarm() {
    let caused = died("web").about("w", "c").within(Some("o".into()));
    assert_eq!(caused.severity(), Severity::Info);
    assert_eq!(died("web").about("w", "c").severity(), Severity::Warning);
}
