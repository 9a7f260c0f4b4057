//! Whoever guesses from many networks gets a few lines and not a flood: what is beyond is told without its
//! network, so that it is one line that counts.

use std::collections::HashSet;
use std::mem::{Discriminant, discriminant};

use super::model::Happening;
use super::writer::WINDOW;

/// Networks that are named with one name within the window.
const MOST_OF_ONE: usize = 10;

/// The same for all names together.
const MOST: usize = 50;

/// What happened, as whom, and from where.
type Guess = (Discriminant<Happening>, Option<String>, String);

/// The networks that were named of late.
#[derive(Debug, Default)]
pub struct Networks {
    /// Unix milliseconds: since when they are counted.
    since: i64,
    named: HashSet<Guess>,
}

impl Networks {
    /// Takes the network away where enough of them were named. `now` is in Unix milliseconds.
    pub fn fold(&mut self, happening: &mut Happening, now: i64) {
        let what = discriminant(happening);
        let (Happening::SignInFailed { username, address }
        | Happening::LockedOut { username, address }) = happening
        else {
            return;
        };
        let Some(network) = address.clone() else {
            return;
        };
        // A clock that was set begins anew, too.
        if !(0..WINDOW).contains(&now.saturating_sub(self.since)) {
            self.since = now;
            self.named.clear();
        }
        let guess = (what, username.clone(), network);
        if self.named.contains(&guess) {
            return;
        }
        let alike = self
            .named
            .iter()
            .filter(|one| one.0 == guess.0 && one.1 == guess.1);
        if alike.count() < MOST_OF_ONE && self.named.len() < MOST {
            self.named.insert(guess);
        } else {
            *address = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn locked_out(username: &str, network: usize) -> Happening {
        Happening::LockedOut {
            username: Some(username.to_owned()),
            address: Some(format!("2001:db8:{network:x}::")),
        }
    }

    fn is_named(networks: &mut Networks, mut happening: Happening, now: i64) -> bool {
        let told = happening.clone();
        networks.fold(&mut happening, now);
        happening == told
    }

    #[test]
    fn a_few_networks_are_named_with_a_name_and_more_only_count() {
        let mut networks = Networks::default();
        for network in 0..3000 {
            let is_named = is_named(&mut networks, locked_out("ann", network), 1);
            assert_eq!(is_named, network < MOST_OF_ONE, "{network}");
        }
        assert!(is_named(&mut networks, locked_out("ann", 3), 2));
        assert!(is_named(&mut networks, locked_out("bob", 3000), 2));
        let failed = Happening::SignInFailed {
            username: Some("ann".into()),
            address: Some("192.0.2.0".into()),
        };
        assert!(is_named(&mut networks, failed, 2), "it is another thing");
        assert!(is_named(&mut networks, locked_out("ann", 70), 1 + WINDOW));
    }

    #[test]
    fn many_names_do_not_make_a_flood_either() {
        let mut networks = Networks::default();
        let mut named = 0;
        for network in 0..3000 {
            let guess = locked_out(&format!("user-{}", network % 100), network);
            named += usize::from(is_named(&mut networks, guess, 1));
        }
        assert_eq!(named, MOST);
    }
}
