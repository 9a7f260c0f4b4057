//! `GET /api/stream`: who listens, what they hear, and what they cost.

use std::time::Duration;

use futures::StreamExt;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpSocket;

use crate::cli;
use crate::fake_engine::{FakeContainer, FakeEngine};
use crate::harness::{SOON, TestApp, wait_for};
use crate::stream::Told;

#[tokio::test]
async fn a_round_comes_within_three_seconds_of_listening() {
    let engine = FakeEngine::start().await;
    engine.run(FakeContainer::named("web").at("shop", "prod"));
    let app = TestApp::ready(&engine.url()).await;
    let workload = app.workload("shop", "prod").await;
    let container = app
        .container_when(&workload["id"], "it to run", |one| {
            one["status"] == "running"
        })
        .await;
    let mut stream = app.stream("stats").await;
    assert!(stream.content_type.starts_with("text/event-stream"));
    assert!(
        stream.cache_control.contains("no-transform"),
        "{}",
        stream.cache_control
    );
    let round = stream
        .event("container_stats", Duration::from_secs(3), |_| true)
        .await;
    assert!(round["ts"].is_i64(), "{round}");
    let sample = &round["samples"][0];
    assert_eq!(sample["container_id"], container["id"]);
    assert_eq!(sample["workload_id"], workload["id"]);
    for field in [
        "cpu_percent",
        "memory_usage",
        "memory_limit",
        "memory_percent",
        "network_rx",
        "network_tx",
        "block_read",
        "block_write",
    ] {
        assert!(sample.get(field).is_some(), "{field} is not in {sample}");
    }
}

#[tokio::test]
async fn a_state_is_told_to_those_who_asked_for_it_and_to_nobody_else() {
    let engine = FakeEngine::start().await;
    let id = engine.run(FakeContainer::named("web").at("shop", "prod"));
    let app = TestApp::ready(&engine.url()).await;
    let workload = app.workload("shop", "prod").await;
    app.container_when(&workload["id"], "it to run", |one| {
        one["status"] == "running"
    })
    .await;
    let mut containers = app.stream("containers").await;
    let mut everything = app.stream("").await;
    let mut stats = app.stream("stats").await;
    engine.stop(&id, 3);
    let ended = |change: &Value| change["name"] == "web" && change["status"] == "exited";
    let told = containers.event("container_state", SOON, ended).await;
    assert_eq!(told["workload_id"], workload["id"]);
    assert!(
        told["container_id"].is_string() && told["ts"].is_string(),
        "{told}"
    );
    everything.event("container_state", SOON, ended).await;
    for _ in 0..2 {
        match stats.next(SOON).await {
            Some(Told::Event { name, .. }) => assert_ne!(name, "container_state"),
            other => assert!(other.is_some(), "the stream ended"),
        }
    }
    app.get("/api/stream?topics=stats,gossip")
        .await
        .is_invalid("topics");
}

