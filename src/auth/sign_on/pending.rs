//! Sign-ins that are under way at the provider: a few minutes each, each finished once.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap, VecDeque};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Duration, Utc};

use crate::auth::credential::TokenHash;
use crate::auth::visit::network_of;

/// How long somebody may take at the provider.
pub const PATIENCE: Duration = Duration::minutes(10);

/// The most at once; beyond it the oldest of whoever has most of them is dropped.
const MOST: usize = 5_000;

/// The most at once of one network; beyond it that network's oldest is dropped. Beginning one is open to anybody,
/// so that nobody's may be what drops somebody else's.
const MOST_OF_NETWORK: usize = 20;

/// What has to be known when the browser comes back.
#[derive(Clone, Debug)]
pub struct Begun {
    pub issuer: String,
    pub client_id: String,
    pub nonce: String,
    pub pkce_verifier: String,
    pub redirect_uri: String,
    /// Where the browser wants to go then, on our site.
    pub next: String,
    /// The browser that began it.
    pub browser: TokenHash,
}

/// A cheap handle on them. The lock is held for a few map operations, so a std lock is right.
#[derive(Clone, Debug, Default)]
pub struct Pending(Arc<Mutex<Waiting>>);

#[derive(Debug, Default)]
struct Waiting {
    by_state: HashMap<String, Held>,
    /// The states in the order in which they began.
    by_age: BTreeSet<(DateTime<Utc>, String)>,
    /// The states of each network, in that order, too.
    by_network: HashMap<IpAddr, VecDeque<String>>,
}

#[derive(Debug)]
struct Held {
    at: DateTime<Utc>,
    network: IpAddr,
    begun: Begun,
}

impl Pending {
    /// Keeps one that somebody at `address` begins now.
    pub fn add(&self, now: DateTime<Utc>, address: Option<IpAddr>, state: String, begun: Begun) {
        // Those who come from nowhere that we know share one place.
        let network = address.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), network_of);
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.make_room(now, network);
        let states = waiting.by_network.entry(network).or_default();
        states.push_back(state.clone());
        waiting.by_age.insert((now, state.clone()));
        let held = Held {
            at: now,
            network,
            begun,
        };
        waiting.by_state.insert(state, held);
    }

    /// Takes the one with this state, where this browser began it and not too long ago. Whoever else
    /// knows the state has used it up all the same.
    pub fn take(&self, now: DateTime<Utc>, state: &str, browser: TokenHash) -> Option<Begun> {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let held = waiting.remove(state)?;
        (now - held.at < PATIENCE && held.begun.browser == browser).then_some(held.begun)
    }
}

impl Waiting {
    fn remove(&mut self, state: &str) -> Option<Held> {
        let held = self.by_state.remove(state)?;
        self.by_age.remove(&(held.at, state.to_owned()));
        if let Some(states) = self.by_network.get_mut(&held.network) {
            states.retain(|one| one != state);
            if states.is_empty() {
                self.by_network.remove(&held.network);
            }
        }
        Some(held)
    }

    /// Makes room for one more of this network.
    fn make_room(&mut self, now: DateTime<Utc>, network: IpAddr) {
        while let Some((at, state)) = self.by_age.first().cloned() {
            if now - at < PATIENCE {
                break;
            }
            self.by_age.pop_first();
            self.remove(&state);
        }
        let own = self.by_network.get(&network).map_or(0, VecDeque::len);
        if own >= MOST_OF_NETWORK {
            self.drop_oldest(network);
        }
        if self.by_state.len() >= MOST
            && let Some(fullest) = self.fullest()
        {
            self.drop_oldest(fullest);
        }
    }

    fn drop_oldest(&mut self, network: IpAddr) {
        let states = self.by_network.get(&network);
        if let Some(oldest) = states.and_then(VecDeque::front).cloned() {
            self.remove(&oldest);
        }
    }

    /// The network with most of them, where most of them come from: many networks side by side are often one
    /// customer's. Among equals the one that waits longest.
    fn fullest(&self) -> Option<IpAddr> {
        let mut around: HashMap<IpAddr, usize> = HashMap::new();
        for (network, states) in &self.by_network {
            *around.entry(neighbourhood(*network)).or_default() += states.len();
        }
        let began = |states: &VecDeque<String>| {
            let oldest = states.front()?;
            self.by_state.get(oldest).map(|held| held.at)
        };
        let fullest = self.by_network.iter().max_by_key(|&(network, states)| {
            let crowd = around.get(&neighbourhood(*network)).copied();
            (crowd, states.len(), Reverse(began(states)))
        });
        fullest.map(|(network, _)| *network)
    }
}

