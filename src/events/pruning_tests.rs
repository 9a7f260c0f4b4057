//! What is too old or too much goes, and the rest stays provable.

use super::*;
use crate::events::store::prune::{Limits, last_aged, prune};

impl Bench {
    pub(super) async fn prune(&self, limits: Limits) -> usize {
        let known = chain::find(&self.db, &self.vault).await.unwrap();
        let aged = last_aged(&self.db, limits).await.unwrap();
        let key = known.unwrap().0;
        prune(&self.db, &key, limits, aged, 100).await.unwrap()
    }
}

#[tokio::test]
async fn what_is_too_old_goes_and_the_rest_stays_provable() {
    let mut bench = Bench::new().await;
    for at in 0..10 {
        bench.tell(&at.to_string(), START + at * 1000);
    }
    bench.write().await;
    let limits = Limits {
        oldest: START + 4000,
        now: START + 10_000,
        most_bytes: None,
    };
    assert_eq!(bench.prune(limits).await, 4);
    assert_eq!(bench.prune(limits).await, 0);
    assert_eq!(bench.verify().await, Finding::Intact { lines: 6 });
    assert_eq!(bench.list(&filter("exited")).await.len(), 6);
    bench.tell("later", START + 20_000);
    bench.write().await;
    assert_eq!(bench.verify().await, Finding::Intact { lines: 7 });
}

#[tokio::test]
async fn a_log_that_is_too_large_loses_its_oldest_lines() {
    let mut bench = Bench::new().await;
    for at in 0..10 {
        bench.tell(&at.to_string(), START + at);
    }
    bench.write().await;
    let bytes = |bench: &Bench| {
        let db = bench.db.clone();
        async move {
            let sql = "select bytes, (select sum(length(cast(message as blob)) + length(details)) from event_log) from event_chain";
            let pair: (i64, i64) = sqlx::query_as(sql).fetch_one(db.read()).await.unwrap();
            assert_eq!(pair.0, pair.1);
            pair.0
        }
    };
    let half = bytes(&bench).await / 2;
    let mut limits = Limits {
        oldest: 0,
        now: START + 99,
        most_bytes: Some(half),
    };
    assert_eq!(bench.prune(limits).await, 0, "they may still be repeated");
    limits.now += WINDOW;
    assert_eq!(bench.prune(limits).await, 5);
    assert_eq!(bytes(&bench).await, half);
    assert_eq!(bench.verify().await, Finding::Intact { lines: 5 });
}

#[tokio::test]
async fn a_clock_that_was_wrong_for_a_while_takes_no_young_line_away() {
    let mut bench = Bench::new().await;
    // In the order of writing: old, far in the future, old, young, at the beginning of all time.
    for (name, at) in [
        ("old", START),
        ("future", START * 2),
        ("older", START + 1),
        ("young", START + 9000),
        ("epoch", 1000),
    ] {
        bench.tell(name, at);
        bench.write().await;
    }
    let limits = Limits {
        oldest: START + 5000,
        now: START + 10_000,
        most_bytes: None,
    };
    assert_eq!(bench.prune(limits).await, 3);
    assert_eq!(bench.prune(limits).await, 0);
    assert_eq!(
        names(&bench.list(&Filter::default()).await),
        ["young", "epoch"]
    );
    assert_eq!(bench.verify().await, Finding::Intact { lines: 2 });
}

#[tokio::test]
async fn many_lines_of_the_future_do_not_keep_the_old_ones_behind_them() {
    let mut bench = Bench::new().await;
    for number in 0..150 {
        bench.tell(&format!("future {number}"), START + 1_000_000 + number);
    }
    bench.write().await;
    bench.tell("old", START);
    bench.write().await;
    bench.tell("young", START + 8000);
    bench.write().await;
    let limits = Limits {
        oldest: START + 5000,
        now: START + 10_000,
        most_bytes: None,
    };
    assert_eq!(bench.prune(limits).await, 100);
    assert_eq!(bench.prune(limits).await, 51);
    assert_eq!(bench.prune(limits).await, 0);
    assert_eq!(names(&bench.list(&Filter::default()).await), ["young"]);
}
