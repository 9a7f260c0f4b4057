//! Pages of an event log of ten million lines, the first and the hundred-thousandth, with each filter: by key
//! as the program reads them, and by OFFSET as most rivals do. Then how long pruning, writing and merging hold up those who want to write.
//!
//! `cargo bench --features ssr --bench events`; `LINES=1000000` in the environment makes it smaller. Both read
//! the same tables in turns, and their answers are compared before a time counts.

use std::error::Error;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use docker_watcher::bench::{
    Cursor, EventPruner, Filter, LINES_OF_A_VOLUME, Severity, Source, Volume, begin_event_chain,
    begin_volume, drop_volume, event_page, keep_volume, merge_words, write_events,
};
use docker_watcher::server::db::Db;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};

/// Lines of a page.
const PAGE: i64 = 50;
/// Milliseconds from one line to the next.
const STEP: i64 = 250;
/// 2026-01-01 in Unix milliseconds.
const START: i64 = 1_767_225_600_000;
const RUNS: usize = 15;
/// Batches that are written when the pruning is done, and lines of each.
const BATCHES: i64 = 3000;
const BATCH: i64 = 100;
/// Longer than this nobody who writes is to wait for another.
const LONGEST: Duration = Duration::from_millis(50);

type Outcome<T> = Result<T, Box<dyn Error>>;

/// One kind of question: how ours is asked, and the rival's conditions.
struct Case {
    name: &'static str,
    filter: Filter,
    rival: &'static str,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome<()> {
    #[expect(
        clippy::disallowed_methods,
        reason = "a benchmark has no configuration to read it"
    )]
    let lines: i64 = std::env::var("LINES").map_or(Ok(10_000_000), |text| text.parse())?;
    let dir = tempfile::tempdir()?;
    let path = dir.path().join("events.db");
    let began = Instant::now();
    // The program's own tables, made by its own migrations.
    let db = Db::open(&path).await?;
    // A chain only begins where there are no lines.
    let key = begin_event_chain(&db).await?;
    db.close().await;
    fill(&path, lines).await?;
    let mut report = format!(
        "{lines} lines, made in {:.0} s, {} MB\n\n",
        began.elapsed().as_secs_f64(),
        std::fs::metadata(&path)?.len() / 1_000_000
    );
    writeln!(report, "| filter | page | by key | by OFFSET | ratio |")?;
    writeln!(report, "| --- | ---: | ---: | ---: | ---: |")?;
    let db = Db::open(&path).await?;
    for case in cases() {
        let total = count(&db, &case).await?;
        // The hundred-thousandth page where there is one, else the last.
        let last = (total / PAGE - 1).clamp(0, 100_000 - 1);
        for page in [0, last] {
            let (ours, rival) = ask(&db, &case, page).await?;
            writeln!(
                report,
                "| {} | {} | {:.2} ms | {:.2} ms | {:.1} |",
                case.name,
                page + 1,
                median(&ours),
                median(&rival),
                median(&rival) / median(&ours)
            )?;
        }
    }
    let oldest = START + lines / 100 * STEP;
    let pruner = EventPruner::open(db.clone(), key, oldest, START + lines * STEP).await?;
    write!(report, "\n{}", time_writers(&db, &pruner, lines).await?)?;
    db.close().await;
    std::io::stdout().write_all(report.as_bytes())?;
    Ok(())
}

fn cases() -> Vec<Case> {
    let all = Filter::default;
    vec![
        Case {
            name: "none",
            filter: all(),
            rival: "true",
        },
        Case {
            name: "severity",
            filter: Filter {
                severities: vec![Severity::Warning],
                ..all()
            },
            rival: "severity = 1",
        },
        Case {
            name: "severity and source, rare",
            filter: Filter {
                severities: vec![Severity::Error],
                sources: vec![Source::System],
                ..all()
            },
            rival: "severity = 2 and source = 5",
        },
        Case {
            name: "workload",
            filter: Filter {
                workload_id: Some("w7".into()),
                ..all()
            },
            rival: "workload_id = 'w7'",
        },
        Case {
            name: "time",
            filter: Filter {
                until: chrono::DateTime::from_timestamp_millis(START + 1_000_000 * STEP),
                ..all()
            },
            rival: "key < ((1767225600000 + 1000000 * 250 + 1) << 20)",
        },
        Case {
            name: "words",
            filter: Filter {
                words: Some("exited web7".into()),
                ..all()
            },
            rival: "key in (select rowid from rival_words where rival_words match '\"exited\"* AND \"web7\"*')",
        },
        Case {
            name: "words, rare",
            filter: Filter {
                words: Some("only7777".into()),
                ..all()
            },
            rival: "key in (select rowid from rival_words where rival_words match '\"only7777\"*')",
        },
    ]
}

