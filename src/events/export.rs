//! `GET /api/events/export`: all that fits a filter, page by page, in a form for other programs.

use std::collections::VecDeque;

use axum::BoxError;
use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use chrono::{DateTime, SecondsFormat, Utc};
use futures::{Stream, StreamExt, stream};
use serde::Deserialize;

use super::audience::Ticket;
use super::model::Event;
use super::model::filter::Filter;
use super::question::Question;
use super::store::read;
use super::store::row::Row;
use crate::error::AppError;
use crate::server::db::Db;
use crate::server::envelope::refuse;

/// Lines that are read at a time, and held in memory.
const PAGE: i64 = 500;

/// How the lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A JSON object a line.
    Ndjson,
    /// Cells separated by commas, the first line their names.
    Csv,
}

/// Which form is asked for; what else is asked for is a [`Question`].
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct FormatQuery {
    format: Option<String>,
}

impl FormatQuery {
    fn read(&self) -> Result<Format, AppError> {
        match self.format.as_deref() {
            None | Some("" | "ndjson") => Ok(Format::Ndjson),
            Some("csv") => Ok(Format::Csv),
            Some(_) => Err(AppError::invalid("format", "Choose of ndjson, csv.")),
        }
    }
}

/// Streams all that fits as of `now`, the newest first, for as long as the ticket is good. What is written
/// meanwhile is not in it.
pub fn export(
    db: Db,
    now: DateTime<Utc>,
    ticket: Ticket,
    format: &FormatQuery,
    question: Question,
) -> Response {
    let format = match format.read() {
        Ok(format) => format,
        Err(error) => return refuse(error),
    };
    let asked = match question.read(now) {
        Ok(asked) => asked,
        Err(error) => return refuse(error),
    };
    let (media_type, name) = match format {
        Format::Ndjson => (
            "application/x-ndjson",
            "attachment; filename=\"events.ndjson\"",
        ),
        Format::Csv => (
            "text/csv; charset=utf-8",
            "attachment; filename=\"events.csv\"",
        ),
    };
    let headers = HeaderMap::from_iter([
        (CONTENT_TYPE, HeaderValue::from_static(media_type)),
        (CONTENT_DISPOSITION, HeaderValue::from_static(name)),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ]);
    let reading = Reading {
        db,
        ticket,
        format,
        filter: asked.filter,
        before: asked.before.map(|before| before.key()),
        ahead: VecDeque::new(),
        begun: false,
        ended: false,
    };
    (headers, Body::from_stream(reading.chunks())).into_response()
}

struct Reading {
    db: Db,
    ticket: Ticket,
    format: Format,
    filter: Filter,
    before: Option<i64>,
    ahead: VecDeque<Row>,
    begun: bool,
    ended: bool,
}

impl Reading {
    /// A page of lines at a time. Where the database fails in the middle, or the session ends, the connection
    /// breaks off, so that nobody takes a part for the whole.
    fn chunks(self) -> impl Stream<Item = Result<Bytes, BoxError>> {
        let chunks = stream::unfold(self, |mut reading| async move {
            let chunk = reading.next().await.transpose()?;
            Some((chunk, reading))
        });
        // What compresses the answer asks again after the end.
        chunks.fuse()
    }

    async fn next(&mut self) -> Result<Option<Bytes>, BoxError> {
        if self.ticket.until.is_cancelled() {
            return Err("the session is over".into());
        }
        let mut text = String::new();
        if !std::mem::replace(&mut self.begun, true) && self.format == Format::Csv {
            text.push_str(&COLUMNS.join(","));
            text.push_str("\r\n");
        }
        if !self.ended {
            let rows = read::rows(self.db.read(), &self.filter, self.before, PAGE).await;
            let rows = rows.inspect_err(|error| tracing::error!(%error, "an export broke off"))?;
            self.ended = i64::try_from(rows.len()).is_ok_and(|count| count < PAGE);
            self.before = rows.last().map(|row| row.key);
            self.ahead.extend(rows);
        }
        for row in self.ahead.drain(..) {
            write_line(&mut text, self.format, &row.event());
        }
        Ok((!text.is_empty()).then(|| text.into()))
    }
}

const COLUMNS: [&str; 13] = [
    "id",
    "ts",
    "severity",
    "source",
    "type",
    "message",
    "workload_id",
    "container_id",
    "proxy_id",
    "operation_id",
    "details",
    "count",
    "last_ts",
];

fn write_line(text: &mut String, format: Format, event: &Event) {
    match format {
        Format::Ndjson => {
            // Plain data has JSON.
            text.push_str(&serde_json::to_string(event).unwrap_or_default());
            text.push('\n');
        }
        Format::Csv => {
            let optional = |id: &Option<String>| id.clone().unwrap_or_default();
            // As JSON has it.
            let time = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::AutoSi, true);
            let cells = [
                event.id.clone(),
                time(event.ts),
                event.severity.name().to_owned(),
                event.source.name().to_owned(),
                event.kind.clone(),
                event.message.clone(),
                optional(&event.workload_id),
                optional(&event.container_id),
                optional(&event.proxy_id),
                optional(&event.operation_id),
                event.details.to_string(),
                event.count.to_string(),
                time(event.last_ts),
            ];
            text.push_str(&cells.map(|cell| quote(&cell)).join(","));
            text.push_str("\r\n");
        }
    }
}

/// A cell in quotes (RFC 4180). What a spreadsheet would take for a formula gets an apostrophe before it.
fn quote(cell: &str) -> String {
    let is_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\'']);
    let guard = if is_formula { "'" } else { "" };
    format!("\"{guard}{}\"", cell.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::server::clock::from_millis;

    #[tokio::test]
    async fn a_session_that_is_over_breaks_it_off() {
        let dir = tempfile::tempdir().unwrap();
        let db = Db::open(&dir.path().join("test.db")).await.unwrap();
        let ticket = Ticket {
            user_id: "1".into(),
            until: Arc::default(),
        };
        let until = ticket.until.clone();
        let (format, now) = (FormatQuery::default(), from_millis(0));
        let begin = || {
            export(
                db.clone(),
                now,
                ticket.clone(),
                &format,
                Question::default(),
            )
        };
        let whole = axum::body::to_bytes(begin().into_body(), 1024).await;
        assert!(whole.is_ok());
        let broken = begin();
        until.cancel();
        assert!(
            axum::body::to_bytes(broken.into_body(), 1024)
                .await
                .is_err()
        );
    }

    #[test]
    fn no_cell_is_a_formula() {
        for cell in ["=1+1", "+1", "-1", "@a", "\t=1", "\r=1", "\n=1"] {
            assert_eq!(quote(cell), format!("\"'{cell}\""));
        }
        assert_eq!(quote("a \"b\", c"), "\"a \"\"b\"\", c\"");
    }
}
