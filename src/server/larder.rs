//! What the bodies of requests hold in memory while they come: so much, and one network never all of it.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::auth::visit::network_of;

/// Bytes that all bodies of one kind of sender may hold at the same time.
const ALL: usize = 32 * 1024 * 1024;

/// Bytes that those from one network may.
const OF_NETWORK: usize = ALL / 4;

/// The bytes that are held now; a clone is another handle on the same.
#[derive(Clone, Debug, Default)]
pub struct Larder {
    /// A std lock: it is held for one lookup.
    held: Arc<Mutex<HashMap<Option<IpAddr>, usize>>>,
}

/// Strangers have one of their own, so that they never take what those need who are signed in.
#[derive(Clone, Debug, Default)]
pub struct Larders {
    pub strangers: Larder,
    pub users: Larder,
}

/// Room for one body; it is free again when this is dropped.
#[derive(Debug)]
pub struct Room {
    larder: Larder,
    network: Option<IpAddr>,
    bytes: usize,
}

impl Larder {
    /// Room for so many bytes of a body from this address; `None` where there is none now.
    pub fn room(&self, address: Option<IpAddr>, bytes: usize) -> Option<Room> {
        let network = address.map(network_of);
        let mut held = self.held();
        let all: usize = held.values().sum();
        let of_network = held.get(&network).copied().unwrap_or_default();
        if all + bytes > ALL || of_network + bytes > OF_NETWORK {
            return None;
        }
        held.insert(network, of_network + bytes);
        drop(held);
        Some(Room {
            larder: self.clone(),
            network,
            bytes,
        })
    }

    fn held(&self) -> MutexGuard<'_, HashMap<Option<IpAddr>, usize>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        let mut held = self.larder.held();
        if let Some(of_network) = held.get_mut(&self.network) {
            *of_network -= self.bytes;
            if *of_network == 0 {
                held.remove(&self.network);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIB: usize = 1024;

    fn address(text: &str) -> Option<IpAddr> {
        Some(text.parse().unwrap())
    }

    #[test]
    fn one_network_gets_its_part_and_leaves_room_for_the_others() {
        let larder = Larder::default();
        let mut rooms = Vec::new();
        while let Some(room) = larder.room(address("2001:db8::1"), KIB) {
            rooms.push(room);
        }
        assert_eq!(rooms.len(), OF_NETWORK / KIB);
        assert!(larder.room(address("2001:db8::2"), 1).is_none());
        assert!(larder.room(address("203.0.113.1"), KIB).is_some());
        rooms.pop();
        assert!(larder.room(address("2001:db8::2"), 1).is_some());
    }

    #[test]
    fn all_of_them_together_hold_so_much_and_leave_nothing_behind() {
        let larder = Larder::default();
        let rooms: Vec<_> = (0..4)
            .filter_map(|network| larder.room(address(&format!("203.0.113.{network}")), OF_NETWORK))
            .collect();
        assert_eq!(rooms.len(), 4);
        assert!(larder.room(address("203.0.113.9"), 1).is_none());
        drop(rooms);
        assert!(larder.held().is_empty());
    }
}
