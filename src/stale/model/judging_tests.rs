//! Verdicts, each by the evidence that it takes.

use super::super::evidence::{Run, Times};
use super::*;

const DAY: i64 = 24 * 3600 * 1000;
const NOW: i64 = 1_000 * DAY;

fn ended(days_ago: i64) -> Evidence {
    Evidence {
        seen_at: NOW,
        status: "exited".into(),
        run: Run::default(),
        times: Times {
            created: Some(NOW - 100 * DAY),
            started: Some(NOW - 99 * DAY),
            finished: Some(NOW - days_ago * DAY),
            seen_alive: None,
        },
        size_bytes: None,
        failed: false,
    }
}

fn week<'a>(gaps: &'a [Gap]) -> Sight<'a> {
    Sight {
        now: NOW,
        threshold: 7 * DAY,
        gaps,
        engine_answers: true,
    }
}

fn said(sight: Sight<'_>, evidence: &Evidence) -> (Verdict, Reason) {
    let judgement = judge(sight, Some(evidence), None);
    (judgement.verdict, judgement.reason)
}

#[test]
fn one_that_ended_before_the_threshold_is_stale_since_it_passed() {
    let judgement = judge(week(&[]), Some(&ended(10)), None);
    assert_eq!(
        (judgement.verdict, judgement.reason),
        (Verdict::Stale, Reason::Ended)
    );
    assert_eq!(judgement.stale_since, Some(NOW - 3 * DAY));
    assert_eq!(said(week(&[]), &ended(7)), (Verdict::Fresh, Reason::Recent));
}

#[test]
fn one_that_was_made_and_never_ran_is_stale_by_its_birth() {
    let mut made = ended(10);
    made.status = "created".into();
    (made.times.started, made.times.finished) = (None, None);
    assert_eq!(said(week(&[]), &made), (Verdict::Stale, Reason::NeverRan));
}

#[test]
fn whatever_lives_is_never_stale() {
    for status in ["running", "paused", "restarting", "removing"] {
        let evidence = Evidence {
            status: status.into(),
            ..ended(50)
        };
        assert_eq!(said(week(&[]), &evidence), (Verdict::Fresh, Reason::Alive));
    }
}

#[test]
fn a_word_that_nobody_knows_is_unknown_and_so_is_an_engine_that_is_silent() {
    let odd = Evidence {
        status: "dreaming".into(),
        ..ended(50)
    };
    assert_eq!(
        said(week(&[]), &odd),
        (Verdict::Unknown, Reason::StrangeState)
    );
    let deaf = Sight {
        engine_answers: false,
        ..week(&[])
    };
    assert_eq!(
        said(deaf, &ended(50)),
        (Verdict::Unknown, Reason::EngineDown)
    );
    let failed = Evidence {
        failed: true,
        ..ended(50)
    };
    assert_eq!(
        said(week(&[]), &failed),
        (Verdict::Unknown, Reason::NotInspected)
    );
    assert_eq!(judge(week(&[]), None, None).reason, Reason::NotLookedAt);
}

#[test]
fn time_that_nobody_watched_makes_nothing_stale() {
    let gap = Gap {
        from: NOW - 9 * DAY,
        until: NOW - DAY,
    };
    assert_eq!(
        said(week(&[gap]), &ended(10)),
        (Verdict::Unknown, Reason::Unwatched)
    );
    let judgement = judge(week(&[gap]), Some(&ended(16)), None);
    assert_eq!(judgement.verdict, Verdict::Stale);
    assert_eq!(judgement.stale_since, Some(NOW - DAY));
}

#[test]
fn an_end_in_the_future_is_unknown() {
    assert_eq!(
        said(week(&[]), &ended(-1)),
        (Verdict::Unknown, Reason::StrangeTimes)
    );
}

#[test]
fn without_a_threshold_it_is_stale_as_soon_as_it_stops() {
    let at_once = Sight {
        threshold: 0,
        ..week(&[])
    };
    assert_eq!(said(at_once, &ended(0)), (Verdict::Stale, Reason::Ended));
}

#[test]
fn what_is_kept_is_exempt_and_says_by_what_and_what_is_fresh_is_fresh() {
    let keeping = Some(Keeping {
        exemption_id: None,
        reason: "the label says so".into(),
    });
    let kept = judge(week(&[]), Some(&ended(10)), keeping.clone());
    assert_eq!(
        (kept.verdict, kept.keeping),
        (Verdict::Exempt, keeping.clone())
    );
    let fresh = judge(week(&[]), Some(&ended(1)), keeping);
    assert_eq!(fresh.verdict, Verdict::Fresh);
}
