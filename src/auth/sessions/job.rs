//! Ends the streams whose session or API token is no longer good, and removes what is over.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::keeper::Sessions;
use super::streams::Streams;
use crate::auth::credential::Credential;
use crate::error::AppError;

/// How often it looks; a session can be ended by another process, so there is nothing to wait for. A
/// stream has to end within five seconds of its session.
const EVERY: Duration = Duration::from_secs(2);

/// Looks at streams so many times before it removes what is over: once an hour.
const ROUNDS: u32 = 1800;

/// Looks at streams so many times before it notes which sessions they keep in use: once a minute.
const TOUCHES: u32 = 30;

/// Works until it is told to stop.
pub async fn run(sessions: Sessions, streams: Streams, stop: CancellationToken) {
    let mut round: u32 = 0;
    loop {
        if let Err(error) = end_streams(&sessions, &streams, round.is_multiple_of(TOUCHES)).await {
            tracing::error!(%error, "streams were not compared with their sessions");
        }
        if round.is_multiple_of(ROUNDS) {
            match sessions.remove_over().await {
                Ok(0) => {}
                Ok(sessions) => tracing::info!(sessions, "removed sessions that were over"),
                Err(error) => tracing::error!(%error, "sessions that are over were not removed"),
            }
        }
        round = round.wrapping_add(1);
        let pause = tokio::time::sleep(EVERY);
        if stop.run_until_cancelled(pause).await.is_none() {
            return;
        }
    }
}

async fn end_streams(
    sessions: &Sessions,
    streams: &Streams,
    touches: bool,
) -> Result<(), AppError> {
    let open = streams.credentials();
    if open.is_empty() {
        return Ok(());
    }
    let ids: Vec<String> = open.iter().map(|open| open.id().to_owned()).collect();
    let good = sessions.still_good(&ids).await?;
    let (good, over): (Vec<_>, Vec<_>) = open
        .into_iter()
        .partition(|credential| good.iter().any(|id| id == credential.id()));
    for credential in &over {
        streams.end(credential);
    }
    if !touches {
        return Ok(());
    }
    // An open page is in use, even where nobody clicks.
    let in_use: Vec<_> = good
        .into_iter()
        .filter_map(|credential| match credential {
            Credential::Session(id) => Some(id),
            Credential::ApiToken(_) => None,
        })
        .collect();
    sessions.touch(&in_use).await
}
