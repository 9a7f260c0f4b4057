//! Which tab of a browser holds the stream for all of them: the one whose lease, in a place that all of
//! them read, is renewed.
//!
//! Whoever finds no good lease writes its own, waits, and reads it again: the last writer leads, the
//! others yield. A leader that could not renew, because it was hidden or asleep, finds the lease of
//! another and yields as well.

/// How long a lease is good that nobody renews.
const LASTS: u64 = 6_000;

/// The same for a tab that nobody sees. Its timers are slow, so that it leaves the lease to one that
/// is seen, if there is any.
const LASTS_FOR_THE_HIDDEN: u64 = 2 * LASTS;

/// Who leads, and since when that is not said again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    pub holder: String,
    pub renewed_at: u64,
}

impl Lease {
    /// How it is kept; an id has no space.
    pub fn text(&self) -> String {
        format!("{} {}", self.holder, self.renewed_at)
    }

    /// Reads what was kept; `None` is what nobody here has written.
    pub fn read(text: &str) -> Option<Self> {
        let (holder, renewed_at) = text.split_once(' ')?;
        Some(Self {
            holder: holder.to_owned(),
            renewed_at: renewed_at.parse().ok()?,
        })
    }
}

/// One tab, as it takes part.
#[derive(Clone, Copy, Debug)]
pub struct Tab<'a> {
    pub id: &'a str,
    /// It believes that it leads.
    pub leads: bool,
    pub is_hidden: bool,
}

/// What the lease says to a tab.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The lease is its own, or it leads and somebody threw the lease away: renew it.
    Lead,
    /// Another leads.
    Follow,
    /// Nobody leads: write a lease, and look again after a moment.
    Claim,
}

impl Tab<'_> {
    /// What to do, given the lease as it is now.
    pub fn step(self, lease: Option<&Lease>, now: u64) -> Step {
        let Some(lease) = lease else {
            return if self.leads { Step::Lead } else { Step::Claim };
        };
        let lasts = if self.is_hidden {
            LASTS_FOR_THE_HIDDEN
        } else {
            LASTS
        };
        // In both directions, because a clock that was set back must not keep a dead leader for an hour.
        let is_good = now.abs_diff(lease.renewed_at) <= lasts;
        if lease.holder == self.id {
            Step::Lead
        } else if is_good {
            Step::Follow
        } else {
            Step::Claim
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_790_000_000_000;

    fn held_by(holder: &str, renewed_at: u64) -> Lease {
        Lease {
            holder: holder.into(),
            renewed_at,
        }
    }

    fn tab(id: &str) -> Tab<'_> {
        Tab {
            id,
            leads: false,
            is_hidden: false,
        }
    }

    #[test]
    fn a_lease_reads_back_and_what_others_wrote_is_none() {
        let lease = held_by("a1b2", NOW);
        assert_eq!(Lease::read(&lease.text()), Some(lease));
        for foreign in ["", "a1b2", "a1b2 soon", "a1b2 -5", "a1b2 NaN"] {
            assert_eq!(Lease::read(foreign), None, "{foreign:?}");
        }
    }

    #[test]
    fn the_first_tab_claims_and_the_next_one_follows() {
        assert_eq!(tab("a").step(None, NOW), Step::Claim);
        let lease = held_by("a", NOW);
        assert_eq!(tab("a").step(Some(&lease), NOW + 100), Step::Lead);
        assert_eq!(tab("b").step(Some(&lease), NOW + 100), Step::Follow);
    }

    #[test]
    fn of_two_that_claim_at_once_the_last_writer_leads() {
        let lease = held_by("b", NOW + 1);
        assert_eq!(tab("a").step(Some(&lease), NOW + 150), Step::Follow);
        assert_eq!(tab("b").step(Some(&lease), NOW + 150), Step::Lead);
    }

    #[test]
    fn a_leader_that_is_not_heard_of_is_followed_by_one_that_is_seen() {
        let lease = held_by("gone", NOW);
        let hidden = Tab {
            is_hidden: true,
            ..tab("hidden")
        };
        for (after, seen, unseen) in [
            (LASTS, Step::Follow, Step::Follow),
            (LASTS + 1, Step::Claim, Step::Follow),
            (LASTS_FOR_THE_HIDDEN + 1, Step::Claim, Step::Claim),
        ] {
            assert_eq!(tab("seen").step(Some(&lease), NOW + after), seen);
            assert_eq!(hidden.step(Some(&lease), NOW + after), unseen);
        }
    }

    #[test]
    fn a_leader_that_slept_yields_to_whoever_took_over_and_goes_on_if_nobody_did() {
        let slept = Tab {
            leads: true,
            is_hidden: true,
            ..tab("slept")
        };
        let later = NOW + 600_000;
        let taken = held_by("awake", later - 1000);
        assert_eq!(slept.step(Some(&taken), later), Step::Follow);
        let own = held_by("slept", NOW);
        assert_eq!(slept.step(Some(&own), later), Step::Lead);
        // Somebody cleared what this site keeps.
        assert_eq!(slept.step(None, later), Step::Lead);
    }

    #[test]
    fn a_clock_that_was_set_back_keeps_no_dead_leader() {
        let lease = held_by("gone", NOW + 3_600_000);
        assert_eq!(tab("a").step(Some(&lease), NOW), Step::Claim);
    }
}