/// Ten million lines of a hundred workloads, one in a hundred of them an error. Their words stand in the program's
/// volumes, and in one index for the rival.
async fn fill(path: &Path, lines: i64) -> Outcome<()> {
    let mut database = SqliteConnectOptions::new()
        .filename(path)
        .synchronous(SqliteSynchronous::Off)
        .pragma("cache_size", "-1000000")
        .connect()
        .await?;
    let sql = "
        begin;
        with recursive c(n) as (select 1 union all select n + 1 from c where n < {LINES})
        insert into event_log
        select (({START} + n * {STEP}) << 20) | (n & 1048575), n, n,
            case when n % 100 = 0 then 2 when n % 3 = 0 then 1 else 0 end,
            case when n % 10000 = 0 then 5 else n % 5 end, 'container.died',
            'web' || (n % 1000) || ' exited with code 3.' || iif(n % 1000003 = 7777, ' only7777', ''),
            'w' || (n % 100), 'c' || (n % 1000), null, null,
            '{\"exit_code\":3,\"name\":\"web' || (n % 1000) || '\"}', 1, {START} + n * {STEP},
            randomblob(32)
        from c;
        create virtual table rival_words using fts5 (words, facets, content = '');
        insert into rival_words (rowid, words, facets) select key, {WORDS} from event_log order by key;
        commit;";
    run(&mut database, &with_lines(sql, lines)).await?;
    let mut first = 1;
    while first <= lines {
        let last = (first + LINES_OF_A_VOLUME - 1).min(lines);
        fill_volume(&mut database, first, last).await?;
        first = last + 1;
    }
    database.close().await?;
    Ok(())
}

/// The words are merged on the way, as the program would have done since.
async fn fill_volume(database: &mut SqliteConnection, first: i64, last: i64) -> Outcome<()> {
    run(database, "begin").await?;
    let number = first / LINES_OF_A_VOLUME + 1;
    let (oldest_key, newest_key) = (place(first).key(), place(last).key());
    let begun = begin_volume(database, number, oldest_key).await?;
    let table = begun.table();
    let sql = format!(
        "insert into {table} ({table}, rank) values ('automerge', 4);
         insert into {table} (rowid, words, facets) select key, {{WORDS}} from event_log
             where key between {oldest_key} and {newest_key} order by key;
         insert into {table} ({table}, rank) values ('automerge', 0)"
    );
    run(database, &with_lines(&sql, last)).await?;
    let volume = Volume {
        lines: last - first + 1,
        newest_key,
        last_number: last,
        ..begun
    };
    keep_volume(database, volume).await?;
    run(database, "commit").await
}

/// Where the line of this number is.
fn place(number: i64) -> Cursor {
    Cursor {
        at: START + number * STEP,
        number,
    }
}

fn with_lines(sql: &str, lines: i64) -> String {
    let words = "message || ' container.died', \
        's' || case severity when 0 then 'info' when 1 then 'warning' else 'error' end || ' ' || workload_id";
    sql.replace("{WORDS}", words)
        .replace("{LINES}", &lines.to_string())
        .replace("{START}", &START.to_string())
        .replace("{STEP}", &STEP.to_string())
}

async fn run(database: &mut SqliteConnection, sql: &str) -> Outcome<()> {
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(database).await?;
    Ok(())
}

async fn count(db: &Db, case: &Case) -> Outcome<i64> {
    let sql = format!("select count(*) from event_log where {}", case.rival);
    Ok(sqlx::query_scalar(AssertSqlSafe(sql))
        .fetch_one(db.read())
        .await?)
}

/// The key and the number of a line.
type RivalRow = (i64, i64, i64, String, String);

