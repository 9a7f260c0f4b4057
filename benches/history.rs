//! Six hours of one workload out of ten million samples: our key, and the layout that most rivals have.
//!
//! `cargo bench --features ssr --bench history`; `SAMPLES=1000000` in the environment makes it smaller.
//! Both tables hold the same samples, in one file, and are read in turns, so that neither has a warmer
//! cache or a quieter machine.

use std::error::Error;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use docker_watcher::bench::workload_history;
use docker_watcher::server::db::Db;
use sqlx::sqlite::{SqliteConnectOptions, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, SqliteConnection};

const CONTAINERS: i64 = 100;
const STEP_SECS: i64 = 30;
const WINDOW_SECS: i64 = 6 * 3600;
const RUNS: usize = 101;
const COLD_RUNS: usize = 11;

/// A row with its own id, an index on the time, and a join to know whose it is.
const RIVAL: &str = "
    select r.ts, sum(r.cpu_percent), sum(r.memory_usage), max(r.memory_limit)
    from rival_samples r join containers c on c.id = r.container_id
    where c.workload_id = ? and r.ts between ? and ?
    group by r.ts order by r.ts";

type Outcome<T> = Result<T, Box<dyn Error>>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome<()> {
    #[expect(
        clippy::disallowed_methods,
        reason = "a benchmark has no configuration to read it"
    )]
    let samples: i64 = std::env::var("SAMPLES").map_or(Ok(10_000_000), |text| text.parse())?;
    let rounds = samples / CONTAINERS;
    let dir = tempfile::tempdir()?;
    let path = dir.path().join("history.db");
    let began = Instant::now();
    // The program's own tables, made by its own migrations.
    Db::open(&path).await?.close().await;
    let (ours_bytes, rival_bytes) = fill(&path, rounds).await?;
    let mut report = format!(
        "{} samples of {CONTAINERS} containers, one every {STEP_SECS} s; made in {:.0} s\n\n",
        rounds * CONTAINERS,
        began.elapsed().as_secs_f64()
    );
    writeln!(
        report,
        "| layout | bytes a sample | warm: median, 95th | cold: median |"
    )?;
    writeln!(report, "| --- | ---: | ---: | ---: |")?;
    // In the middle: neither the first rows of the file nor those that were written last.
    let until = rounds / 2 * STEP_SECS;
    let since = until - WINDOW_SECS + STEP_SECS;
    let (ours, rival) = warm(&path, since, until).await?;
    let (ours_cold, rival_cold) = cold(&path, since, until).await?;
    for (name, bytes, warm, cold) in [
        (
            "key (slot, ts) without rowid",
            ours_bytes,
            &ours,
            &ours_cold,
        ),
        ("rowid, index on ts, join", rival_bytes, &rival, &rival_cold),
    ] {
        writeln!(
            report,
            "| {name} | {} | {:.2} ms, {:.2} ms | {:.2} ms |",
            bytes / (rounds * CONTAINERS),
            at(warm, 0.5),
            at(warm, 0.95),
            at(cold, 0.5)
        )?;
    }
    writeln!(
        report,
        "\nours is {:.0} times as fast warm, {:.0} times cold",
        at(&rival, 0.5) / at(&ours, 0.5),
        at(&rival_cold, 0.5) / at(&ours_cold, 0.5)
    )?;
    std::io::stdout().write_all(report.as_bytes())?;
    Ok(())
}

