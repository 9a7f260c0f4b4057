//! Filters, pages, files, and the stream that goes on where one left off.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};

use super::lines;
use crate::harness::{SOON, TestApp};
use crate::stream::{EventSource, Told};

async fn with_projects(count: usize) -> TestApp {
    let app = TestApp::ready("unix:///nowhere/docker.sock").await;
    for number in 0..count {
        make(&app, &format!("shop-{number}")).await;
    }
    app
}

async fn make(app: &TestApp, name: &str) {
    app.post("/api/projects", &json!({"name": name}))
        .await
        .data();
}

fn names(lines: &[Value]) -> Vec<&str> {
    let names = lines.iter().map(|line| line["details"]["project"].as_str());
    names.map(Option::unwrap_or_default).collect()
}

#[tokio::test]
async fn pages_go_on_by_their_cursor_and_filters_narrow_them() {
    let app = with_projects(12).await;
    let (mut seen, mut next) = (Vec::new(), String::new());
    loop {
        let path = format!("/api/events?source=project&severity=info&limit=5&before={next}");
        let page = app.read(&path).await;
        let items = page["items"].as_array().cloned().unwrap_or_default();
        assert!(items.len() <= 5);
        seen.extend(items);
        match page["next"].as_str() {
            Some(cursor) => next = cursor.to_owned(),
            None => break,
        }
    }
    let expected: Vec<_> = (0..12)
        .rev()
        .map(|number| format!("shop-{number}"))
        .collect();
    assert_eq!(names(&seen), expected);

    for (filters, count) in [
        ("q=shop-7", 1),
        ("q=created+shop&source=project", 12),
        ("q=nothing", 0),
        ("severity=error&source=project", 0),
        ("workload=none", 0),
        ("since=2100-01-01T00:00:00Z", 0),
        ("until=2000-01-01T00:00:00Z", 0),
    ] {
        let page = app.read(&format!("/api/events?{filters}")).await;
        assert_eq!(
            page["items"].as_array().map(Vec::len),
            Some(count),
            "{filters}"
        );
    }
    for (filters, field) in [
        ("severity=loud", "severity"),
        ("source=moon", "source"),
        ("since=yesterday", "since"),
        ("before=1", "before"),
        ("limit=501", "limit"),
        ("limit=0", "limit"),
    ] {
        let path = format!("/api/events?{filters}");
        app.get(&path).await.is_invalid(field);
    }
    app.get("/api/events/export?format=exe")
        .await
        .is_invalid("format");
}

#[tokio::test]
async fn a_file_of_cells_holds_no_formula() {
    let app = with_projects(0).await;
    let name = "=HYPERLINK(\"http://evil\")";
    app.post("/api/tokens", &json!({"name": name, "role": "viewer"}))
        .await
        .data();
    let answer = app.get("/api/events/export?format=csv&source=access").await;
    assert!(
        answer.content_type.starts_with("text/csv"),
        "{}",
        answer.content_type
    );
    let mut rows = answer.text.lines();
    assert!(
        rows.next()
            .is_some_and(|row| row.starts_with("id,ts,severity"))
    );
    for row in rows {
        let formulas = ["=", "+", "-", "@"].map(|sign| format!("\"{sign}"));
        let cells = row.split(',');
        let is_formula = |cell: &str| formulas.iter().any(|start| cell.starts_with(start));
        assert!(!cells.clone().any(is_formula), "{row}");
    }
    let ours = lines(&app, "source=access&q=hyperlink").await;
    assert_eq!(ours[0]["details"]["name"], name);
}

/// The lines that come with their cursors, until one of this project.
async fn listen_until(stream: &mut EventSource, project: &str) -> Vec<(String, Value)> {
    let mut heard = Vec::new();
    loop {
        match stream.next(SOON).await.expect("the stream goes on") {
            Told::Event { name, data, id } if name == "event_log" => {
                let is_last = data["details"]["project"] == project;
                heard.push((id.expect("a line has a cursor"), data));
                if is_last {
                    return heard;
                }
            }
            Told::Event { name, data, .. } => assert_ne!(name, "lagged", "{data}"),
            Told::Comment | Told::Retry(_) => {}
        }
    }
}

async fn come_back(app: &TestApp, left_off: &str, by_header: bool) -> EventSource {
    let path = "/api/stream?topics=events";
    let request = if by_header {
        let request = app.request(Method::GET, path);
        request.header("Last-Event-ID", left_off)
    } else {
        app.request(Method::GET, &format!("{path}&last_event_id={left_off}"))
    };
    EventSource::open(request).await
}

#[tokio::test]
async fn whoever_comes_back_gets_exactly_what_it_missed() {
    let app = with_projects(1).await;
    let mut stream = app.stream("events").await;
    make(&app, "first").await;
    let (left_off, _) = listen_until(&mut stream, "first").await.remove(0);
    drop(stream);
    for number in 0..300 {
        make(&app, &format!("missed-{number}")).await;
    }
    for by_header in [true, false] {
        let mut stream = come_back(&app, &left_off, by_header).await;
        let live = format!("live-{by_header}");
        make(&app, &live).await;
        let heard = listen_until(&mut stream, &live).await;
        let ids: BTreeSet<_> = heard
            .iter()
            .map(|(_, line)| line["id"].to_string())
            .collect();
        assert_eq!(ids.len(), heard.len(), "nothing comes twice");
        let lines: Vec<_> = heard.into_iter().map(|(_, line)| line).collect();
        let missed = names(&lines);
        assert_eq!(&missed[..2], ["missed-0", "missed-1"]);
        assert!(missed.contains(&"missed-299") && !missed.contains(&"first"));
    }
}

#[tokio::test]
async fn a_cursor_of_another_log_is_answered_with_lagged() {
    let app = with_projects(1).await;
    for left_off in ["ffffffff-ffff-7000-bfff-ffffffffffff", "nonsense"] {
        let mut stream = come_back(&app, left_off, true).await;
        let lagged = stream.event("lagged", SOON, |_| true).await;
        assert!(lagged["missed"].is_i64(), "{lagged}");
        make(&app, left_off).await;
        listen_until(&mut stream, left_off).await;
    }
}
