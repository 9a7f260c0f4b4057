//! Each death is told once, whichever way it came to be known.

use super::*;

pub(super) fn running(run: i64, restarts: i64) -> Detail {
    Detail {
        started_at: Some(run),
        restarts,
        ..Detail::default()
    }
}

pub(super) fn ended(run: i64, restarts: i64, code: i64) -> Detail {
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

pub(super) const GAP: Look = Look::AfterGap { contact: Some(0) };

pub(super) fn died(code: i64) -> Move {
    Move::Died {
        exit_code: Some(code),
    }
}

/// Goes through one look after the other as the database would, and gives the codes that were told.
pub(super) struct Story {
    pub(super) standing: Option<Standing>,
    omens: Omens,
    pub(super) told: Vec<Option<i64>>,
}

impl Story {
    pub(super) fn new() -> Self {
        Self {
            standing: None,
            omens: Omens::default(),
            told: vec![],
        }
    }

    pub(super) fn look(self, look: Look, moves: &[Move], seen: &Detail) -> Self {
        self.take_in(look, &tidings(moves), seen)
    }

    pub(super) fn take_in(mut self, look: Look, tidings: &Tidings, seen: &Detail) -> Self {
        let standing = self.standing.as_ref();
        let account = account(standing, seen, tidings, self.omens, look);
        let crashes = account.deaths.iter().filter(|death| death.is_crash());
        self.told.extend(crashes.map(|death| death.exit_code));
        self.omens = account.omens;
        self.standing = Some(Standing {
            run: seen.started_at,
            restarts: seen.times_restarted(),
            died_run: account.died_run,
            owed: account.owed,
            looked_at: true,
            was_alive: !seen.ended,
            heard_nano: account.heard_nano,
            owed_before: account.owed_before,
            told_to: account.told_to,
            short_of_memory: seen.oom_killed == Some(true) && !seen.ended,
        });
        self
    }

    pub(super) fn hear(self, moves: &[Move], seen: &Detail) -> Self {
        self.look(Look::Followed, moves, seen)
    }

    pub(super) fn after_gap(self, seen: &Detail) -> Self {
        self.look(GAP, &[], seen)
    }
}

pub(super) use Move::{Nudged, OutOfMemory, Signalled, Started};

/// Moves with the engine's time in milliseconds.
pub(super) fn timed(moves: &[(i64, Move)]) -> Tidings {
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

#[test]
fn a_signal_that_asks_for_something_else_does_not_excuse_a_death() {
    let hup = Nudged { signal: 1 };
    for code in [137, 143] {
        let story = Story::new()
            .hear(&[Started, hup], &running(10, 0))
            .hear(&[died(code)], &ended(10, 0, code));
        assert_eq!(story.told, [Some(code)], "it was only to read its settings");
        let asked = [Started, hup, Signalled, died(code)];
        let story = Story::new().hear(&asked, &ended(10, 0, code));
        assert!(story.told.is_empty(), "{code}");
    }
    // Some are asked to end in their own way.
    let seen = Detail {
        stop_signal: Some(28),
        ..ended(10, 0, 137)
    };
    let story = Story::new().hear(&[Started, Nudged { signal: 28 }, died(137)], &seen);
    assert!(story.told.is_empty());
}

/// Takes one look after the other in, and answers how often want of memory was told while it went on, and the
/// codes of the ends, those for want of memory apart.
fn memory(looks: &[(Look, &[Move], Detail)]) -> (usize, Vec<Option<i64>>, Vec<Option<i64>>) {
    let (mut story, mut within) = (Story::new(), 0);
    let (mut of_it, mut others) = (vec![], vec![]);
    for (look, moves, seen) in looks {
        let heard = tidings(moves);
        let taken = account(story.standing.as_ref(), seen, &heard, story.omens, *look);
        within += usize::from(taken.short_of_memory);
        for death in taken.deaths.iter().filter(|death| death.is_crash()) {
            match death.is_for_memory() {
                true => of_it.push(death.exit_code),
                false => others.push(death.exit_code),
            }
        }
        story = story.take_in(*look, &heard, seen);
    }
    (within, of_it, others)
}

/// The engine says that the run ran out of memory, and goes on saying so.
fn short(seen: Detail) -> Detail {
    Detail {
        oom_killed: Some(true),
        ..seen
    }
}

#[test]
fn want_of_memory_is_told_when_it_happens_and_not_when_it_ends_well_much_later() {
    let followed = Look::Followed;
    let ways: [fn(Detail) -> Detail; 2] = [|seen| seen, short];
    for says in ways {
        let began = (followed, &[Started][..], running(10, 0));
        let killed = (followed, &[OutOfMemory][..], says(running(10, 0)));
        for (moves, code, others) in [
            (&[Signalled, died(0)][..], 0, vec![]),
            (&[died(0)], 0, vec![]),
            (&[Signalled, died(143)], 143, vec![]),
            (&[died(1)], 1, vec![Some(1)]),
        ] {
            let over = (followed, moves, says(ended(10, 0, code)));
            let told = memory(&[began.clone(), killed.clone(), killed.clone(), over]);
            assert_eq!(told, (1, vec![], others), "{moves:?}");
        }
        // It ended well in the same moment.
        let moves: &[Move] = &[Started, OutOfMemory, died(0)];
        let told = memory(&[(followed, moves, says(ended(10, 0, 0)))]);
        assert_eq!(told, (1, vec![], vec![]));
        // The next run begins anew.
        let next = (
            followed,
            &[Started, OutOfMemory, died(137)][..],
            says(ended(20, 1, 137)),
        );
        let told = memory(&[began.clone(), killed, next]);
        assert_eq!(told, (1, vec![Some(137)], vec![]));
    }
}

#[test]
fn want_of_memory_that_nobody_heard_of_is_found_once() {
    let first = (GAP, &[][..], running(10, 0));
    let found = (GAP, &[][..], short(running(10, 0)));
    let late = (Look::Followed, &[OutOfMemory][..], short(running(10, 0)));
    let over = (GAP, &[][..], short(ended(10, 0, 137)));
    let told = memory(&[first.clone(), found.clone(), found, late, over.clone()]);
    assert_eq!(
        told,
        (1, vec![], vec![]),
        "137 may be of somebody who stopped it"
    );
    let told = memory(&[first.clone(), over]);
    assert_eq!(told, (0, vec![Some(137)], vec![]));
    // It was asked to stop, and did.
    let told = memory(&[first, (GAP, &[][..], short(ended(10, 0, 143)))]);
    assert_eq!(told, (0, vec![], vec![]));
}

#[test]
fn want_of_memory_that_was_told_before_a_restart_of_the_program_is_not_told_with_the_end() {
    let mut story = Story::new()
        .hear(&[Started], &running(10, 0))
        .hear(&[OutOfMemory], &short(running(10, 0)));
    // What was heard is in memory alone.
    story.omens = Omens::default();
    let (seen, heard) = (short(ended(10, 0, 1)), tidings(&[died(1)]));
    let standing = story.standing.as_ref();
    let taken = account(standing, &seen, &heard, story.omens, Look::Followed);
    assert!(!taken.short_of_memory && taken.deaths.len() == 1);
    assert!(!taken.deaths[0].is_for_memory());
}
