//! The bodies of requests: how large, how slow and how many at once.

use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::http::request::Parts;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use tower_http::timeout::{TimeoutBody, TimeoutError};

use super::larder::{Larders, Room};
use crate::auth::credential::Caller;
use crate::auth::guard::Visitor;
use crate::error::{AppError, Code};

/// The largest body that is read, in bytes; settings are far below it.
pub const MAX: usize = 1024 * 1024;

/// The largest one of somebody who is not signed in: names, passwords and codes.
const MAX_OF_STRANGER: usize = 16 * 1024;

/// How long a body may send nothing.
const STALL: Duration = Duration::from_secs(15);

/// How long a body may take in all; at 20 kB/s the largest one arrives.
const LONGEST: Duration = Duration::from_secs(60);

/// How much of a body that is too large is still read, so that its sender hears why it was refused.
const MAX_POURED: usize = 64 * 1024 * 1024;

/// How long that may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Reads the body of a request, for which there has to be room; what is given with it holds that.
///
/// # Errors
/// `too_large`, `timed_out`, `malformed` where it ends too early, and `too_many` where there is no room.
pub async fn take_in(
    larders: &Larders,
    request: &Parts,
    body: Body,
) -> Result<(Bytes, Option<Room>), AppError> {
    if body.is_end_stream() {
        return Ok((Bytes::new(), None));
    }
    let visitor = request.extensions.get::<Visitor>();
    let is_stranger = visitor.is_none_or(|visitor| visitor.0.is_none());
    let (larder, limit) = match is_stranger {
        true => (&larders.strangers, MAX_OF_STRANGER),
        false => (&larders.users, MAX),
    };
    // One that does not say its size may be as large as any.
    let said = body.size_hint().upper();
    let bytes = said.and_then(|bytes| usize::try_from(bytes).ok());
    let bytes = bytes.unwrap_or(limit).min(limit);
    let caller = request.extensions.get::<Caller>();
    let address = caller.and_then(|caller| caller.visit.address);
    let room = larder.room(address, bytes).ok_or_else(|| {
        let message = "Too many requests are being read from your network; try again in a minute.";
        AppError::new(Code::TooMany, message)
    })?;
    Ok((collect(body, limit).await?, Some(room)))
}

/// Reads a body of at most so many bytes.
///
/// # Errors
/// See [`take_in`].
pub async fn collect(mut body: Body, most: usize) -> Result<Bytes, AppError> {
    let limited = Limited::new(TimeoutBody::new(STALL, &mut body), most);
    let Ok(outcome) = tokio::time::timeout(LONGEST, limited.collect()).await else {
        return Err(too_slow());
    };
    match outcome {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<TimeoutError>() => Err(too_slow()),
        Err(error) if error.is::<LengthLimitError>() => {
            // Nobody sends for longer than this; whoever does loses the answer.
            drop(tokio::time::timeout(PATIENCE, pour_away(body)).await);
            Err(AppError::new(
                Code::TooLarge,
                format!("The body is larger than {most} bytes."),
            ))
        }
        Err(_) => Err(AppError::malformed("The body ended too early.")),
    }
}

fn too_slow() -> AppError {
    AppError::new(Code::TimedOut, "The body came too slowly; send it again.")
}

/// Reads what is left of a body that is too large: a client that is still sending when the connection
/// closes sees a broken pipe instead of the reason.
async fn pour_away(mut body: Body) {
    let mut left = MAX_POURED;
    while let Some(Ok(frame)) = body.frame().await {
        let size = frame.data_ref().map_or(0, Bytes::len);
        match left.checked_sub(size) {
            Some(rest) => left = rest,
            None => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;
    use crate::auth::model::{Role, User};

    /// A body that sends a byte each time this much has passed, without an end.
    fn trickle(pause: Duration) -> Body {
        Body::from_stream(futures::stream::unfold((), move |()| async move {
            tokio::time::sleep(pause).await;
            Some((Ok::<_, std::io::Error>(Bytes::from_static(b" ")), ()))
        }))
    }

    fn parts(user: Option<User>) -> Parts {
        let request = Request::builder().extension(Visitor(user)).body(());
        request.unwrap().into_parts().0
    }

    fn ann() -> User {
        User {
            id: "1".into(),
            username: "ann".into(),
            role: Role::Viewer,
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_is_given_up_when_it_stalls_and_when_it_trickles() {
        for (pause, limit) in [(STALL * 2, STALL), (STALL / 2, LONGEST)] {
            let start = tokio::time::Instant::now();
            let error = collect(trickle(pause), MAX).await.unwrap_err();
            assert_eq!(error.code, Code::TimedOut);
            assert_eq!(start.elapsed().as_secs(), limit.as_secs());
        }
    }

    #[tokio::test]
    async fn a_stranger_has_little_to_say() {
        let larders = Larders::default();
        let long = || Body::from(vec![b' '; MAX_OF_STRANGER + 1]);
        let error = take_in(&larders, &parts(None), long()).await.unwrap_err();
        assert_eq!(error.code, Code::TooLarge);
        let (bytes, room) = take_in(&larders, &parts(Some(ann())), long())
            .await
            .unwrap();
        assert_eq!(bytes.len(), MAX_OF_STRANGER + 1);
        assert!(room.is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn strangers_who_hold_all_their_room_leave_that_of_users_alone() {
        let larders = Larders::default();
        let mut held = Vec::new();
        while let Some(room) = larders.strangers.room(None, MAX_OF_STRANGER) {
            held.push(room);
        }
        let word = || Body::from("{}");
        let begun = take_in(&larders, &parts(None), trickle(STALL * 2)).await;
        assert_eq!(begun.unwrap_err().code, Code::TooMany);
        assert!(take_in(&larders, &parts(Some(ann())), word()).await.is_ok());
        held.pop();
        assert!(take_in(&larders, &parts(None), word()).await.is_ok());
        // What was read, or given up, holds nothing.
        drop(take_in(&larders, &parts(None), trickle(STALL * 2)).await);
        assert!(take_in(&larders, &parts(None), word()).await.is_ok());
    }
}
