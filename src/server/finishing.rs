//! What was begun is done to its end, whoever goes away meanwhile.
//!
//! What a page waits for is looked at by tasks of the framework, beside the one that answers. If that one
//! is dropped in the middle, because its client has gone, they find their page taken apart and panic. An act
//! of a person that is dropped in the middle would be done, and be missing in the event log.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use tokio::sync::{Semaphore, oneshot};

use super::envelope::refuse;
use super::supervisor::Supervisor;
use crate::error::AppError;

/// What is under way at once. Whoever asks and goes away at once costs us no more than that.
const AT_ONCE: usize = 64;

/// A cheap handle on the room that there is for one kind of work.
#[derive(Clone, Debug)]
pub struct Finishing {
    supervisor: Supervisor,
    room: Arc<Semaphore>,
}

impl Finishing {
    pub fn new(supervisor: Supervisor) -> Self {
        Self {
            supervisor,
            room: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }

    /// What `work` comes to. Until it has begun it ends with whoever waits for it, and from then on not.
    pub async fn finish(&self, work: impl Future<Output = Response> + Send + 'static) -> Response {
        let room = match self.room.clone().acquire_owned().await {
            Ok(room) => room,
            Err(closed) => return refuse(AppError::internal(closed)),
        };
        let (done, response) = oneshot::channel();
        self.supervisor.run_beside(async move {
            // Whoever has gone needs it no more.
            drop(done.send(work.await));
            drop(room);
        });
        // It panicked, which is in the log.
        response
            .await
            .unwrap_or_else(|_| refuse(AppError::unexplained()))
    }
}

/// The same as a layer.
pub async fn to_the_end(
    State(finishing): State<Finishing>,
    request: Request,
    next: Next,
) -> Response {
    finishing.finish(next.run(request)).await
}

#[cfg(test)]
impl Default for Finishing {
    fn default() -> Self {
        let log = crate::events::log::EventLog::silent();
        Self::new(Supervisor::new(
            tokio_util::sync::CancellationToken::new(),
            log,
        ))
    }
}

#[cfg(test)]
mod tests {
    use axum::response::IntoResponse;

    use super::*;

    #[tokio::test]
    async fn what_was_begun_is_finished_for_nobody() {
        let (begun, has_begun) = oneshot::channel();
        let (go_on, goes_on) = oneshot::channel::<()>();
        let (finished, is_finished) = oneshot::channel();
        let page = async move {
            begun.send(()).unwrap();
            goes_on.await.unwrap();
            finished.send(()).unwrap();
            "written".into_response()
        };
        let finishing = Finishing::default();
        tokio::select! {
            _ = finishing.finish(page) => unreachable!("nobody let it go on"),
            _ = has_begun => {}
        }
        go_on.send(()).unwrap();
        is_finished.await.unwrap();
    }

    #[tokio::test]
    async fn a_page_that_panics_is_answered_and_makes_room() {
        let finishing = Finishing::default();
        for _ in 0..=AT_ONCE {
            let response = finishing.finish(async { panic!("of no cause") }).await;
            assert_eq!(response.status().as_u16(), 500);
        }
        let response = finishing.finish(async { "fine".into_response() }).await;
        assert_eq!(response.status().as_u16(), 200);
    }
}
