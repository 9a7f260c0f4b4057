//! Why a sign-on led to nothing: a closed list, so that nothing a provider says gets onto our page.

/// The reason, as the sign-in page is told it in its query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// No provider is set up, or this installation has no admin yet.
    Off,
    /// The provider does not answer, or not as one does.
    Away,
    /// The person or the provider said no.
    Cancelled,
    /// It was begun too long ago, in another browser, or was finished already.
    Stale,
    /// The answer was not proven to be the provider's and for us.
    Untrusted,
    /// The provider says who it is, and nothing that lets them in.
    Refused,
    /// Something failed on our side; the log says what.
    Failed,
}

impl Trouble {
    const ALL: [Self; 7] = [
        Self::Off,
        Self::Away,
        Self::Cancelled,
        Self::Stale,
        Self::Untrusted,
        Self::Refused,
        Self::Failed,
    ];

    /// As it stands in the query.
    pub fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Away => "away",
            Self::Cancelled => "cancelled",
            Self::Stale => "stale",
            Self::Untrusted => "untrusted",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }

    /// What a query says; `None` for anything that is not on the list.
    pub fn read(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_is_read_as_it_is_written_and_nothing_else_is() {
        for one in Trouble::ALL {
            assert_eq!(Trouble::read(one.name()), Some(one));
        }
        for other in ["", "Away", "<b>", "away "] {
            assert_eq!(Trouble::read(other), None);
        }
    }
}
