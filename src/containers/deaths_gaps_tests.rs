//! Deaths that fall into a gap of the events are told once, too.

use super::tests::{GAP, Started, Story, died, ended, running, timed};
use super::*;

/// It failed, and its policy is about to start it again.
fn restarting(run: i64, restarts: i64, code: i64) -> Detail {
    Detail {
        restarting: true,
        ..ended(run, restarts, code)
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
fn a_restart_that_is_still_to_come_is_no_death_of_its_own() {
    // The engine has counted the restart already; so it has at the other end of the gap.
    let story = Story::new()
        .after_gap(&running(10, 0))
        .after_gap(&restarting(30, 3, 1));
    assert_eq!(story.told, [None, None, Some(1)]);
    let story = story.after_gap(&running(70, 5));
    assert_eq!(story.told, [None, None, Some(1), None, None]);
    let story = story.after_gap(&running(70, 5));
    assert_eq!(story.told.len(), 5);
}

#[test]
fn deaths_of_what_had_never_run_are_counted_too() {
    let story = Story::new()
        .after_gap(&Detail::default())
        .after_gap(&running(40, 2));
    assert_eq!(story.told, [None, None]);
}

#[test]
fn what_is_owed_is_still_owed_after_another_gap() {
    // Two restarts are told by looking, then two more; all their events come late.
    let late = [
        (15, died(1)),
        (20, Started),
        (25, died(1)),
        (30, Started),
        (35, died(1)),
        (40, Started),
        (45, died(1)),
        (50, Started),
    ];
    let story = Story::new()
        .after_gap(&running(10, 0))
        .after_gap(&running(30, 2))
        .after_gap(&running(50, 4))
        .take_in(Look::Followed, &timed(&late), &running(50, 4));
    assert_eq!(story.told.len(), 4, "{:?}", story.told);
    // The same where the first was seen to have ended.
    let story = Story::new()
        .after_gap(&running(10, 0))
        .after_gap(&ended(10, 0, 1))
        .after_gap(&running(20, 0))
        .take_in(Look::Followed, &timed(&late[..2]), &running(20, 0));
    assert_eq!(story.told, [Some(1)]);
}

#[test]
fn a_second_end_that_is_seen_does_not_forget_what_is_owed_of_the_first() {
    let story = Story::new()
        .take_in(Look::Followed, &timed(&[(10, Started)]), &running(10, 0))
        .after_gap(&ended(10, 0, 1))
        // Somebody looks at the next run before any event tells of it.
        .hear(&[], &running(30, 0))
        .after_gap(&ended(30, 0, 2));
    assert_eq!(story.told, [Some(1), Some(2)]);
    let late = [(16, died(1)), (30, Started), (36, died(2))];
    let story = story.take_in(Look::Followed, &timed(&late), &ended(30, 0, 2));
    assert_eq!(story.told, [Some(1), Some(2)]);
}

#[test]
fn what_the_engine_repeats_while_it_is_followed_is_known() {
    let batch = timed(&[(10, Started), (15, died(3))]);
    let story = Story::new().take_in(Look::Followed, &batch, &ended(10, 0, 3));
    let nano = |at: i64| at * 1_000_000;
    let repeated = Look::Resumed {
        after: nano(5),
        to: nano(20),
    };
    let story = story.take_in(repeated, &batch, &ended(10, 0, 3));
    assert_eq!(story.told, [Some(3)]);
    // The engine's clock is set back by more than it repeats, or it says no time: that is news.
    let earlier = timed(&[(1, Started), (2, died(4))]);
    let story = story.take_in(repeated, &earlier, &ended(1, 0, 4));
    assert_eq!(story.told, [Some(3), Some(4)]);
    let story = story.look(repeated, &[Started, died(5)], &ended(40, 0, 5));
    assert_eq!(story.told, [Some(3), Some(4), Some(5)]);
}
