//! `GET /api/stream`: the bus as server-sent events, with a bound on what one client can cost.

use std::collections::HashSet;
use std::convert::Infallible;
use std::time::Duration;

use axum::http::{HeaderName, HeaderValue, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::{Stream, stream};
use serde::Deserialize;
use tokio::sync::broadcast::error::RecvError;
use tokio_util::sync::CancellationToken;

use super::audience::Ticket;
use super::bus::{Bus, Published, Subscription, Watching};
use super::model::Message;
use super::model::cursor::Cursor;
use super::resume::{self, Resume, Step};
use super::seats::{Seat, Seats};
use super::store::row::Row;
use super::topic::Topic;
use crate::error::AppError;
use crate::server::db::Db;
use crate::server::envelope::refuse;

/// Proxies close what is silent for a minute.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// How long a browser waits before it comes back.
const RETRY: Duration = Duration::from_secs(2);

/// How long, in seconds, whoever found no seat is to wait before the next try.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("30");

/// What the stream needs from the program.
#[derive(Clone)]
pub struct StreamState {
    pub bus: Bus,
    pub db: Db,
    pub seats: Seats,
    pub shutdown: CancellationToken,
}

#[derive(Deserialize)]
pub struct StreamQuery {
    topics: Option<String>,
    /// The cursor of the last line that was heard: a new connection of a browser cannot send the header that
    /// a broken one sends by itself.
    last_event_id: Option<String>,
}

/// One client. A slow one falls behind in the bus's own bounded backlog, is told `lagged`, and goes
/// on from there: nothing is kept for it alone.
struct Listener {
    receiver: Subscription,
    topics: HashSet<Topic>,
    shutdown: CancellationToken,
    ticket: Ticket,
    greeted: bool,
    /// Where in the log it begins.
    start: Option<Cursor>,
    /// What is still to be told of before anything new is.
    resume: Option<Resume>,
    /// The number of the last line of the log that was told, or was there before.
    heard: i64,
    /// Makes the rounds quick for as long as somebody looks.
    _watching: Option<Watching>,
    /// Counts against what one user may have open.
    _seat: Seat,
}

/// Opens the stream for one client, for as long as its ticket is good.
pub async fn open(
    state: StreamState,
    ticket: Ticket,
    query: &StreamQuery,
    last_event_id: Option<&str>,
) -> Response {
    let topics = match parse_topics(query.topics.as_deref()) {
        Ok(topics) => topics,
        Err(error) => return refuse(error),
    };
    let seat = match state.seats.take(&ticket.user_id) {
        Ok(seat) => seat,
        Err(error) => return ([(header::RETRY_AFTER, RETRY_AFTER)], refuse(error)).into_response(),
    };
    // Before anything is read, so that nothing falls in between.
    let receiver = state.bus.subscribe();
    let left_off = last_event_id.or(query.last_event_id.as_deref());
    let (start, resume) = if topics.contains(&Topic::Events) {
        begin(&state.db, left_off.filter(|text| !text.is_empty())).await
    } else {
        (None, None)
    };
    // What somebody else names as heard may be of another log, so that only what we read ourselves counts.
    let heard = start
        .filter(|_| resume.is_none())
        .map_or(0, |end| end.number);
    let listener = Listener {
        receiver,
        _watching: topics
            .contains(&Topic::Stats)
            .then(|| state.bus.watch_stats()),
        _seat: seat,
        topics,
        shutdown: state.shutdown,
        ticket,
        greeted: false,
        start,
        resume,
        heard,
    };
    let body = Sse::new(listener.events()).keep_alive(KeepAlive::new().interval(HEARTBEAT));
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("no-cache, no-store, no-transform"),
    );
    headers.insert(
        HeaderName::from_static("x-accel-buffering"),
        HeaderValue::from_static("no"),
    );
    response
}

/// Where in the log a listener begins, and the way from there to now for one that was here before. One that
/// is new begins at the end: it is read before the answer, so that all that happens after it is told.
async fn begin(db: &Db, left_off: Option<&str>) -> (Option<Cursor>, Option<Resume>) {
    let Some(text) = left_off else {
        let end = resume::end(db).await;
        if let Err(error) = &end {
            tracing::error!(%error, "a listener is not told where the log ends");
        }
        return (end.ok(), None);
    };
    let named: Option<Cursor> = text.parse().ok();
    // What is no cursor of ours is one of a log that is not there: nothing can be told from it.
    let after = named.unwrap_or(Cursor { at: 0, number: -1 });
    (named, Some(Resume::after(db.clone(), after)))
}

