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

#[tokio::test]
async fn both_files_write_a_time_alike() {
    let app = with_projects(1).await;
    let cells = app
        .get("/api/events/export?format=csv&source=project")
        .await;
    let line = lines(&app, "source=project").await.remove(0);
    for field in ["ts", "last_ts"] {
        let time = line[field].to_string();
        assert!(
            cells.text.contains(&time),
            "{time} is not in {}",
            cells.text
        );
    }
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

/// The cursor that comes with the next message of this name.
async fn cursor_with(stream: &mut EventSource, wanted: &str) -> Option<String> {
    loop {
        match stream.next(SOON).await.expect("the stream goes on") {
            Told::Event { name, id, .. } if name == wanted => return id,
            Told::Event { .. } | Told::Comment | Told::Retry(_) => {}
        }
    }
}

#[tokio::test]
async fn whoever_is_cut_off_before_the_first_line_gets_what_it_missed_as_well() {
    let app = with_projects(2).await;
    let mut stream = app.stream("events").await;
    let left_off = cursor_with(&mut stream, "hello").await;
    let left_off = left_off.expect("the greeting says where the log ends");
    drop(stream);
    make(&app, "missed-0").await;
    make(&app, "missed-1").await;
    for by_header in [true, false] {
        let mut stream = come_back(&app, &left_off, by_header).await;
        let again = cursor_with(&mut stream, "hello").await;
        // Cut off once more before the lines, it would still miss them.
        assert_eq!(again.as_ref(), Some(&left_off));
        let heard = listen_until(&mut stream, "missed-1").await;
        let lines: Vec<_> = heard.into_iter().map(|(_, line)| line).collect();
        let mut missed = names(&lines);
        // An engine that does not answer has no project.
        missed.retain(|name| !name.is_empty());
        assert_eq!(missed, ["missed-0", "missed-1"]);
    }
    let mut stream = app.stream("stats").await;
    let without_lines = cursor_with(&mut stream, "hello").await;
    assert_eq!(without_lines, None, "it would skip lines that nobody told");
}

#[tokio::test]
async fn whoever_lagged_goes_on_from_the_end_of_the_log() {
    let app = with_projects(1).await;
    let mut stream = come_back(&app, "nonsense", true).await;
    let left_off = cursor_with(&mut stream, "lagged").await;
    let left_off = left_off.expect("it is told where the log ends");
    drop(stream);
    make(&app, "missed").await;
    let mut stream = come_back(&app, &left_off, true).await;
    let heard = listen_until(&mut stream, "missed").await;
    let lines: Vec<_> = heard.into_iter().map(|(_, line)| line).collect();
    assert!(!names(&lines).contains(&"shop-0"), "{lines:?}");
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
