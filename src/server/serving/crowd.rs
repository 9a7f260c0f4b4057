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

use super::guest::{Guest, Standing};
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
    standing: Standing,
}

impl Seen {
    fn is_half_open(&self) -> bool {
        matches!(self.standing, Standing::Waits(Wait::Header, _))
    }

    fn waits_since(&self) -> Option<Instant> {
        match self.standing {
            Standing::Waits(_, since) => Some(since),
            Standing::Served | Standing::Leaves => None,
        }
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
        let mut seen = Vec::with_capacity(self.guests.len());
        self.guests.retain(|guest| {
            let present = guest.upgrade().map(|guest| Seen {
                standing: guest.standing(),
                guest,
            });
            let present = present.filter(|one| one.standing != Standing::Leaves);
            let stays = present.is_some();
            seen.extend(present);
            stays
        });
        seen
    }

    /// Lets a connection in that has just come, and sends away who has to go for it; `None` where the
    /// room is full of connections that do not keep us waiting.
    pub fn admit(&mut self, peer: IpAddr) -> Option<Arc<Guest>> {
        let guest = Guest::new(peer, self.everybody.child_token(), Instant::now());
        let (limits, mut seen) = (self.limits, self.look_over());
        let here = |one: &Seen| one.guest.home == guest.home;
        make_room(&mut seen, limits.half_open_of_address, |one| {
            here(one) && one.is_half_open()
        })?;
        make_room(&mut seen, limits.half_open, Seen::is_half_open)?;
        make_room(&mut seen, limits.of_address, here)?;
        make_room(&mut seen, limits.connections, |_| true)?;
        self.guests.push(Arc::downgrade(&guest));
        Some(guest)
    }

    /// Sends away whoever has kept us waiting for longer than may be.
    pub fn expire(&mut self) {
        let now = Instant::now();
        for Seen { guest, standing } in self.look_over() {
            if let Standing::Waits(wait, since) = standing
                && now - since >= wait.patience()
            {
                guest.dismiss();
            }
        }
    }

    /// Sends away whoever has kept us waiting for longest, because there are no files left to open.
    pub fn shrink(&mut self) {
        let seen = self.look_over();
        if let Some(longest) = longest(&seen, |_| true) {
            seen[longest].guest.dismiss();
        }
    }
}

impl Drop for Crowd {
    fn drop(&mut self) {
        self.everybody.cancel();
    }
}

/// Holds those who `belong` to be fewer than `most`; `None` where none of them can be sent away.
fn make_room(seen: &mut Vec<Seen>, most: usize, belongs: impl Fn(&Seen) -> bool) -> Option<()> {
    if seen.iter().filter(|one| belongs(one)).count() >= most {
        let longest = longest(seen, belongs)?;
        seen.swap_remove(longest).guest.dismiss();
    }
    Some(())
}

/// Which of those who `belong` waits for longest, at the address that has most of those who wait.
fn longest(seen: &[Seen], belongs: impl Fn(&Seen) -> bool) -> Option<usize> {
    let waiting = || {
        let each = seen.iter().enumerate().filter(|(_, one)| belongs(one));
        each.filter_map(|(index, one)| Some((index, one.guest.home, one.waits_since()?)))
    };
    let mut homes = HashMap::<IpAddr, usize>::new();
    for (_, home, _) in waiting() {
        *homes.entry(home).or_default() += 1;
    }
    let most = homes.values().max().copied()?;
    waiting()
        .filter(|(_, home, _)| homes.get(home) == Some(&most))
        .min_by_key(|(_, _, since)| *since)
        .map(|(index, _, _)| index)
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
        guests
            .iter()
            .map(|guest| guest.standing() == Standing::Leaves)
            .collect()
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