impl Listener {
    fn events(self) -> impl Stream<Item = Result<Event, Infallible>> {
        stream::unfold(self, |mut listener| async move {
            let event = listener.next().await?;
            Some((Ok(event), listener))
        })
    }

    /// The next thing to tell; `None` ends the stream.
    async fn next(&mut self) -> Option<Event> {
        if !self.greeted {
            self.greeted = true;
            let version = env!("CARGO_PKG_VERSION");
            let hello = format!(r#"{{"version":"{version}"}}"#);
            let greeting = Event::default().event("hello").data(hello).retry(RETRY);
            // Who is cut off before the first line has a place to go on from, too.
            return Some(at(self.start, greeting));
        }
        loop {
            if let Some(resume) = &mut self.resume {
                let step = tokio::select! {
                    () = self.shutdown.cancelled() => return None,
                    () = self.ticket.until.cancelled() => return None,
                    step = resume.next() => step,
                };
                match step {
                    Some(Step::Line(cursor, row)) => {
                        self.heard = cursor.number;
                        return Some(line(cursor, *row));
                    }
                    Some(Step::Lost { missed, end }) => {
                        self.resume = None;
                        // Whoever reads again finds everything up to there.
                        self.heard = end.map_or(self.heard, |end| end.number);
                        return Some(at(end, lagged(missed)));
                    }
                    None => self.resume = None,
                }
            }
            let received = tokio::select! {
                () = self.shutdown.cancelled() => return None,
                () = self.ticket.until.cancelled() => return None,
                received = self.receiver.recv() => received,
            };
            match received {
                Ok(published) if self.wants(&published) => return Some(event_of(&published)),
                Ok(_) => {}
                Err(RecvError::Lagged(missed)) => {
                    return Some(lagged(i64::try_from(missed).unwrap_or(i64::MAX)));
                }
                Err(RecvError::Closed) => return None,
            }
        }
    }

    /// A line of the log that was told as missed is not told again.
    fn wants(&self, published: &Published) -> bool {
        let is_new = |cursor: Cursor| cursor.number > self.heard;
        self.topics.contains(&published.topic) && published.cursor.is_none_or(is_new)
    }
}

fn event_of(published: &Published) -> Event {
    let event = Event::default()
        .event(published.name)
        .data(&*published.json);
    at(published.cursor, event)
}

/// With the place in the log from which whoever hears it can go on.
fn at(cursor: Option<Cursor>, event: Event) -> Event {
    match cursor {
        Some(cursor) => event.id(cursor.to_string()),
        None => event,
    }
}

/// A line of the log that was missed.
fn line(cursor: Cursor, row: Row) -> Event {
    let message = Message::EventLog(row.event());
    let event = Event::default()
        .event(message.name())
        .id(cursor.to_string());
    match event.json_data(&message) {
        Ok(event) => event,
        Err(error) => {
            tracing::error!(%error, "a line of the log has no JSON");
            lagged(1)
        }
    }
}

fn lagged(missed: i64) -> Event {
    let data = format!(r#"{{"missed":{missed}}}"#);
    Event::default().event("lagged").data(data)
}

/// Reads the comma-separated choice; absent or empty is all of them.
fn parse_topics(text: Option<&str>) -> Result<HashSet<Topic>, AppError> {
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        return Ok(Topic::ALL.iter().map(|entry| entry.0).collect());
    };
    text.split(',')
        .map(str::trim)
        .map(|name| {
            Topic::ALL
                .iter()
                .find(|entry| entry.1 == name)
                .map(|entry| entry.0)
                .ok_or_else(|| {
                    let all = Topic::ALL.map(|entry| entry.1).join(", ");
                    AppError::invalid("topics", format!("The topics are {all}."))
                })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics_are_chosen_by_name_and_all_by_default() {
        for all in [None, Some("")] {
            assert_eq!(parse_topics(all).unwrap().len(), Topic::ALL.len());
        }
        assert_eq!(parse_topics(Some("stats, health")).unwrap().len(), 2);
        for unknown in ["stats,gossip", " ", "stats, "] {
            let error = parse_topics(Some(unknown)).unwrap_err();
            assert_eq!(error.code.status(), 422, "{unknown:?}");
        }
    }
}
