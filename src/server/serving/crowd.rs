//! Everybody who is connected, and who goes when somebody else wants in.
//!
//! A connection on which it is our turn is never closed for another. Of those that keep us waiting, the
//! one that has done so for longest goes, and first of all at the address that has most of them: who
//! opens thousands and sends nothing closes their own.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Weak};

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::guest::Guest;
use super::limits::{Limits, Wait};

/// Who is connected.
#[derive(Debug)]
pub struct Crowd {
    limits: Limits,
    /// A connection that is over drops its guest.
    guests: Vec<Weak<Guest>>,
    /// Ends them all with the crowd.
    everybody: CancellationToken,
}

/// A guest and what it did when the crowd was looked over.
struct Seen {
    guest: Arc<Guest>,
    waits: Option<(Wait, Instant)>,
}

impl Seen {
    fn is_half_open(&self) -> bool {
        matches!(self.waits, Some((Wait::Header, _)))
    }
}

impl Crowd {
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            guests: Vec::new(),
            everybody: CancellationToken::new(),
        }
    }

    fn look_over(&mut self) -> Vec<Seen> {
        let mut seen = Vec::with_capacity(self.guests.len() + 1);
        self.guests.retain(|guest| {
            let present = guest.upgrade().filter(|guest| !guest.is_dismissed());
            let stays = present.is_some();
            seen.extend(present.map(|guest| Seen {
                waits: guest.waits(),
                guest,
            }));
            stays
        });
        seen
    }

    /// Lets a connection in that has just come, and sends away who has to go for it; `None` where the
    /// room is full of connections that do not keep us waiting.
    pub fn admit(&mut self, peer: IpAddr) -> Option<Arc<Guest>> {
        let guest = Guest::new(peer, self.everybody.child_token(), Instant::now());
        let seen = self.look_over();
        let limits = self.limits;
        let (home, half_open) = (
            |one: &Seen| one.guest.home == guest.home,
            Seen::is_half_open,
        );
        make_room(&seen, limits.half_open_of_address, |one| {
            half_open(one) && home(one)
        })?;
        make_room(&seen, limits.half_open, half_open)?;
        make_room(&seen, limits.of_address, home)?;
        make_room(&seen, limits.connections, |_| true)?;
        self.guests.push(Arc::downgrade(&guest));
        Some(guest)
    }

    /// Sends away whoever has kept us waiting for longer than may be.
    pub fn expire(&mut self) {
        let now = Instant::now();
        for Seen { guest, waits } in self.look_over() {
            if waits.is_some_and(|(wait, since)| now - since >= wait.patience()) {
                guest.dismiss();
            }
        }
    }

    /// Sends away whoever has kept us waiting for longest, because there are no files left to open.
    pub fn shrink(&mut self) {
        let seen = self.look_over();
        if let Some(guest) = longest(&seen.iter().collect::<Vec<_>>()) {
            guest.dismiss();
        }
    }
}

impl Drop for Crowd {
    fn drop(&mut self) {
        self.everybody.cancel();
    }
}

/// Holds those who `belong` to be fewer than `most`; `None` where none of them can be sent away.
fn make_room(seen: &[Seen], most: usize, belongs: impl Fn(&Seen) -> bool) -> Option<()> {
    let present = seen
        .iter()
        .filter(|one| !one.guest.is_dismissed() && belongs(one));
    let among: Vec<_> = present.collect();
    if among.len() >= most {
        longest(&among)?.dismiss();
    }
    Some(())
}

/// Who waits for longest at the address that has most of those who wait.
fn longest<'a>(among: &[&'a Seen]) -> Option<&'a Guest> {
    let mut homes = HashMap::<IpAddr, usize>::new();
    for one in among.iter().filter(|one| one.waits.is_some()) {
        *homes.entry(one.guest.home).or_default() += 1;
    }
    let most = homes.values().max().copied()?;
    let candidates = among.iter().filter_map(|one| {
        let (_, since) = one.waits?;
        (homes.get(&one.guest.home) == Some(&most)).then_some((since, &*one.guest))
    });
    candidates
        .min_by_key(|(since, _)| *since)
        .map(|(_, guest)| guest)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const LIMITS: Limits = Limits {
        connections: 8,
        of_address: 6,
        half_open: 5,
        half_open_of_address: 3,
    };

    fn address(last: u8) -> IpAddr {
        [203, 0, 113, last].into()
    }

    /// Comes a moment after whoever came before.
    async fn come(crowd: &mut Crowd, last: u8) -> Option<Arc<Guest>> {
        tokio::time::advance(Duration::from_millis(1)).await;
        crowd.admit(address(last))
    }

    fn gone(guests: &[Arc<Guest>]) -> Vec<bool> {
        guests.iter().map(|guest| guest.is_dismissed()).collect()
    }

    #[tokio::test(start_paused = true)]
    async fn the_oldest_half_open_connection_of_an_address_makes_way_for_its_next() {
        let mut crowd = Crowd::new(LIMITS);
        let mut guests = Vec::new();
        for _ in 0..4 {
            guests.extend(come(&mut crowd, 1).await);
        }
        assert_eq!(gone(&guests), [true, false, false, false]);
    }

    #[tokio::test(start_paused = true)]
    async fn of_too_many_half_open_ones_the_address_with_most_loses_its_oldest() {
        let mut crowd = Crowd::new(LIMITS);
        let mut guests = Vec::new();
        for last in [1, 2, 2, 2, 1, 3] {
            guests.extend(come(&mut crowd, last).await);
        }
        assert_eq!(gone(&guests), [false, true, false, false, false, false]);
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_waits_for_its_next_request_goes_before_one_that_we_work_for() {
        let mut crowd = Crowd::new(LIMITS);
        let (mut guests, mut turns) = (Vec::new(), Vec::new());
        for last in 0..8 {
            let guest = come(&mut crowd, last / 3).await.unwrap();
            turns.push(guest.ask(false));
            guests.push(guest);
        }
        turns.remove(5);
        assert!(come(&mut crowd, 9).await.is_some());
        let nth = gone(&guests).iter().position(|gone| *gone);
        assert_eq!((nth, gone(&guests).len()), (Some(5), 8));
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_is_let_in_for_whom_a_connection_would_have_to_go_that_we_work_for() {
        let mut crowd = Crowd::new(LIMITS);
        let mut turns = Vec::new();
        for _ in 0..LIMITS.of_address {
            turns.push(come(&mut crowd, 1).await.unwrap().ask(false));
        }
        assert!(come(&mut crowd, 1).await.is_none(), "its address is full");
        for last in 2..4 {
            turns.push(come(&mut crowd, last).await.unwrap().ask(false));
        }
        assert!(come(&mut crowd, 9).await.is_none(), "the room is full");
        turns.clear();
        assert!(
            come(&mut crowd, 9).await.is_some(),
            "those who left take no room"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn patience_ends_for_each_by_what_it_keeps_us_waiting_for() {
        let mut crowd = Crowd::new(LIMITS);
        let silent = crowd.admit(address(1)).unwrap();
        let idle = crowd.admit(address(2)).unwrap();
        drop(idle.ask(false));
        let listening = crowd.admit(address(3)).unwrap();
        let _turn = listening.ask(false);
        let all = [silent, idle, listening];
        tokio::time::advance(Wait::Header.patience()).await;
        crowd.expire();
        assert_eq!(gone(&all), [true, false, false]);
        tokio::time::advance(Wait::Next.patience()).await;
        crowd.expire();
        assert_eq!(gone(&all), [true, true, false]);
        drop(crowd);
        assert_eq!(gone(&all), [true, true, true]);
    }
}
