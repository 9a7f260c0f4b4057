//! One connection: where it comes from, what it keeps us waiting for, and since when.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::limits::Wait;
use crate::auth::visit::network_of;

/// A connection, as the crowd sees it.
#[derive(Debug)]
pub struct Guest {
    /// Where it comes from.
    pub home: IpAddr,
    leave: CancellationToken,
    state: Mutex<State>,
}

/// Whose turn it is on a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Ours.
    Served,
    /// Its own, since then.
    Waits(Wait, Instant),
    /// Nobody's: it was asked to go.
    Leaves,
}

#[derive(Debug)]
struct State {
    /// Requests that have come and are not answered yet.
    requests: usize,
    /// How many of them wait for more of their body.
    bodies: usize,
    /// A header has begun, or nothing has come at all yet.
    half_open: bool,
    /// HTTP/2, where bytes between requests need not be the beginning of one.
    multiplexed: bool,
    /// When the latest of these changed.
    since: Instant,
    /// Since when what we write is not read.
    blocked: Option<Instant>,
    /// It was asked to go.
    leaves: bool,
}

impl Guest {
    /// A connection that has just come; `leave` is how it is asked to go.
    pub fn new(peer: IpAddr, leave: CancellationToken, now: Instant) -> Arc<Self> {
        let state = State {
            requests: 0,
            bodies: 0,
            half_open: true,
            multiplexed: false,
            since: now,
            blocked: None,
            leaves: false,
        };
        Arc::new(Self {
            home: network_of(peer),
            leave,
            state: Mutex::new(state),
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whose turn it is.
    pub fn standing(&self) -> Standing {
        let state = self.state();
        if state.leaves {
            return Standing::Leaves;
        }
        let wait = if state.requests == 0 && state.half_open {
            Wait::Header
        } else if state.requests > 0 && state.bodies >= state.requests {
            Wait::Body
        } else if let Some(since) = state.blocked {
            return Standing::Waits(Wait::Reader, since);
        } else if state.requests == 0 {
            Wait::Next
        } else {
            return Standing::Served;
        };
        Standing::Waits(wait, state.since)
    }

    /// Whether something that it asked is being answered.
    pub fn is_answered(&self) -> bool {
        self.state().requests > 0
    }

    /// Asks it to go, at once.
    pub fn dismiss(&self) {
        self.state().leaves = true;
        self.leave.cancel();
    }

    /// Comes back when it was asked to go.
    pub async fn dismissed(&self) {
        self.leave.cancelled().await;
    }

    /// Bytes have come.
    pub fn spoke(&self) {
        let mut state = self.state();
        if state.requests == 0 && !state.half_open && !state.multiplexed {
            state.half_open = true;
            state.since = Instant::now();
        }
    }

    /// What we wrote was taken, or was not.
    pub fn reads(&self, takes: bool) {
        let mut state = self.state();
        match takes {
            true => state.blocked = None,
            false if state.blocked.is_none() => state.blocked = Some(Instant::now()),
            false => {}
        }
    }

    /// A body has nothing more for now, or has again.
    pub fn body_waits(&self, waits: bool) {
        let mut state = self.state();
        if waits {
            state.bodies += 1;
            state.since = Instant::now();
        } else {
            state.bodies -= 1;
        }
    }

    /// A whole header has come: it is our turn until what this gives is dropped.
    pub fn ask(self: &Arc<Self>, multiplexed: bool) -> Turn {
        let mut state = self.state();
        state.requests += 1;
        state.half_open = false;
        state.multiplexed |= multiplexed;
        Turn(self.clone())
    }
}

/// A request that is being answered.
#[derive(Debug)]
pub struct Turn(Arc<Guest>);

impl Drop for Turn {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.requests -= 1;
        state.since = Instant::now();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guest() -> Arc<Guest> {
        let peer = "203.0.113.7".parse().unwrap();
        Guest::new(peer, CancellationToken::new(), Instant::now())
    }

    fn wait(guest: &Guest) -> Option<Wait> {
        match guest.standing() {
            Standing::Waits(wait, _) => Some(wait),
            _ => None,
        }
    }

    #[tokio::test(start_paused = true)]
    async fn it_is_half_open_until_a_header_is_whole_and_again_when_the_next_begins() {
        let guest = guest();
        assert_eq!(wait(&guest), Some(Wait::Header));
        let turn = guest.ask(false);
        assert_eq!(wait(&guest), None);
        drop(turn);
        assert_eq!(wait(&guest), Some(Wait::Next));
        tokio::time::advance(Wait::Next.patience()).await;
        guest.spoke();
        assert_eq!(
            guest.standing(),
            Standing::Waits(Wait::Header, Instant::now())
        );
    }

    #[tokio::test(start_paused = true)]
    async fn bytes_that_trickle_in_do_not_begin_the_header_anew() {
        let guest = guest();
        let began = Instant::now();
        tokio::time::advance(Wait::Header.patience()).await;
        guest.spoke();
        assert_eq!(guest.standing(), Standing::Waits(Wait::Header, began));
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_does_not_come_is_waited_for_and_one_that_comes_is_our_turn() {
        let guest = guest();
        let _turn = guest.ask(false);
        guest.body_waits(true);
        assert_eq!(wait(&guest), Some(Wait::Body));
        guest.body_waits(false);
        assert_eq!(wait(&guest), None);
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_does_not_read_is_waited_for_since_it_stopped() {
        let guest = guest();
        let _turn = guest.ask(false);
        let stopped = Instant::now();
        guest.reads(false);
        tokio::time::advance(Wait::Header.patience()).await;
        guest.reads(false);
        assert_eq!(guest.standing(), Standing::Waits(Wait::Reader, stopped));
        guest.reads(true);
        assert_eq!(wait(&guest), None);
    }

    #[tokio::test(start_paused = true)]
    async fn of_several_requests_at_once_one_that_we_work_on_is_enough() {
        let guest = guest();
        let (_one, _other) = (guest.ask(true), guest.ask(true));
        guest.body_waits(true);
        assert_eq!(wait(&guest), None);
        guest.body_waits(true);
        assert_eq!(wait(&guest), Some(Wait::Body));
    }
}
