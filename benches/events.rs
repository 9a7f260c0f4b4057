//! Pages of an event log of ten million lines, the first and the hundred-thousandth, with each filter: by key
//! as the program reads them, and by OFFSET as most rivals do. Then how long pruning holds up those who write.
//!
//! `cargo bench --features ssr --bench events`; `LINES=1000000` in the environment makes it smaller. Both read
//! the same tables in turns, and their answers are compared before a time counts.

use std::error::Error;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use docker_watcher::bench::{
    Cursor, EventPruner, Filter, Severity, Source, begin_event_chain, event_page,
};
use docker_watcher::server::db::Db;
use sqlx::sqlite::{SqliteConnectOptions, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};

/// Lines of a page.
const PAGE: i64 = 50;
/// Milliseconds from one line to the next.
const STEP: i64 = 250;
/// 2026-01-01 in Unix milliseconds.
const START: i64 = 1_767_225_600_000;
const RUNS: usize = 15;
/// Longer than this nobody who writes is to wait for pruning.
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
    write!(report, "\n{}", time_pruning(&pruner).await?)?;
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
            rival: "key in (select rowid from event_words where event_words match '\"exited\"* AND \"web7\"*')",
        },
    ]
}

/// Ten million lines of a hundred workloads, one in a hundred of them an error. The words are merged on the way, as
/// the program would have done since.
async fn fill(path: &Path, lines: i64) -> Outcome<()> {
    let mut database = SqliteConnectOptions::new()
        .filename(path)
        .synchronous(SqliteSynchronous::Off)
        .pragma("cache_size", "-1000000")
        .connect()
        .await?;
    let sql = "
        begin;
        insert into event_words (event_words, rank) values ('automerge', 4);
        with recursive c(n) as (select 1 union all select n + 1 from c where n < {LINES})
        insert into event_log
        select (({START} + n * {STEP}) << 20) | (n & 1048575), n, n,
            case when n % 100 = 0 then 2 when n % 3 = 0 then 1 else 0 end,
            case when n % 10000 = 0 then 5 else n % 5 end, 'container.died',
            'web' || (n % 1000) || ' exited with code 3.', 'w' || (n % 100), 'c' || (n % 1000), null, null,
            '{\"exit_code\":3,\"name\":\"web' || (n % 1000) || '\"}', 1, {START} + n * {STEP},
            randomblob(32)
        from c;
        insert into event_words (rowid, words, facets)
        select key, message || ' container.died',
            's' || case severity when 0 then 'info' when 1 then 'warning' else 'error' end || ' ' || workload_id
        from event_log order by key;
        insert into event_words (event_words, rank) values ('automerge', 0);
        commit;";
    let sql = sql
        .replace("{LINES}", &lines.to_string())
        .replace("{START}", &START.to_string())
        .replace("{STEP}", &STEP.to_string());
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(&mut database)
        .await?;
    database.close().await?;
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

/// How long those who want to write wait while the oldest hundredth of the lines goes: each batch by itself,
/// because they get in between any two.
async fn time_pruning(pruner: &EventPruner) -> Outcome<String> {
    let mut batches = Vec::new();
    loop {
        let began = Instant::now();
        if pruner.prune().await? == 0 {
            break;
        }
        batches.push(began.elapsed());
    }
    let over = batches.iter().filter(|one| **one > LONGEST).count();
    let longest = batches.iter().max().copied().unwrap_or_default();
    Ok(format!(
        "| batches | over 50 ms | median | longest |\n| ---: | ---: | ---: | ---: |\n\
         | {} | {over} | {:.1} ms | {:.1} ms |\n",
        batches.len(),
        median(&batches),
        longest.as_secs_f64() * 1000.0
    ))
}

/// In milliseconds; 0 where there are none.
fn median(runs: &[Duration]) -> f64 {
    let mut sorted = runs.to_vec();
    sorted.sort_unstable();
    let middle = sorted.get(sorted.len() / 2).copied().unwrap_or_default();
    middle.as_secs_f64() * 1000.0
}
