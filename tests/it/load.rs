//! Real containers with a known load, read by us and by `docker stats` side by side.

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{TestApp, wait_for};
use crate::private_engine::{PrivateEngine, Running, unique};
use crate::stream::EventSource;

const BURN: &str = "while :; do :; done";
/// `dd` keeps its block of 128 MiB in memory while nobody reads the other end.
const HOLD: &str = "dd if=/dev/zero bs=128M count=1 | sleep 1000000";
const MIB: f64 = 1_048_576.0;
/// A machine that builds something else beside the tests is slow, not wrong.
const PATIENCE: Duration = Duration::from_secs(45);

struct Loaded {
    running: Running<'static>,
    /// Ours.
    id: Value,
    workload: Value,
}

async fn load(app: &TestApp, stem: &str, flags: &[&str], script: &str) -> Loaded {
    let name = unique(stem);
    let label = format!("docker-watcher.project={name}");
    let mut all = vec!["--label", label.as_str()];
    all.extend(flags);
    let running = PrivateEngine::shared().run(&name, &all, script);
    let workload = app.workload(&name, "default").await;
    let container = app
        .container_when(&workload["id"], "it to run", |one| {
            one["status"] == "running"
        })
        .await;
    Loaded {
        running,
        id: container["id"].clone(),
        workload,
    }
}

/// The middle one of five readings of the CPU.
async fn cpu(stream: &mut EventSource, id: &Value) -> f64 {
    let mut readings = Vec::new();
    while readings.len() < 5 {
        let sample = stream
            .sample(id, PATIENCE, |one| one["cpu_percent"].is_number())
            .await;
        readings.extend(sample["cpu_percent"].as_f64());
    }
    middle(readings)
}

fn middle(mut readings: Vec<f64>) -> f64 {
    readings.sort_by(f64::total_cmp);
    readings[readings.len() / 2]
}

#[tokio::test]
async fn a_busy_loop_on_one_core_reads_as_one_core() {
    let app = TestApp::ready(PrivateEngine::shared().url()).await;
    let burner = load(
        &app,
        "burn",
        &["--cpuset-cpus", "0", "--cpu-shares", "262144"],
        BURN,
    )
    .await;
    let mut stream = app.stream("stats").await;
    let read = cpu(&mut stream, &burner.id).await;
    assert!((90.0..=110.0).contains(&read), "{read} %");

    // It restarts between two readings: its counters begin anew, and no reading shows that. The
    // engine takes the time before it reads the counters, so that on a busy machine one reading
    // is too high and the next too low: only their middle is held to the one core.
    PrivateEngine::shared().docker(&["restart", "--time", "0", &burner.running.name]);
    for _ in 0..5 {
        let sample = stream.sample(&burner.id, PATIENCE, |_| true).await;
        if let Some(cpu) = sample["cpu_percent"].as_f64() {
            assert!((0.0..=200.0).contains(&cpu), "{cpu} % across a restart");
        }
    }
    let read = cpu(&mut stream, &burner.id).await;
    assert!((90.0..=110.0).contains(&read), "{read} % after its restart");
    let now = app.containers(&burner.workload["id"]).await;
    assert_eq!(now[0]["id"], burner.id);
}

#[tokio::test]
async fn a_known_allocation_is_read_and_the_page_cache_is_not_counted() {
    let app = TestApp::ready(PrivateEngine::shared().url()).await;
    let holder = load(&app, "hold", &["--memory", "256m"], HOLD).await;
    let filler = "dd if=/dev/zero of=/big bs=1M count=200; touch /done; sleep 1000000";
    let cache = load(&app, "cache", &[], filler).await;
    let mut stream = app.stream("stats").await;

    let held = 128.0 * MIB;
    let near = |one: &Value| {
        one["memory_usage"]
            .as_f64()
            .is_some_and(|b| (b - held).abs() < held * 0.05)
    };
    let sample = stream.sample(&holder.id, PATIENCE, near).await;
    assert_eq!(sample["memory_limit"], json!(256 << 20));
    assert!(
        sample["memory_percent"]
            .as_f64()
            .is_some_and(|share| (47.5..=53.0).contains(&share))
    );

    wait_for("the file to be written", PATIENCE, || async {
        let name = &cache.running.name;
        let ls = PrivateEngine::shared().docker(&["exec", name, "ls", "/"]);
        if ls.contains("done") { Ok(()) } else { Err(ls) }
    })
    .await;
    let raw = engine_reading(&cache.running.id)["memory_stats"]["usage"].as_f64();
    assert!(
        raw.is_some_and(|bytes| bytes > 150.0 * MIB),
        "the kernel kept no cache: {raw:?}"
    );
    let small = |one: &Value| {
        one["memory_usage"]
            .as_f64()
            .is_some_and(|bytes| bytes < 40.0 * MIB)
    };
    let sample = stream.sample(&cache.id, PATIENCE, small).await;
    assert_eq!(
        (&sample["memory_limit"], &sample["memory_percent"]),
        (&json!(0), &Value::Null)
    );
}