/// Makes both tables, each in one transaction and in the order in which it would have grown or, for
/// ours, in the order of its key. Answers how many bytes each takes.
async fn fill(path: &Path, rounds: i64) -> Outcome<(i64, i64)> {
    let mut database = SqliteConnectOptions::new()
        .filename(path)
        .synchronous(SqliteSynchronous::Off)
        .pragma("cache_size", "-500000")
        .connect()
        .await?;
    let people = "
        insert into engines (id, name, url, created_at) values ('e', 'local', 'unix:///x', 0);
        insert into projects (id, name, created_at) values ('p', 'shop', 0);
        with recursive c(n) as (select 1 union all select n + 1 from c where n < {CONTAINERS})
        insert into workloads (id, project_id, stage, source, created_at)
        select 'w' || n, 'p', 's' || n, 'discovered', 0 from c;
        with recursive c(n) as (select 1 union all select n + 1 from c where n < {CONTAINERS})
        insert into containers (slot, id, engine_id, workload_id, service, number, docker_id, name,
            image, status)
        select n, printf('01990000-0000-7000-8000-%012d', n), 'e', 'w' || n, 'web', 1,
            printf('%064d', n), 'c' || n, 'i', 'running' from c;";
    let ours = "
        begin;
        with recursive
            c(n) as (select 1 union all select n + 1 from c where n < {CONTAINERS}),
            r(ts) as (select 0 union all select ts + {STEP} from r where ts < {LAST})
        insert into samples
        select n, ts, abs(random() % 10000) / 100.0, 200000000 + abs(random() % 100000000),
            1073741824, ts * 1000, ts * 500, ts * 200, ts * 100
        from c cross join r;
        commit;";
    let rival = "
        begin;
        create table rival_samples (id integer primary key, container_id text not null,
            ts integer not null, cpu_percent real, memory_usage integer, memory_limit integer,
            network_rx integer, network_tx integer, block_read integer, block_write integer);
        create index rival_by_ts on rival_samples (ts);
        with recursive
            c(n) as (select 1 union all select n + 1 from c where n < {CONTAINERS}),
            r(ts) as (select 0 union all select ts + {STEP} from r where ts < {LAST})
        insert into rival_samples
        select null, printf('01990000-0000-7000-8000-%012d', n), s.ts, s.cpu_percent,
            s.memory_usage, s.memory_limit, s.network_rx, s.network_tx, s.block_read, s.block_write
        from r cross join c join samples s on s.slot = c.n and s.ts = r.ts;
        commit;";
    let mut sizes = vec![size(&mut database).await?];
    for sql in [people, ours, rival] {
        let sql = sql
            .replace("{CONTAINERS}", &CONTAINERS.to_string())
            .replace("{STEP}", &STEP_SECS.to_string())
            .replace("{LAST}", &((rounds - 1) * STEP_SECS).to_string());
        sqlx::raw_sql(AssertSqlSafe(sql))
            .execute(&mut database)
            .await?;
        sizes.push(size(&mut database).await?);
    }
    database.close().await?;
    Ok((sizes[2] - sizes[1], sizes[3] - sizes[2]))
}

async fn size(database: &mut SqliteConnection) -> Outcome<i64> {
    let pages: i64 = sqlx::query_scalar("pragma page_count")
        .fetch_one(&mut *database)
        .await?;
    let bytes: i64 = sqlx::query_scalar("pragma page_size")
        .fetch_one(database)
        .await?;
    Ok(pages * bytes)
}

/// A program that has run for a while: open connections, and a different workload each time.
async fn warm(path: &Path, since: i64, until: i64) -> Outcome<(Vec<Duration>, Vec<Duration>)> {
    let db = Db::open(path).await?;
    let (mut ours, mut rival) = (Vec::new(), Vec::new());
    for run in 0..RUNS {
        let (one, other) = both(&db, run, since, until).await?;
        // The first run of each prepares its statement.
        if run > 0 {
            ours.push(one);
            rival.push(other);
        }
    }
    db.close().await;
    Ok((ours, rival))
}

/// A connection that was just opened: nothing in SQLite's own cache, the file in the kernel's.
async fn cold(path: &Path, since: i64, until: i64) -> Outcome<(Vec<Duration>, Vec<Duration>)> {
    let (mut ours, mut rival) = (Vec::new(), Vec::new());
    for run in 0..COLD_RUNS {
        let db = Db::open(path).await?;
        let (one, other) = both(&db, run, since, until).await?;
        db.close().await;
        ours.push(one);
        rival.push(other);
    }
    Ok((ours, rival))
}

/// Time, CPU, memory and its limit.
type RivalRow = (i64, Option<f64>, Option<i64>, Option<i64>);

async fn both(db: &Db, run: usize, since: i64, until: i64) -> Outcome<(Duration, Duration)> {
    let workload = format!("w{}", run % 100 + 1);
    let began = Instant::now();
    let ours = workload_history(db, &workload, since, until).await?;
    let one = began.elapsed();
    let began = Instant::now();
    let rival: Vec<RivalRow> = sqlx::query_as(RIVAL)
        .bind(workload)
        .bind(since)
        .bind(until)
        .fetch_all(db.read())
        .await?;
    let other = began.elapsed();
    // A benchmark of two questions that are not the same would say nothing.
    if ours.len() != 720
        || ours
            .iter()
            .map(|point| point.ts)
            .ne(rival.iter().map(|row| row.0))
    {
        return Err(format!("the answers differ: {} and {}", ours.len(), rival.len()).into());
    }
    Ok((one, other))
}

/// In milliseconds, the value below which this part of the runs lies.
fn at(runs: &[Duration], part: f64) -> f64 {
    let mut sorted = runs.to_vec();
    sorted.sort_unstable();
    sorted[((sorted.len() - 1) as f64 * part) as usize].as_secs_f64() * 1000.0
}
