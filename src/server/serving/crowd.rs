//! Everybody who is connected, and who goes when somebody else wants in.
//!
//! A connection on which it is our turn is never closed for another. Of those that keep us waiting, the
//! one that has done so for longest goes, and first of all at the address that has most of them: who
//! opens thousands and sends nothing closes their own.

use std::cell::Cell;
use std::cmp::Reverse;
use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::sync::{Arc, Weak};

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::guest::{Guest, Standing};
use super::limits::{Limits, Wait};

/// The part of a full room that is made free at once, so that not everyone who comes makes us look
/// everybody over again.
const PART: usize = 16;

/// Who is connected.
#[derive(Debug)]
pub struct Crowd {
    limits: Limits,
    /// A connection that is over drops its guest.
    guests: Vec<Weak<Guest>>,
    /// How many more may come, wherever from, before it has to be looked who is there.
    spare: usize,
    /// Ends them all with the crowd.
    everybody: CancellationToken,
}

/// A guest and what it did when the crowd was looked over.
struct Seen {
    guest: Arc<Guest>,
    standing: Standing,
    goes: Cell<bool>,
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

    fn dismiss(&self) {
        self.goes.set(true);
        self.guest.dismiss();
    }
}

impl Crowd {
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            guests: Vec::new(),
            spare: 0,
            everybody: CancellationToken::new(),
        }
    }

    /// Everybody who stays, those first who wait for longest.
    fn look_over(&mut self) -> Vec<Seen> {
        let mut seen = Vec::with_capacity(self.guests.len());
        self.guests.retain(|guest| {
            let present = guest.upgrade().map(|guest| Seen {
                standing: guest.standing(),
                guest,
                goes: Cell::new(false),
            });
            let present = present.filter(|one| one.standing != Standing::Leaves);
            let stays = present.is_some();
            seen.extend(present);
            stays
        });
        seen.sort_by_key(Seen::waits_since);
        seen
    }

    /// Lets a connection in that has just come, and sends away who has to go for it; `None` where the
    /// room is full of connections that do not keep us waiting.
    pub fn admit(&mut self, peer: IpAddr) -> Option<Arc<Guest>> {
        let guest = Guest::new(peer, self.everybody.child_token(), Instant::now());
        if self.spare == 0 {
            self.make_room(guest.home)?;
        }
        self.spare = self.spare.saturating_sub(1);
        self.guests.push(Arc::downgrade(&guest));
        Some(guest)
    }

    /// Holds everybody to the limits; `None` where there is no room for one more from `home`.
    fn make_room(&mut self, home: IpAddr) -> Option<()> {
        let (seen, limits) = (self.look_over(), self.limits);
        let mut spare = limits.half_open_of_address;
        let mut hold = |group: &[&Seen], most: usize| {
            let left = most.saturating_sub(thin(group, most));
            spare = spare.min(left);
            left
        };
        let stay = |half_open: bool| {
            let all = seen.iter().filter(|one| !one.goes.get());
            all.filter(|one| one.is_half_open() || !half_open)
                .collect::<Vec<_>>()
        };
        for neighbours in by_home(&stay(true)).values() {
            hold(neighbours, limits.half_open_of_address);
        }
        hold(&stay(true), limits.half_open);
        let mut has_room = true;
        for (at, neighbours) in &by_home(&stay(false)) {
            has_room &= hold(neighbours, limits.of_address) > 0 || *at != home;
        }
        has_room &= hold(&stay(false), limits.connections) > 0;
        self.spare = spare;
        has_room.then_some(())
    }

    /// Sends away whoever has kept us waiting for longer than may be.
    pub fn expire(&mut self) {
        let now = Instant::now();
        for one in self.look_over() {
            if let Standing::Waits(wait, since) = one.standing
                && now - since >= wait.patience()
            {
                one.dismiss();
            }
        }
    }

    /// Sends some away who keep us waiting, because there are no files left to open.
    pub fn shrink(&mut self) {
        let seen = self.look_over();
        thin(&seen.iter().collect::<Vec<_>>(), seen.len());
    }
}

impl Drop for Crowd {
    fn drop(&mut self) {
        self.everybody.cancel();
    }
}

fn by_home<'a>(group: &[&'a Seen]) -> HashMap<IpAddr, Vec<&'a Seen>> {
    let mut homes = HashMap::<_, Vec<_>>::new();
    for one in group {
        homes.entry(one.guest.home).or_default().push(*one);
    }
    homes
}

/// Where `group` is nearly as many as may be, sends those away who wait for longest, each time at the
/// address that has most of them; answers how many stay.
fn thin(group: &[&Seen], most: usize) -> usize {
    let (mut stay, goal) = (group.len(), most - most.div_ceil(PART));
    if stay <= goal {
        return stay;
    }
    let mut homes = HashMap::<_, VecDeque<_>>::new();
    for one in group {
        if let Some(since) = one.waits_since() {
            let home = homes.entry(one.guest.home).or_default();
            home.push_back((since, *one));
        }
    }
    while stay > goal {
        let longest = |home: &VecDeque<(Instant, &Seen)>| home.front().map(|(since, _)| *since);
        let fullest = homes
            .values_mut()
            .max_by_key(|home| (home.len(), Reverse(longest(home))));
        let Some((_, one)) = fullest.and_then(VecDeque::pop_front) else {
            break;
        };
        one.dismiss();
        stay -= 1;
    }
    stay
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
        let [.., listening] = all;
        listening.dismissed().await;
    }
}
