//! How many may listen at once: each open stream has a seat, and gives it back when it ends.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::error::{AppError, Code};

/// Streams of one user: a person has a browser or a few, each with one stream for all its pages.
pub const OF_ONE: usize = 32;

/// Streams of everybody.
pub const OF_ALL: usize = 1000;

/// A cheap handle on all seats.
#[derive(Clone, Debug, Default)]
pub struct Seats(Arc<Mutex<HashMap<String, usize>>>);

impl Seats {
    fn taken(&self) -> MutexGuard<'_, HashMap<String, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a seat for this user.
    ///
    /// # Errors
    /// `too_many` where the user, or everybody together, has as many streams open as may be.
    pub fn take(&self, user_id: &str) -> Result<Seat, AppError> {
        let mut taken = self.taken();
        let of_user = taken.get(user_id).copied().unwrap_or_default();
        if of_user >= OF_ONE {
            let message = format!("You have {OF_ONE} streams open already; close one of them.");
            return Err(AppError::new(Code::TooMany, message));
        }
        if taken.values().sum::<usize>() >= OF_ALL {
            let message = "Too many streams are open already; try again later.";
            return Err(AppError::new(Code::TooMany, message));
        }
        taken.insert(user_id.to_owned(), of_user + 1);
        Ok(Seat {
            seats: self.clone(),
            user_id: user_id.to_owned(),
        })
    }
}

/// A seat; dropping it gives it back.
#[derive(Debug)]
pub struct Seat {
    seats: Seats,
    user_id: String,
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.seats.taken();
        match taken.get_mut(&self.user_id) {
            Some(count) if *count > 1 => *count -= 1,
            _ => drop(taken.remove(&self.user_id)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(seats: &Seats, user_id: &str, count: usize) -> Vec<Seat> {
        let taken = (0..count).map(|_| seats.take(user_id));
        taken.collect::<Result<_, _>>().unwrap()
    }

    #[test]
    fn one_user_cannot_take_the_seats_of_another_and_gets_them_back_by_leaving() {
        let seats = Seats::default();
        let mut ann = fill(&seats, "ann", OF_ONE);
        assert_eq!(seats.take("ann").unwrap_err().code, Code::TooMany);
        let bob = seats.take("bob").unwrap();
        ann.pop();
        ann.push(seats.take("ann").unwrap());
        drop((ann, bob));
        assert!(seats.taken().is_empty());
    }

    #[test]
    fn there_are_only_so_many_seats_in_all() {
        let seats = Seats::default();
        let names = (0..).map(|number| number.to_string());
        let mut taken: Vec<_> = names
            .take(OF_ALL)
            .map(|name| seats.take(&name).unwrap())
            .collect();
        assert_eq!(seats.take("late").unwrap_err().code, Code::TooMany);
        taken.pop();
        assert!(seats.take("late").is_ok());
    }
}
