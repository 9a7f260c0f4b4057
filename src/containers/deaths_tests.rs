//! Each death is told once, whichever way it came to be known.

use super::*;

fn running(run: i64, restarts: i64) -> Detail {
    Detail {
        started_at: Some(run),
        restarts,
        ..Detail::default()
    }
}

fn ended(run: i64, restarts: i64, code: i64) -> Detail {
    Detail {
        ended: true,
        finished_at: Some(run + 5),
        last_exit_code: Some(code),
        ..running(run, restarts)
    }
}

fn tidings(moves: &[Move]) -> Tidings {
    Tidings {
        name: "web".into(),
        moves: moves
            .iter()
            .map(|turn| Heard {
                nano: 0,
                turn: *turn,
            })
            .collect(),
    }
}

const GAP: Look = Look::AfterGap { contact: Some(0) };

fn died(code: i64) -> Move {
    Move::Died {
        exit_code: Some(code),
    }
}

/// Goes through one look after the other as the database would, and gives the codes that were told.
struct Story {
    standing: Option<Standing>,
    omens: Omens,
    told: Vec<Option<i64>>,
}

impl Story {
    fn new() -> Self {
        Self {
            standing: None,
            omens: Omens::default(),
            told: vec![],
        }
    }

    fn look(self, look: Look, moves: &[Move], seen: &Detail) -> Self {
        self.take_in(look, &tidings(moves), seen)
    }

    fn take_in(mut self, look: Look, tidings: &Tidings, seen: &Detail) -> Self {
        let standing = self.standing.as_ref();
        let account = account(standing, seen, tidings, self.omens, look);
        let crashes = account.deaths.iter().filter(|death| death.is_crash());
        self.told.extend(crashes.map(|death| death.exit_code));
        self.omens = account.omens;
        self.standing = Some(Standing {
            run: seen.started_at,
            restarts: seen.restarts,
            died_run: account.died_run,
            owed: account.owed,
            looked_at: true,
            was_alive: !seen.ended,
            heard_nano: account.heard_nano,
            owed_before: account.owed_before,
            told_to: account.told_to,
        });
        self
    }

    fn hear(self, moves: &[Move], seen: &Detail) -> Self {
        self.look(Look::Followed, moves, seen)
    }

    fn after_gap(self, seen: &Detail) -> Self {
        self.look(GAP, &[], seen)
    }
}

use Move::{OutOfMemory, Signalled, Started};

/// Moves with the engine's time in milliseconds.
fn timed(moves: &[(i64, Move)]) -> Tidings {
    let heard = |(at, turn): &(i64, Move)| Heard {
        nano: at * 1_000_000 + 1,
        turn: *turn,
    };
    Tidings {
        name: "web".into(),
        moves: moves.iter().map(heard).collect(),
    }
}

#[test]
fn a_batch_that_is_told_again_after_a_cut_tells_nothing_twice() {
    let batch = timed(&[(10, Started), (15, died(3)), (20, Started), (25, died(4))]);
    let story = Story::new()
        .take_in(Look::Followed, &batch, &ended(20, 0, 4))
        .take_in(GAP, &batch, &ended(20, 0, 4));
    assert_eq!(story.told, [Some(3), Some(4)]);
    // What came after the cut is news.
    let more = timed(&[(25, died(4)), (30, Started), (35, died(5))]);
    let story = story.take_in(GAP, &more, &ended(30, 0, 5));
    assert_eq!(story.told, [Some(3), Some(4), Some(5)]);
}

#[test]
fn restarts_told_by_looking_are_not_told_again_when_their_events_come() {
    let late = [(15, died(1)), (20, Started), (25, died(1)), (30, Started)];
    let story = Story::new()
        .after_gap(&running(10, 0))
        .after_gap(&running(30, 2))
        .take_in(Look::Followed, &timed(&late), &running(30, 2));
    assert_eq!(story.told, [None, None]);
    // The run that it was seen in dies later, and that is one more.
    let story = story.take_in(Look::Followed, &timed(&[(35, died(7))]), &ended(30, 2, 7));
    assert_eq!(story.told, [None, None, Some(7)]);
}

#[test]
fn what_looking_could_not_tell_is_told_when_its_events_come() {
    // Somebody started it again: the engine's counter says nothing of its death.
    let story = Story::new()
        .after_gap(&running(10, 0))
        .after_gap(&running(30, 0))
        .take_in(
            Look::Followed,
            &timed(&[(15, died(1)), (30, Started)]),
            &running(30, 0),
        );
    assert_eq!(story.told, [Some(1)]);
}