/// Both ways to the same page, in turns.
async fn ask(db: &Db, case: &Case, page: i64) -> Outcome<(Vec<Duration>, Vec<Duration>)> {
    let sql = format!(
        "select key, number, severity, message, details from event_log where {} \
         order by key desc limit {PAGE} offset ?",
        case.rival
    );
    let before = match page {
        0 => None,
        page => Some(line_before(db, case, page).await?),
    };
    let (mut ours, mut rival) = (Vec::new(), Vec::new());
    for run in 0..=RUNS {
        let began = Instant::now();
        let items = event_page(db, &case.filter, before, PAGE).await?.items;
        let one = began.elapsed();
        let began = Instant::now();
        let rows: Vec<RivalRow> = sqlx::query_as(AssertSqlSafe(sql.as_str()))
            .bind(page * PAGE)
            .fetch_all(db.read())
            .await?;
        let other = began.elapsed();
        let theirs = rows.iter().map(|row| &row.3);
        if items.is_empty() || items.iter().map(|item| &item.message).ne(theirs) {
            return Err(format!("the answers differ: {} page {page}", case.name).into());
        }
        // The first run prepares the statements.
        if run > 0 {
            ours.push(one);
            rival.push(other);
        }
    }
    Ok((ours, rival))
}

/// The last line of the page before, as a reader who came from there has it.
async fn line_before(db: &Db, case: &Case, page: i64) -> Outcome<Cursor> {
    let sql = format!(
        "select key >> 20, number from event_log where {} order by key desc limit 1 offset ?",
        case.rival
    );
    let (at, number) = sqlx::query_as(AssertSqlSafe(sql))
        .bind(page * PAGE - 1)
        .fetch_one(db.read())
        .await?;
    Ok(Cursor { at, number })
}

/// How long those who want to write wait for each transaction of the others, because they get in between any two:
/// while the oldest hundredth of the lines goes, and while new ones come and their words are merged.
async fn time_writers(db: &Db, pruner: &EventPruner, lines: i64) -> Outcome<String> {
    let mut report = "| transactions | | over 50 ms | median | longest |\n\
                      | --- | ---: | ---: | ---: | ---: |\n"
        .to_owned();
    let mut pruned = Vec::new();
    while timed(&mut pruned, async { Ok(pruner.prune().await? > 0) }).await? {}
    write!(report, "{}", told("fifty lines are pruned", &pruned))?;
    let mut dropped = Vec::new();
    while timed(&mut dropped, async { Ok(drop_volume(db).await?) }).await? {}
    write!(report, "{}", told("a volume goes", &dropped))?;
    let (mut written, mut merged) = (Vec::new(), Vec::new());
    for batch in 0..BATCHES {
        let first = lines + batch * BATCH + 1;
        let new = (first..first + BATCH).map(|number| (number % 1000, place(number)));
        timed(&mut written, async {
            write_events(db, new).await?;
            Ok(true)
        })
        .await?;
        while timed(&mut merged, async { Ok(merge_words(db).await?) }).await? {}
    }
    write!(report, "{}", told("a hundred lines are written", &written))?;
    write!(report, "{}", told("a portion is merged", &merged))?;
    Ok(report)
}

/// Notes how long it took where it did something, and answers whether it did.
async fn timed(
    runs: &mut Vec<Duration>,
    transaction: impl Future<Output = Outcome<bool>>,
) -> Outcome<bool> {
    let began = Instant::now();
    let did = transaction.await?;
    if did {
        runs.push(began.elapsed());
    }
    Ok(did)
}

fn told(name: &str, runs: &[Duration]) -> String {
    let over = runs.iter().filter(|one| **one > LONGEST).count();
    let longest = runs.iter().max().copied().unwrap_or_default();
    format!(
        "| {name} | {} | {over} | {:.1} ms | {:.1} ms |\n",
        runs.len(),
        median(runs),
        longest.as_secs_f64() * 1000.0
    )
}

/// In milliseconds; 0 where there are none.
fn median(runs: &[Duration]) -> f64 {
    let mut sorted = runs.to_vec();
    sorted.sort_unstable();
    let middle = sorted.get(sorted.len() / 2).copied().unwrap_or_default();
    middle.as_secs_f64() * 1000.0
}
