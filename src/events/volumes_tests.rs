//! The index of words: lines are found wherever it keeps them, and it goes with them.

use super::*;
use crate::events::store::prune::Limits;
use crate::events::store::volumes::{drop_emptied, merge};

/// Longer than a volume takes lines.
const LONG: i64 = 8 * 24 * 3600 * 1000;

impl Bench {
    async fn volumes(&self) -> Vec<i64> {
        let sql = "select lines from event_volumes order by number";
        let lines = sqlx::query_scalar(sql).fetch_all(self.db.read());
        lines.await.unwrap()
    }

    /// The tables of FTS5 that there are.
    async fn tables(&self) -> i64 {
        let sql = "select count(*) from sqlite_schema where name like 'event_words_%' and sql like '%fts5%'";
        let count = sqlx::query_scalar(sql).fetch_one(self.db.read());
        count.await.unwrap()
    }

    async fn page(&self, words: &str, before: Option<&str>) -> (Vec<Event>, Option<String>) {
        let before = before.map(|text| text.parse().unwrap());
        let page = read::page(&self.db, &filter(words), before, 2).await;
        let page = page.unwrap();
        (page.items, page.next)
    }
}

#[tokio::test]
async fn pages_of_what_words_find_go_on_from_volume_to_volume() {
    let mut bench = Bench::new().await;
    for volume in 0..3 {
        for line in 0..3 {
            let at = START + volume * LONG + line * 1000;
            bench.tell(&format!("v{volume}n{line}"), at);
        }
        bench.write().await;
    }
    assert_eq!(bench.volumes().await, [3, 3, 3]);
    let (mut found, mut before) = (Vec::new(), None);
    loop {
        let (events, next) = bench.page("exited", before.as_deref()).await;
        found.extend(names(&events).into_iter().map(str::to_owned));
        before = next;
        if before.is_none() {
            break;
        }
    }
    let newest_first = [
        "v2n2", "v2n1", "v2n0", "v1n2", "v1n1", "v1n0", "v0n2", "v0n1", "v0n0",
    ];
    assert_eq!(found, newest_first);
    assert_eq!(names(&bench.page("v0n1", None).await.0), ["v0n1"]);
}

#[tokio::test]
async fn a_clock_that_was_set_back_does_not_disturb_the_order_of_what_is_found() {
    let mut bench = Bench::new().await;
    // The volume of the two in the middle ends after the first line of the one that was written last.
    for at in [0, LONG, LONG + 9000, 2 * LONG + 8000, 2 * LONG + 7000] {
        bench.tell(&at.to_string(), START + at);
        bench.write().await;
    }
    let sql = "update event_volumes set oldest_key = 0, newest_key = newest_key + (100000 << 20) where number = 2";
    bench.tamper(sql).await;
    let all = bench.list(&filter("exited")).await;
    let keys: Vec<i64> = names(&all).iter().map(|at| at.parse().unwrap()).collect();
    assert_eq!(
        keys,
        [2 * LONG + 8000, 2 * LONG + 7000, LONG + 9000, LONG, 0]
    );
}

#[tokio::test]
async fn a_volume_goes_with_the_last_of_its_lines() {
    let mut bench = Bench::new().await;
    for at in [0, 1000, LONG, LONG + 1000] {
        bench.tell(&at.to_string(), START + at);
    }
    bench.write().await;
    assert_eq!(bench.volumes().await, [2, 2]);
    let mut limits = Limits {
        oldest: START + 1000,
        now: START + 2 * LONG,
        most_bytes: None,
    };
    assert_eq!(bench.prune(limits).await, 1);
    assert!(!drop_emptied(&bench.db).await.unwrap(), "one line is left");
    assert_eq!(bench.list(&filter("exited")).await.len(), 3);
    limits.oldest = START + LONG;
    assert_eq!(bench.prune(limits).await, 1);
    assert!(drop_emptied(&bench.db).await.unwrap());
    assert!(!drop_emptied(&bench.db).await.unwrap());
    assert_eq!((bench.volumes().await, bench.tables().await), (vec![2], 1));
    assert_eq!(bench.list(&filter("exited")).await.len(), 2);
    // The last one goes as well, and there is a new one when there is a new line.
    limits.oldest = START + 2 * LONG;
    assert_eq!(bench.prune(limits).await, 2);
    assert!(drop_emptied(&bench.db).await.unwrap());
    assert_eq!(bench.tables().await, 0);
    bench.tell("later", START + 2 * LONG);
    bench.write().await;
    assert_eq!(bench.list(&filter("later")).await.len(), 1);
    assert_eq!(bench.verify().await, Finding::Intact { lines: 1 });
}

#[tokio::test]
async fn merging_changes_nothing_of_what_is_found_and_comes_to_an_end() {
    let mut bench = Bench::new().await;
    for number in 0..200 {
        bench.tell(&format!("name{number}"), START + number * 10);
        if number % 5 == 4 {
            bench.write().await;
        }
    }
    while merge(&bench.db).await.unwrap() {}
    assert_eq!(bench.list(&filter("exited")).await.len(), 200);
    assert_eq!(bench.list(&filter("name19")).await.len(), 11);
    assert!(!merge(&bench.db).await.unwrap());
}
