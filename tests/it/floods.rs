//! Connections that are opened by the thousand, that send too slowly, too much or without an end: none of
//! them keeps others from being answered.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use futures::StreamExt;
use reqwest::{Client, Method};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

use crate::fake_engine::{FakeContainer, FakeEngine};
use crate::harness::{SOON, TestApp, wait_for};

const FLOOD: usize = 5000;

/// How many of them the program keeps at once.
const HALF_OPEN: usize = 1024;

/// A header takes no longer than this, and a little for a busy machine.
const HEADER_LIMIT: Duration = Duration::from_secs(10 + 10);

fn address(app: &TestApp) -> SocketAddr {
    let address = app.address.trim_start_matches("http://");
    address.parse().expect("an address")
}

/// Connects from another address of this machine, and sends this.
async fn send(to: SocketAddr, from: u8, text: &str) -> std::io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(SocketAddr::from(([127, 0, 0, from], 0)))?;
    let mut stream = socket.connect(to).await?;
    stream.write_all(text.as_bytes()).await?;
    Ok(stream)
}

/// What it answers until it closes the connection.
async fn rest(stream: &mut TcpStream, limit: Duration) -> String {
    let mut bytes = Vec::new();
    let read = tokio::time::timeout(limit, stream.read_to_end(&mut bytes)).await;
    // A connection may be closed while we still send.
    drop(read.unwrap_or_else(|_| panic!("the connection is still open after {limit:?}")));
    String::from_utf8_lossy(&bytes).into_owned()
}

fn is_closed(stream: &TcpStream) -> bool {
    let mut byte = [0];
    !matches!(stream.try_read(&mut byte), Err(error) if error.kind() == std::io::ErrorKind::WouldBlock)
}

/// Asks again and again, on a new connection each time, until told to stop; answers how long each took.
async fn ask_all_the_while(app: &TestApp, stop: &AtomicBool) -> Vec<Duration> {
    let client = Client::builder().pool_max_idle_per_host(0).build();
    let client = client.expect("a client can be made");
    let mut took = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        for path in ["/healthz", "/api/workloads"] {
            let built = app.request(Method::GET, path).timeout(SOON).build();
            let start = Instant::now();
            let answer = client.execute(built.expect("a request")).await;
            let answer = answer.unwrap_or_else(|error| panic!("{path} has no answer: {error:?}"));
            assert_eq!(answer.status().as_u16(), 200, "{path}");
            answer.bytes().await.expect("the whole answer");
            took.push(start.elapsed());
        }
    }
    took.sort();
    took
}