/// Networks that are likely to be of one hand: a /24 of IPv4, the /48 that an IPv6 customer may have at most.
fn neighbourhood(network: IpAddr) -> IpAddr {
    match network {
        IpAddr::V4(address) => {
            let [a, b, c, _] = address.octets();
            IpAddr::V4(Ipv4Addr::new(a, b, c, 0))
        }
        IpAddr::V6(address) => {
            let [a, b, c, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begun(browser: &str) -> Begun {
        Begun {
            issuer: String::new(),
            client_id: String::new(),
            nonce: String::new(),
            pkce_verifier: String::new(),
            redirect_uri: String::new(),
            next: "/".into(),
            browser: TokenHash::of(browser),
        }
    }

    #[test]
    fn one_is_taken_once_by_the_browser_that_began_it_and_in_time() {
        let pending = Pending::default();
        let start = DateTime::UNIX_EPOCH;
        let take =
            |after, state, browser| pending.take(start + after, state, TokenHash::of(browser));
        for state in ["once", "foreign", "late"] {
            pending.add(start, None, state.into(), begun("a"));
        }
        assert!(take(Duration::zero(), "other", "a").is_none());
        assert!(take(Duration::minutes(9), "once", "a").is_some());
        assert!(take(Duration::minutes(9), "once", "a").is_none());
        assert!(take(Duration::zero(), "foreign", "b").is_none());
        assert!(take(Duration::zero(), "foreign", "a").is_none());
        assert!(take(PATIENCE, "late", "a").is_none());
    }

    /// Adds one for each of these addresses, as a browser of its own.
    fn crowd(pending: &Pending, addresses: impl Iterator<Item = IpAddr>) {
        for (number, address) in addresses.enumerate() {
            let now = DateTime::UNIX_EPOCH + Duration::milliseconds(1);
            let state = format!("stranger {number}");
            pending.add(now, Some(address), state, begun("stranger"));
        }
    }

    /// Whether somebody who was at the provider first can still come back from there.
    fn survives(crowd_of: impl Iterator<Item = IpAddr>) -> bool {
        let pending = Pending::default();
        let (start, address) = (DateTime::UNIX_EPOCH, IpAddr::from([198, 51, 100, 7]));
        pending.add(start, Some(address), "ours".into(), begun("a"));
        crowd(&pending, crowd_of);
        {
            let waiting = pending.0.lock().unwrap();
            assert!(waiting.by_state.len() <= MOST);
            assert_eq!(waiting.by_age.len(), waiting.by_state.len());
            let of_networks: usize = waiting.by_network.values().map(VecDeque::len).sum();
            assert_eq!(of_networks, waiting.by_state.len());
        }
        pending.take(start, "ours", TokenHash::of("a")).is_some()
    }

    #[test]
    fn strangers_drop_nobodys_but_their_own() {
        let one = IpAddr::from([203, 0, 113, 9]);
        assert!(survives(std::iter::repeat_n(one, MOST + 200)));
        // One home, with as many addresses as anybody may want.
        let home = (0..6_000).map(|host| Ipv6Addr::new(0x2001, 0xdb8, 1, 2, 0, 0, 0, host).into());
        assert!(survives(home));
        // A customer with as many homes.
        let homes = (0..5_050).map(|home| Ipv6Addr::new(0x2001, 0xdb8, 1, home, 0, 0, 0, 1).into());
        assert!(survives(homes));
        let streets = (0..=u8::MAX)
            .flat_map(|host| std::iter::repeat_n(IpAddr::from([192, 0, 2, host]), MOST_OF_NETWORK));
        assert!(survives(streets));
    }

    #[test]
    fn a_network_keeps_its_newest() {
        let pending = Pending::default();
        let address = IpAddr::from([203, 0, 113, 9]);
        crowd(&pending, std::iter::repeat_n(address, MOST_OF_NETWORK + 1));
        let take = |state: &str| {
            let browser = TokenHash::of("stranger");
            pending.take(DateTime::UNIX_EPOCH, state, browser)
        };
        assert!(take("stranger 0").is_none());
        for number in 1..=MOST_OF_NETWORK {
            assert!(take(&format!("stranger {number}")).is_some(), "{number}");
        }
        assert!(pending.0.lock().unwrap().by_network.is_empty());
    }

    #[test]
    fn what_is_over_goes_when_another_begins() {
        let pending = Pending::default();
        let start = DateTime::UNIX_EPOCH;
        let addresses = (0..100).map(|host| IpAddr::from([192, 0, 2, host]));
        crowd(&pending, addresses);
        let later = start + PATIENCE + PATIENCE;
        pending.add(later, None, "new".into(), begun("a"));
        let waiting = pending.0.lock().unwrap();
        let left = (
            waiting.by_state.len(),
            waiting.by_age.len(),
            waiting.by_network.len(),
        );
        assert_eq!(left, (1, 1, 1));
    }
}
