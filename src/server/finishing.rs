//! What was begun is done to its end, whoever goes away meanwhile.
//!
//! What a page waits for is looked at by tasks of the framework, beside the one that answers. If that one
//! is dropped in the middle, because its client has gone, they find their page taken apart and panic. An act
//! of a person that is dropped in the middle would be done, and be missing in the event log.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{Request, State};
use axum::http::Uri;
use axum::middleware::Next;
use axum::response::Response;
use tokio::sync::{Semaphore, oneshot};

use super::envelope::refuse;
use super::supervisor::Supervisor;
use crate::auth::credential::Caller;
use crate::auth::visit::network_of;
use crate::error::AppError;

/// What is under way at once. Whoever asks and goes away at once costs us no more than that.
const AT_ONCE: usize = 64;

/// How much of that one network may have where anybody may begin something.
const OF_NETWORK: usize = AT_ONCE / 4;

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

/// A room for what anybody may begin and what waits for somebody else's machine. Nobody waits before it: who
/// finds no place is turned away, and what is done elsewhere goes on whatever happens here.
#[derive(Clone, Debug)]
pub struct Lobby {
    finishing: Finishing,
    /// Places that are taken, by network.
    taken: Arc<Mutex<HashMap<Option<IpAddr>, usize>>>,
    turn_away: fn(&Uri) -> Response,
}

impl Lobby {
    /// One beside `room`, with places of its own; `turn_away` answers whoever finds none.
    pub fn beside(room: &Finishing, turn_away: fn(&Uri) -> Response) -> Self {
        Self {
            finishing: Finishing::new(room.supervisor.clone()),
            taken: Arc::default(),
            turn_away,
        }
    }

    /// A place for somebody of this network, where there is one.
    fn place(&self, network: Option<IpAddr>) -> Option<Place> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let all: usize = taken.values().sum();
        let own = taken.get(&network).copied().unwrap_or_default();
        if all >= AT_ONCE || own >= OF_NETWORK {
            return None;
        }
        taken.insert(network, own + 1);
        Some(Place {
            taken: self.taken.clone(),
            network,
        })
    }
}

/// A place that somebody has, for as long as this is kept.
struct Place {
    taken: Arc<Mutex<HashMap<Option<IpAddr>, usize>>>,
    network: Option<IpAddr>,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let left = taken.remove(&self.network).unwrap_or_default();
        if left > 1 {
            taken.insert(self.network, left - 1);
        }
    }
}

/// A layer that does to the end what finds a place in the lobby.
pub async fn to_the_end_where_there_is_room(
    State(lobby): State<Lobby>,
    request: Request,
    next: Next,
) -> Response {
    let caller = request.extensions().get::<Caller>();
    let address = caller.and_then(|caller| caller.visit.address);
    let Some(place) = lobby.place(address.map(network_of)) else {
        return (lobby.turn_away)(request.uri());
    };
    let work = next.run(request);
    let work = async move {
        let response = work.await;
        drop(place);
        response
    };
    lobby.finishing.finish(work).await
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
    use axum::Router;
    use axum::body::Body;
    use axum::middleware::from_fn_with_state;
    use axum::response::IntoResponse;
    use axum::routing::get;
    use tower::ServiceExt;

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

    fn elsewhere(_: &Uri) -> Response {
        "elsewhere".into_response()
    }

    #[tokio::test]
    async fn a_network_has_a_part_of_the_lobby_and_leaves_it_as_it_was() {
        let lobby = Lobby::beside(&Finishing::default(), elsewhere);
        let network = |last: u8| Some(IpAddr::from([192, 0, 2, last]));
        let take = |last: u8| (0..OF_NETWORK).map(move |_| network(last));
        let mut places = Vec::new();
        for last in 0..4 {
            assert!(lobby.place(network(last)).is_some());
            places.extend(take(last).filter_map(|network| lobby.place(network)));
            assert!(lobby.place(network(last)).is_none());
        }
        assert_eq!(places.len(), AT_ONCE);
        assert!(lobby.place(network(9)).is_none(), "all are taken");
        places.truncate(1);
        assert!(lobby.place(network(9)).is_some());
        drop(places);
        assert!(lobby.taken.lock().unwrap().is_empty());
    }

    #[tokio::test]
    async fn who_finds_no_place_is_turned_away_at_once_and_acts_go_on() {
        let acts = Finishing::default();
        let lobby = Lobby::beside(&acts, elsewhere);
        let layer = from_fn_with_state(lobby, to_the_end_where_there_is_room);
        let hangs = get(std::future::pending::<Response>);
        let router: Router = Router::new().route("/", hangs).layer(layer);
        let ask = || Box::pin(router.clone().oneshot(Request::new(Body::empty())));
        for _ in 0..OF_NETWORK {
            // Whoever asks goes away again, and what they began goes on.
            assert!(futures::poll!(ask()).is_pending());
        }
        let turned_away = ask().await.unwrap();
        let body = axum::body::to_bytes(turned_away.into_body(), 64).await;
        assert_eq!(body.unwrap(), "elsewhere");
        let act = acts.finish(async { "done".into_response() }).await;
        assert_eq!(act.status().as_u16(), 200);
    }
}