#[tokio::test]
async fn a_quiet_stream_says_that_it_lives_every_fifteen_seconds() {
    let engine = FakeEngine::start().await;
    let app = TestApp::ready(&engine.url()).await;
    app.engine_when(true).await;
    let mut stream = app.stream("deploys").await;
    let heart = async {
        loop {
            match stream.next(Duration::from_secs(17)).await {
                Some(Told::Comment) => break,
                Some(_) => {}
                None => panic!("the stream ended"),
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(17), heart)
        .await
        .expect("a comment within 17 s");
}

#[tokio::test]
async fn open_streams_end_when_the_program_is_asked_to() {
    let engine = FakeEngine::start().await;
    engine.run(FakeContainer::named("web").at("shop", "prod"));
    let mut app = TestApp::ready(&engine.url()).await;
    let mut streams = Vec::new();
    for _ in 0..20 {
        streams.push(app.stream("stats,containers").await);
    }
    app.signal("TERM");
    let start = std::time::Instant::now();
    assert_eq!(
        app.ended(Duration::from_secs(10)).await,
        Some(0),
        "{}",
        app.output()
    );
    assert!(
        start.elapsed() < Duration::from_secs(5),
        "streams held it for {:?}",
        start.elapsed()
    );
    for stream in &mut streams {
        while stream.next(Duration::from_secs(2)).await.is_some() {}
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_does_not_read_loses_messages_and_is_told_so() {
    // Four kilobytes each: more than the two ends of a connection and the backlog hold together.
    const FLEET: usize = 3500;
    let engine = FakeEngine::start().await;
    let app = TestApp::ready(&engine.url()).await;
    app.engine_when(true).await;
    let token = cli::succeed(
        app.data_dir(),
        &["token", "add", "slow", "--role", "viewer"],
    )
    .await;

    // A small window, so that little of what nobody reads fits between the two.
    let socket = TcpSocket::new_v4().expect("a socket can be made");
    socket
        .set_recv_buffer_size(4096)
        .expect("its buffer can be made small");
    let address = app
        .address
        .trim_start_matches("http://")
        .parse()
        .expect("an address");
    let mut slow = socket.connect(address).await.expect("the program listens");
    let request = format!(
        "GET /api/stream?topics=containers HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n\r\n",
        token.trim()
    );
    slow.write_all(request.as_bytes())
        .await
        .expect("the request can be sent");
    let mut first = [0; 15];
    slow.read_exact(&mut first)
        .await
        .expect("the stream answers");
    assert_eq!(&first[9..12], b"200");

    let before = app.resident();
    let mut quick = app.stream("containers").await;
    for number in 0..FLEET {
        let name = format!("{}-{number}", "long".repeat(1000));
        engine.run(FakeContainer::named(&name).at(&format!("p{}", number % 50), "prod"));
    }
    let mut heard = 0;
    while heard < FLEET {
        match quick.next(Duration::from_secs(60)).await {
            Some(Told::Event { name, .. }) if name == "container_state" => heard += 1,
            // A machine that is busy may leave even this one behind.
            Some(Told::Event { name, data, .. }) if name == "lagged" => {
                heard += data["missed"].as_u64().unwrap_or_default() as usize;
            }
            Some(_) => {}
            None => panic!("the stream ended"),
        }
    }
    let grown = app.resident().saturating_sub(before);
    assert!(grown < 200 << 20, "it grew by {} MiB", grown >> 20);

    let mut text = String::new();
    let mut buffer = vec![0; 65_536];
    let lagged = async {
        while !text.contains("event: lagged") && !text.contains("event:lagged") {
            let read = slow.read(&mut buffer).await.expect("the stream goes on");
            assert_ne!(read, 0, "the stream ended without a word");
            // Only what may be the beginning of the word is kept: searching all of it again and again takes
            // longer than sending it.
            let tail = text.chars().rev().take(20).collect::<Vec<_>>();
            text = tail.into_iter().rev().collect();
            text.push_str(&String::from_utf8_lossy(&buffer[..read]));
        }
    };
    tokio::time::timeout(SOON, lagged)
        .await
        .expect("it is told that it missed something");
}

#[tokio::test]
async fn a_client_that_goes_away_costs_nothing_more() {
    let engine = FakeEngine::start().await;
    engine.run(FakeContainer::named("web").at("shop", "prod"));
    let app = TestApp::ready(&engine.url()).await;
    app.workload("shop", "prod").await;
    let opened = futures::stream::iter(0..30)
        .map(|_| app.stream("stats"))
        .buffer_unordered(20);
    let streams: Vec<_> = opened.collect().await;
    drop(streams);
    wait_for("the quick rounds to end", SOON, || async {
        let before = engine.times_asked("/stats");
        tokio::time::sleep(Duration::from_secs(5)).await;
        let more = engine.times_asked("/stats") - before;
        if more <= 1 {
            Ok(())
        } else {
            Err(format!("{more} readings in 5 s"))
        }
    })
    .await;
}

#[tokio::test]
async fn a_stream_ends_when_its_session_does() {
    let engine = FakeEngine::start().await;
    let app = TestApp::ready(&engine.url()).await;
    app.engine_when(true).await;
    app.post("/api/auth/logout", &json!({})).await.data();
    app.get("/api/stream")
        .await
        .is_refused(401, "not_signed_in");
}