#[test]
fn a_look_that_runs_ahead_of_a_start_and_a_death_tells_the_death_once() {
    let story = Story::new()
        .after_gap(&running(10, 0))
        .after_gap(&ended(30, 1, 1));
    assert_eq!(story.told, [None, Some(1)]);
    let late = [(15, died(1)), (30, Started), (35, died(1))];
    let story = story.take_in(Look::Followed, &timed(&late), &ended(30, 1, 1));
    assert_eq!(story.told, [None, Some(1)]);
    let next = [(40, Started), (45, died(2))];
    let story = story.take_in(Look::Followed, &timed(&next), &ended(40, 2, 2));
    assert_eq!(story.told, [None, Some(1), Some(2)]);
}

#[test]
fn the_start_of_what_ended_at_once_may_be_told_after_its_end() {
    // It ends at 35; the engine tells its start at 36 and its end at 37.
    let late = [(15, died(1)), (36, Started), (37, died(2))];
    let next = [(50, Started), (51, died(3))];
    for cut in 0..=late.len() {
        let (first, second) = late.split_at(cut);
        let story = Story::new()
            .after_gap(&running(10, 0))
            .take_in(GAP, &timed(first), &ended(30, 0, 2))
            .take_in(Look::Followed, &timed(second), &ended(30, 0, 2));
        assert_eq!(story.told.len(), 2, "cut at {cut}: {:?}", story.told);
        let story = story.take_in(Look::Followed, &timed(&next), &ended(50, 0, 3));
        assert_eq!(story.told.len(), 3, "cut at {cut}: {:?}", story.told);
    }
    let ahead = || {
        Story::new()
            .take_in(Look::Followed, &timed(&[(10, Started)]), &running(10, 0))
            .after_gap(&ended(30, 0, 2))
    };
    // All of it comes together with the next run.
    let all = [&late[..], &next[..]].concat();
    let story = ahead().take_in(Look::Followed, &timed(&all), &ended(50, 0, 3));
    assert_eq!(story.told, [Some(2), Some(1), Some(3)]);
    // The engine lost what it had to say of it, and the next run is a run of its own.
    let story = ahead().take_in(Look::Followed, &timed(&next), &ended(50, 0, 3));
    assert_eq!(story.told, [Some(2), Some(3)]);
}

#[test]
fn a_look_that_runs_ahead_of_the_replay_tells_the_last_death_once() {
    let first = [(10, Started), (15, died(1))];
    let rest = [(20, Started), (25, died(1))];
    for look in [GAP, Look::Followed] {
        let story = Story::new()
            .hear(&[], &Detail::default())
            .take_in(look, &timed(&first), &ended(20, 1, 1))
            .take_in(Look::Followed, &timed(&rest), &ended(20, 1, 1))
            .after_gap(&ended(20, 1, 1));
        assert_eq!(story.told, [Some(1), Some(1)], "{look:?}");
    }
}

#[test]
fn a_replay_that_is_shorter_than_the_gap_tells_the_others_without_a_code() {
    // Five died; the engine remembers the last two.
    let rest = [(45, died(4)), (50, Started), (55, died(5))];
    let story =
        Story::new()
            .after_gap(&running(10, 0))
            .take_in(GAP, &timed(&rest), &ended(50, 4, 5));
    assert_eq!(story.told, [None, None, None, Some(4), Some(5)]);
    let story =
        Story::new()
            .after_gap(&running(10, 0))
            .take_in(GAP, &timed(&rest[..2]), &running(50, 4));
    assert_eq!(story.told, [None, None, None, Some(4)]);
}

#[test]
fn what_is_heard_is_told_once_and_not_again_by_looking() {
    let story = Story::new()
        .hear(&[Started], &running(10, 0))
        .hear(&[died(3)], &ended(10, 0, 3))
        .after_gap(&ended(10, 0, 3))
        .hear(&[Started, died(4)], &ended(20, 0, 4))
        .after_gap(&ended(20, 0, 4));
    assert_eq!(story.told, [Some(3), Some(4)]);
}

#[test]
fn a_look_that_runs_ahead_of_the_events_tells_nothing_twice() {
    // It is inspected when it has died already, and the word of that comes later.
    let story = Story::new()
        .hear(&[Started], &ended(10, 0, 3))
        .hear(&[died(3)], &ended(10, 0, 3));
    assert_eq!(story.told, [Some(3)]);
    let story = Story::new()
        .hear(&[Started], &running(10, 0))
        .after_gap(&ended(10, 0, 3))
        .hear(&[died(3)], &ended(10, 0, 3))
        .hear(&[Started, died(3)], &ended(20, 0, 3));
    assert_eq!(story.told, [Some(3), Some(3)]);
}

#[test]
fn the_word_that_never_came_does_not_swallow_the_next_death() {
    let story = Story::new()
        .after_gap(&running(10, 0))
        .after_gap(&ended(10, 0, 3))
        .hear(&[Started], &running(20, 0))
        .hear(&[died(4)], &ended(20, 0, 4));
    assert_eq!(story.told, [Some(3), Some(4)]);
}