fn open_files_for_all() {
    let files = rlimit::increase_nofile_limit(u64::MAX).unwrap_or_default();
    assert!(
        files as usize > FLOOD + 500,
        "only {files} files may be open"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_thousand_half_open_connections_do_not_stop_a_legitimate_request() {
    open_files_for_all();
    let engine = FakeEngine::start().await;
    engine.run(FakeContainer::named("web").at("shop", "prod"));
    let app = Arc::new(TestApp::ready(&engine.url()).await);
    app.workload("shop", "prod").await;
    let to = address(&app);
    let stop = Arc::new(AtomicBool::new(false));
    let (asking, stopped) = (app.clone(), stop.clone());
    let asking = tokio::spawn(async move { ask_all_the_while(&asking, &stopped).await });

    let start = Instant::now();
    let opened = futures::stream::iter(0..FLOOD).map(|number| {
        // Five attackers, one of them at the address of the one who asks.
        let from = 1 + (number % 5) as u8;
        send(to, from, "GET / HTTP/1.1\r\nhost: x\r\nx-slow: ")
    });
    let flood: Vec<_> = opened.buffer_unordered(200).collect().await;
    let flooded = start.elapsed();
    let mut flood: Vec<_> = flood.into_iter().filter_map(Result::ok).collect();
    let came = flood.len();
    let kept = wait_for(
        "the connections that are too many to be closed",
        SOON,
        || async {
            let open = flood.iter().filter(|stream| !is_closed(stream)).count();
            if open <= HALF_OPEN {
                Ok(open)
            } else {
                Err(open.to_string())
            }
        },
    )
    .await;
    // A byte now and then wins no time.
    wait_for("the rest of them to be closed", HEADER_LIMIT, || {
        flood.retain(|stream| !is_closed(stream));
        for stream in &flood {
            drop(stream.try_write(b"a"));
        }
        let left = flood.len();
        async move {
            if left == 0 {
                Ok(())
            } else {
                Err(left.to_string())
            }
        }
    })
    .await;
    let over = start.elapsed();
    stop.store(true, Ordering::Relaxed);
    let took = asking.await.expect("every request was answered");
    println!(
        "{came} half-open connections within {flooded:?}; {kept} kept at first, all closed after {over:?}; \
         meanwhile {} requests answered, the middle one in {:?}, the slowest in {:?}",
        took.len(),
        took[took.len() / 2],
        took[took.len() - 1],
    );
    assert!(came > FLOOD * 9 / 10, "only {came} could be opened");
    assert!(kept > 0, "none was kept");
    assert!(took.len() > 20, "only {} were asked", took.len());
    assert!(took[took.len() - 1] < Duration::from_secs(5), "{took:?}");
}

#[tokio::test]
async fn an_idle_connection_outlives_a_half_open_one_and_is_used_again() {
    let engine = FakeEngine::start().await;
    let app = TestApp::start(&engine.url()).await;
    let ask = "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n";
    let mut idle = send(address(&app), 1, ask).await.expect("it listens");
    let mut first = [0; 4096];
    let read = idle.read(&mut first).await.expect("an answer");
    assert!(first[..read].starts_with(b"HTTP/1.1 200"));
    let mut half_open = send(address(&app), 1, "GET /").await.expect("it listens");
    assert_eq!(rest(&mut half_open, HEADER_LIMIT).await, "");
    idle.write_all(ask.as_bytes())
        .await
        .expect("it is still open");
    let read = idle.read(&mut first).await.expect("an answer");
    assert!(first[..read].starts_with(b"HTTP/1.1 200"));
    // The next header has begun, and is as long in coming as any.
    idle.write_all(b"GET /").await.expect("it is still open");
    assert_eq!(rest(&mut idle, HEADER_LIMIT).await, "");
}

#[tokio::test]
async fn a_body_that_stalls_is_given_up() {
    let engine = FakeEngine::start().await;
    let app = TestApp::start(&engine.url()).await;
    for path in ["/api/auth/login", "/fn/auth/login"] {
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 900\r\n\r\n{{"
        );
        let mut stream = send(address(&app), 1, &head).await.expect("it listens");
        let start = Instant::now();
        let answer = rest(&mut stream, Duration::from_secs(25)).await;
        assert!(answer.starts_with("HTTP/1.1 408 "), "{path}: {answer}");
        assert!(answer.contains(r#""code":"timed_out""#), "{path}: {answer}");
        println!(
            "a stalled body of {path} was given up after {:?}",
            start.elapsed()
        );
    }
}

#[tokio::test]
async fn bodies_of_strangers_hold_little_and_leave_room_for_everybody_else() {
    // So many of the largest ones has one network room for.
    const ROOMS: usize = 512;
    const MORE: usize = 88;
    open_files_for_all();
    let engine = FakeEngine::start().await;
    let app = TestApp::ready(&engine.url()).await;
    let before = app.resident();
    let login = |length: usize| {
        format!(
            "POST /api/auth/login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
             connection: close\r\ncontent-length: {length}\r\n\r\n"
        )
    };
    let unfinished = login(16 * 1024) + &" ".repeat(16 * 1024 - 1);
    let unfinished = unfinished.as_str();
    let open = futures::stream::iter(0..ROOMS + MORE).map(|_| send(address(&app), 2, unfinished));
    let open: Vec<_> = open.buffered(50).collect().await;
    let open: Vec<_> = open.into_iter().filter_map(Result::ok).collect();
    assert_eq!(open.len(), ROOMS + MORE);
    wait_for("those without room to be refused", SOON, || {
        let answered = open.iter().filter(|stream| is_closed(stream)).count();
        async move {
            if answered >= MORE {
                Ok(())
            } else {
                Err(answered.to_string())
            }
        }
    })
    .await;
    let most = app.resident();
    let change = json!({"stats_interval_secs": 20});
    let settings = app.patch("/api/settings", &change);
    assert_eq!(settings.await.status, 200, "whoever is signed in has room");
    let text = format!("{}{{}}", login(2));
    let mut elsewhere = send(address(&app), 3, &text).await.expect("it listens");
    let answer = rest(&mut elsewhere, SOON).await;
    assert!(
        answer.starts_with("HTTP/1.1 422 "),
        "another network has room: {answer}"
    );
    // Which of them these are is a matter of the order in which the server came to them, and the first to have room
    // may have run out of time by now.
    let (closed, _open): (Vec<_>, Vec<_>) = open.into_iter().partition(is_closed);
    let mut without_room = 0;
    for mut closed in closed {
        let answer = rest(&mut closed, SOON).await;
        let is_late = answer.contains(r#""code":"timed_out""#);
        let has_no_room = answer.contains(r#""code":"too_many""#);
        assert!(is_late || has_no_room, "{answer}");
        without_room += usize::from(has_no_room);
    }
    assert!(without_room > 0, "all of them had room");
    println!(
        "{} unfinished bodies: {} MiB more",
        ROOMS + MORE,
        (most - before) >> 20
    );
    assert!(most - before < 100 << 20, "{before} became {most}");
    let long = login(16 * 1024 + 1) + &" ".repeat(16 * 1024 + 1);
    let mut long = send(address(&app), 3, &long).await.expect("it listens");
    let answer = rest(&mut long, SOON).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
}

#[tokio::test]
async fn a_request_that_is_too_large_before_its_body_is_refused() {
    let engine = FakeEngine::start().await;
    let app = TestApp::start(&engine.url()).await;
    let start = "GET /healthz HTTP/1.1\r\nhost: x\r\n";
    let long = "a".repeat(100_000);
    let many: String = (0..200).map(|n| format!("x-{n}: y\r\n")).collect();
    for (what, request, expected) in [
        (
            "a giant header",
            format!("{start}x-large: {long}\r\n\r\n"),
            "431",
        ),
        ("too many headers", format!("{start}{many}\r\n"), "431"),
        (
            "a giant cookie",
            format!("{start}cookie: {long}\r\n\r\n"),
            "431",
        ),
        (
            "a huge URL",
            format!("GET /healthz?{long} HTTP/1.1\r\nhost: x\r\n\r\n"),
            "4",
        ),
        (
            "no HTTP at all",
            "\u{16}\u{3}\u{1}hello\r\n\r\n".to_owned(),
            "400",
        ),
    ] {
        // It may answer and close before all of it is sent.
        let mut stream = TcpStream::connect(address(&app)).await.expect("it listens");
        drop(stream.write_all(request.as_bytes()).await);
        let answer = rest(&mut stream, SOON).await;
        let status = answer.strip_prefix("HTTP/1.1 ").unwrap_or(expected);
        assert!(status.starts_with(expected), "{what}: {answer}");
        println!("{what}: {:?}", answer.lines().next());
        assert_eq!(app.get("/healthz").await.status, 200, "after {what}");
    }
}

#[tokio::test]
async fn a_request_line_that_never_ends_is_cut_off() {
    let engine = FakeEngine::start().await;
    let app = TestApp::start(&engine.url()).await;
    let mut stream = send(address(&app), 1, "GET /").await.expect("it listens");
    let line = "a".repeat(4096);
    let mut sent = 0;
    let pour = async {
        while stream.write_all(line.as_bytes()).await.is_ok() {
            sent += line.len();
        }
    };
    tokio::time::timeout(SOON, pour)
        .await
        .expect("it is cut off");
    println!("a request line was cut off when {sent} bytes were sent");
    assert!(
        app.resident() < 300 << 20,
        "it held {} bytes",
        app.resident()
    );
}

#[tokio::test]
async fn http_2_is_spoken_to_those_who_begin_with_it() {
    let engine = FakeEngine::start().await;
    let app = TestApp::start(&engine.url()).await;
    // The preface, and a SETTINGS frame without settings.
    let preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u{4}\0\0\0\0\0";
    let mut stream = send(address(&app), 1, preface).await.expect("it listens");
    let mut frame = [0; 9];
    stream.read_exact(&mut frame).await.expect("it answers");
    assert_eq!(frame[3], 4, "its own SETTINGS come first: {frame:?}");
    let mut rest = Vec::new();
    let closed = tokio::time::timeout(HEADER_LIMIT, stream.read_to_end(&mut rest)).await;
    assert!(closed.is_ok(), "half-open is half-open in HTTP/2, too");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_ends_in_time_whatever_is_open() {
    open_files_for_all();
    let engine = FakeEngine::start().await;
    let mut app = TestApp::ready(&engine.url()).await;
    let to = address(&app);
    let post = "POST /api/auth/login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{";
    let idle = "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n";
    let texts = ["", "GET / HTTP/1.1\r\nx-slow: ", idle, post];
    let open = futures::stream::iter(0..800_u16)
        .map(|number| send(to, 1 + (number % 7) as u8, texts[usize::from(number) % 4]));
    let open: Vec<_> = open.buffer_unordered(50).collect().await;
    let mut streams = Vec::new();
    for _ in 0..20 {
        streams.push(app.stream("stats").await);
    }
    app.signal("TERM");
    let start = Instant::now();
    assert_eq!(
        app.ended(Duration::from_secs(10)).await,
        Some(0),
        "{}",
        app.output()
    );
    println!(
        "{} connections and {} streams: it ended after {:?}",
        open.len(),
        streams.len(),
        start.elapsed()
    );
    for stream in &mut streams {
        while stream.next(Duration::from_secs(2)).await.is_some() {}
    }
}
