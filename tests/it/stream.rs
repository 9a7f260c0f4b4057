//! A client of the stream: reads what a browser's `EventSource` would, and the comments, too.

use std::pin::Pin;
use std::time::Duration;

use futures::{Stream, StreamExt};
use reqwest::{RequestBuilder, Response};
use serde_json::Value;

type Bytes = Pin<Box<dyn Stream<Item = reqwest::Result<axum::body::Bytes>> + Send>>;

/// One block of the stream.
#[derive(Clone, Debug, PartialEq)]
pub enum Told {
    Event {
        name: String,
        data: Value,
        id: Option<String>,
    },
    Comment,
    Retry(u64),
}

/// An open stream.
pub struct EventSource {
    body: Bytes,
    buffer: String,
    pub content_type: String,
    pub cache_control: String,
}

impl EventSource {
    /// Opens it and holds it to be a stream.
    pub async fn open(request: RequestBuilder) -> Self {
        let response = request.send().await.expect("the stream answers");
        assert_eq!(response.status().as_u16(), 200, "the stream opens");
        let header = |name| {
            let value = response
                .headers()
                .get(name)
                .and_then(|value| value.to_str().ok());
            value.unwrap_or_default().to_owned()
        };
        let (content_type, cache_control) = (header("content-type"), header("cache-control"));
        let body = Response::bytes_stream(response).boxed();
        Self {
            body,
            buffer: String::new(),
            content_type,
            cache_control,
        }
    }

    /// The next block; `None` where the stream ended in good order.
    ///
    /// Panics where nothing comes within `limit`.
    pub async fn next(&mut self, limit: Duration) -> Option<Told> {
        loop {
            if let Some(end) = self.buffer.find("\n\n") {
                let block: String = self.buffer.drain(..end + 2).collect();
                if let Some(told) = parse(&block) {
                    return Some(told);
                }
                continue;
            }
            let chunk = tokio::time::timeout(limit, self.body.next()).await;
            let chunk = chunk.unwrap_or_else(|_| panic!("the stream said nothing for {limit:?}"));
            let chunk = chunk?.unwrap_or_else(|error| panic!("the stream broke: {error:?}"));
            self.buffer.push_str(&String::from_utf8_lossy(&chunk));
        }
    }

    /// The data of the next event of this name for which `wanted` holds.
    pub async fn event(
        &mut self,
        name: &str,
        limit: Duration,
        wanted: impl Fn(&Value) -> bool,
    ) -> Value {
        let search = async {
            let mut seen = Vec::new();
            loop {
                match self.next(limit).await {
                    Some(Told::Event {
                        name: this, data, ..
                    }) if this == name && wanted(&data) => {
                        return data;
                    }
                    Some(other) => seen.push(other),
                    None => panic!("the stream ended without such a {name}: {seen:?}"),
                }
            }
        };
        let found = tokio::time::timeout(limit, search).await;
        found.unwrap_or_else(|_| panic!("no such {name} within {limit:?}"))
    }

    /// The sample of this container in the next round that has one for which `wanted` holds.
    pub async fn sample(
        &mut self,
        container_id: &Value,
        limit: Duration,
        wanted: impl Fn(&Value) -> bool,
    ) -> Value {
        let find = |round: &Value| {
            let samples = round["samples"].as_array()?;
            samples
                .iter()
                .find(|one| one["container_id"] == *container_id && wanted(one))
                .cloned()
        };
        let round = self
            .event("container_stats", limit, |round| find(round).is_some())
            .await;
        find(&round).expect("the round was chosen for it")
    }
}

/// `None` for a block that says nothing.
fn parse(block: &str) -> Option<Told> {
    let (mut name, mut data, mut id, mut retry, mut comment) =
        (String::from("message"), Vec::new(), None, None, false);
    for line in block.lines() {
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "" => comment |= !line.is_empty(),
            "event" => name = value.to_owned(),
            "data" => data.push(value),
            "id" => id = Some(value.to_owned()),
            "retry" => retry = value.parse().ok(),
            _ => {}
        }
    }
    if !data.is_empty() {
        let data = serde_json::from_str(&data.join("\n"))
            .unwrap_or_else(|error| panic!("the data of {name} is not JSON: {error}: {data:?}"));
        return Some(Told::Event { name, data, id });
    }
    retry.map(Told::Retry).or(comment.then_some(Told::Comment))
}