#[test]
fn a_crash_loop_is_counted_however_the_events_are_cut() {
    let all = [Started, died(1), Started, died(1), Started, died(1)];
    for cut in 0..=all.len() {
        for ahead in [true, false] {
            let (first, second) = all.split_at(cut);
            let runs = if ahead { 3 } else { cut.div_ceil(2) as i64 };
            let between = match (ahead, cut % 2) {
                (true, _) => ended(runs * 10, runs - 1, 1),
                (false, 0) => ended(runs * 10, (runs - 1).max(0), 1),
                (false, _) => running(runs * 10, runs - 1),
            };
            let story = Story::new().hear(&[], &Detail::default());
            let story = story.hear(first, &between);
            let story = story
                .hear(second, &ended(30, 2, 1))
                .after_gap(&ended(30, 2, 1));
            assert_eq!(story.told.len(), 3, "cut at {cut}, ahead {ahead}");
        }
    }
}

#[test]
fn what_had_ended_before_anybody_looked_is_history() {
    let first = Look::AfterGap { contact: None };
    assert!(
        Story::new()
            .look(first, &[], &ended(10, 0, 3))
            .told
            .is_empty()
    );
    // It was made, ran and failed while we were away.
    let away = Look::AfterGap { contact: Some(12) };
    assert_eq!(
        Story::new().look(away, &[], &ended(10, 0, 3)).told,
        [Some(3)]
    );
    let away = Look::AfterGap { contact: Some(16) };
    assert!(
        Story::new()
            .look(away, &[], &ended(10, 0, 3))
            .told
            .is_empty()
    );
}

#[test]
fn what_was_listed_alive_and_died_before_it_was_looked_at_is_told() {
    let listed = |was_alive| Standing {
        was_alive,
        ..Standing::default()
    };
    let look = Look::AfterGap { contact: None };
    let deaths = |was_alive| {
        let omens = Omens::default();
        let standing = listed(was_alive);
        account(
            Some(&standing),
            &ended(10, 0, 3),
            &tidings(&[]),
            omens,
            look,
        )
        .deaths
    };
    assert_eq!((deaths(true).len(), deaths(false).len()), (1, 0));
}

#[test]
fn restarts_that_nobody_saw_are_told_without_a_code() {
    let story = Story::new()
        .after_gap(&running(10, 0))
        .after_gap(&running(40, 3));
    assert_eq!(story.told, [None, None, None]);
    // Of the death that was told already, only the restart is new.
    let story = Story::new()
        .hear(&[Started, died(3)], &ended(10, 0, 3))
        .after_gap(&running(20, 1));
    assert_eq!(story.told, [Some(3)]);
}

#[test]
fn an_engine_that_stops_takes_its_containers_along_and_that_is_no_crash() {
    for code in [0, 137, 143, 255] {
        let story = Story::new()
            .after_gap(&running(10, 0))
            .after_gap(&ended(10, 0, code));
        assert!(story.told.is_empty(), "{code}");
    }
    // It started them again after its own restart.
    let story = Story::new()
        .after_gap(&running(10, 2))
        .after_gap(&running(20, 0));
    assert!(story.told.is_empty());
}

#[test]
fn what_was_asked_to_stop_and_did_is_no_crash() {
    for code in [0, 130, 137, 143] {
        let story = Story::new()
            .hear(&[Started], &running(10, 0))
            .hear(&[Signalled], &running(10, 0))
            .hear(&[died(code)], &ended(10, 0, code));
        assert!(story.told.is_empty(), "{code}");
    }
    let story = Story::new().hear(&[Started, Signalled, died(1)], &ended(10, 0, 1));
    assert_eq!(story.told, [Some(1)]);
    let story = Story::new().hear(&[Started, died(137)], &ended(10, 0, 137));
    assert_eq!(story.told, [Some(137)], "nobody asked for it");
    // The next run was not asked.
    let story = Story::new()
        .hear(&[Started, Signalled, died(143)], &ended(10, 0, 143))
        .hear(&[Started, died(143)], &ended(20, 0, 143));
    assert_eq!(story.told, [Some(143)]);
}

#[test]
fn a_death_for_want_of_memory_says_so() {
    let look = |moves: &[Move], oom_killed| {
        let seen = Detail {
            oom_killed,
            ..ended(10, 0, 137)
        };
        account(
            None,
            &seen,
            &tidings(moves),
            Omens::default(),
            Look::Followed,
        )
        .deaths
    };
    for (moves, oom_killed) in [
        (&[Started, OutOfMemory, died(137)][..], None),
        (&[Started, died(137)][..], Some(true)),
    ] {
        let deaths = look(moves, oom_killed);
        assert!(deaths[0].omens.out_of_memory);
    }
    assert!(
        !look(&[Started, died(137)], Some(false))[0]
            .omens
            .out_of_memory
    );
}