#[tokio::test]
async fn network_is_counted_where_there_is_one() {
    let app = TestApp::ready(PrivateEngine::shared().url()).await;
    let with = load(
        &app,
        "talk",
        &[],
        "while :; do ping -c 1 -w 1 $(route -n | awk '/^0.0.0.0/{print $2}'); sleep 1; done",
    )
    .await;
    let without = load(&app, "mute", &["--network", "none"], "sleep 1000000").await;
    let mut stream = app.stream("stats").await;
    let talks = |one: &Value| {
        one["network_rx"].as_u64().is_some_and(|bytes| bytes > 0)
            && one["network_tx"].as_u64().is_some_and(|bytes| bytes > 0)
    };
    stream.sample(&with.id, PATIENCE, talks).await;
    let sample = stream
        .sample(&without.id, PATIENCE, |one| one["cpu_percent"].is_number())
        .await;
    let nothing = [Value::Null, json!(0)];
    assert!(nothing.contains(&sample["network_rx"]), "{sample}");
    assert!(
        sample["memory_usage"].is_u64(),
        "the rest of it is read: {sample}"
    );
}

#[tokio::test]
async fn our_figures_agree_with_docker_stats() {
    let app = TestApp::ready(PrivateEngine::shared().url()).await;
    let half = [
        "--cpus",
        "0.5",
        "--cpuset-cpus",
        "1",
        "--cpu-shares",
        "262144",
    ];
    let burner = load(&app, "half", &half, BURN).await;
    let holder = load(&app, "side", &["--memory", "512m"], HOLD).await;
    let mut stream = app.stream("stats").await;
    stream
        .sample(&holder.id, PATIENCE, |one| {
            one["memory_usage"].as_f64() > Some(100.0 * MIB)
        })
        .await;

    let names = [burner.running.name.clone(), holder.running.name.clone()];
    // A single one of theirs is too high or too low on a busy machine, as one of ours is.
    let theirs = tokio::task::spawn_blocking(move || [(); 5].map(|()| docker_stats(&names)));
    let ours = cpu(&mut stream, &burner.id).await;
    let memory = stream.sample(&holder.id, PATIENCE, |_| true).await;
    let readings = theirs.await.expect("docker stats ends");
    let their_cpu = middle(readings.iter().map(|lines| lines[0].cpu).collect());
    assert!(
        (ours - their_cpu).abs() <= 10.0,
        "we read {ours} %, they {their_cpu} %"
    );
    let theirs = &readings[4];
    let ours = memory["memory_usage"].as_f64().unwrap_or_default();
    let apart = (ours - theirs[1].memory).abs();
    assert!(
        apart <= theirs[1].memory * 0.05,
        "we read {ours} bytes, they {}",
        theirs[1].memory
    );
    let share = memory["memory_percent"].as_f64().unwrap_or_default();
    assert!(
        (share - theirs[1].share).abs() <= 1.0,
        "we read {share} %, they {}",
        theirs[1].share
    );
}

/// One line of `docker stats`: percent, bytes, percent.
#[derive(Debug)]
struct Line {
    cpu: f64,
    memory: f64,
    share: f64,
}

fn docker_stats(names: &[String; 2]) -> Vec<Line> {
    let format = "{{.CPUPerc}}|{{.MemUsage}}|{{.MemPerc}}";
    let arguments = [
        "stats",
        "--no-stream",
        "--format",
        format,
        &names[0],
        &names[1],
    ];
    let printed = PrivateEngine::shared().docker(&arguments);
    let percent = |text: &str| {
        text.trim()
            .trim_end_matches('%')
            .parse()
            .expect("a percentage")
    };
    let lines = printed.lines().map(|line| {
        let fields: Vec<_> = line.split('|').collect();
        Line {
            cpu: percent(fields[0]),
            memory: bytes(fields[1]),
            share: percent(fields[2]),
        }
    });
    lines.collect()
}

/// `129.2MiB / 512MiB`, in bytes.
fn bytes(text: &str) -> f64 {
    let used = text.split('/').next().unwrap_or_default().trim();
    let (number, unit) =
        used.split_at(used.find(|c: char| c.is_alphabetic()).unwrap_or(used.len()));
    let factor = match unit {
        "B" => 1.0,
        "KiB" => 1024.0,
        "MiB" => MIB,
        "GiB" => 1024.0 * MIB,
        other => panic!("docker stats speaks of {other}"),
    };
    number.parse::<f64>().expect("a size") * factor
}

/// What the engine says, without us in between.
fn engine_reading(docker_id: &str) -> Value {
    let socket = PrivateEngine::shared()
        .url()
        .trim_start_matches("unix://")
        .to_owned();
    let mut engine = UnixStream::connect(socket).expect("the engine listens");
    // In the old version of HTTP, whose answers are whole and end with the connection.
    let request =
        format!("GET /containers/{docker_id}/stats?stream=false HTTP/1.0\r\nHost: engine\r\n\r\n");
    let asked = engine.write_all(request.as_bytes());
    asked.expect("the engine can be asked");
    let mut answer = String::new();
    let read = engine.read_to_string(&mut answer);
    read.expect("the engine answers");
    let (_, body) = answer
        .split_once("\r\n\r\n")
        .expect("the headers have an end");
    serde_json::from_str(body.trim()).expect("the engine answers JSON")
}
