//! The event log over HTTP: what is told, how it is read, what survives.
//!
//! `told` what people and engines do · `deaths` each once · `reading` filters, pages, files, the stream ·
//! `enduring` a pulled plug and a changed file

mod deaths;
mod enduring;
mod reading;
mod told;

use std::time::Duration;

use serde_json::Value;
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use crate::harness::{TestApp, wait_for};

/// Every line that fits these filters, the newest first, as the export has them.
pub async fn lines(app: &TestApp, filters: &str) -> Vec<Value> {
    let answer = app.get(&format!("/api/events/export?{filters}")).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let lines = answer.text.lines();
    lines
        .map(|line| serde_json::from_str(line).expect("a line of the export is JSON"))
        .collect()
}

/// Changes the database behind the program's back; answers how many rows.
pub async fn change(app: &TestApp, sql: &'static str) -> u64 {
    let file = app.data_dir().join("docker-watcher.db");
    let options = SqliteConnectOptions::new().filename(&file);
    let mut connection = SqliteConnection::connect_with(&options)
        .await
        .expect("the file opens");
    let changed = sqlx::query(sql).execute(&mut connection).await;
    connection.close().await.expect("the file closes");
    changed.expect("the database is changed").rows_affected()
}

/// How often the lines of this type happened, all together.
pub async fn times(app: &TestApp, kind: &str) -> i64 {
    let lines = lines(app, "").await;
    let of_kind = lines.iter().filter(|line| line["type"] == kind);
    of_kind.filter_map(|line| line["count"].as_i64()).sum()
}

/// The lines of this type, as soon as `wanted` holds for them.
pub async fn lines_when(
    app: &TestApp,
    kind: &str,
    limit: Duration,
    wanted: impl Fn(&[Value]) -> bool,
) -> Vec<Value> {
    wait_for(&format!("lines of {kind}"), limit, || async {
        let mut lines = lines(app, "").await;
        lines.retain(|line| line["type"] == kind);
        if wanted(&lines) {
            Ok(lines)
        } else {
            Err(format!("{lines:#?}"))
        }
    })
    .await
}
