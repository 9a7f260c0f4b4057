//! What the tabs of a browser say to each other.

use std::borrow::Cow;

use crate::ui::live::Live;

/// One thing said. All but the last two are said by the leader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Word {
    /// A message of the stream, and how far into the log one has heard with it; empty where nothing of
    /// the log was heard yet.
    Heard {
        name: String,
        data: String,
        cursor: String,
    },
    /// What became of the stream.
    State(Live),
    /// Read again what is shown.
    Reread,
    /// Whoever asks is not signed in any more.
    SignedOut,
    /// I lead from now on.
    Leads,
    /// Who leads, and how is the stream?
    Ask,
    /// I led, and am gone.
    Goodbye,
}

impl Word {
    /// Its name and what goes with it. Not JSON: a round can be large, and is JSON already.
    pub fn parts(&self) -> Vec<Cow<'_, str>> {
        let parts = match self {
            Self::Heard { name, data, cursor } => vec!["heard", name, data, cursor],
            Self::State(Live::StaleSince(since)) => {
                return vec!["stale".into(), since.to_string().into()];
            }
            Self::State(Live::Polled(seconds)) => {
                return vec!["polled".into(), seconds.to_string().into()];
            }
            Self::State(Live::Off) => vec!["off"],
            Self::State(Live::Connecting) => vec!["connecting"],
            Self::State(Live::Current) => vec!["current"],
            Self::Reread => vec!["reread"],
            Self::SignedOut => vec!["signed_out"],
            Self::Leads => vec!["leads"],
            Self::Ask => vec!["ask"],
            Self::Goodbye => vec!["goodbye"],
        };
        parts.into_iter().map(Cow::Borrowed).collect()
    }

    /// `None` is a word that is not ours.
    pub fn read(parts: Vec<String>) -> Option<Self> {
        let mut parts = parts.into_iter();
        Some(match parts.next()?.as_str() {
            "heard" => Self::Heard {
                name: parts.next()?,
                data: parts.next()?,
                cursor: parts.next()?,
            },
            "stale" => Self::State(Live::StaleSince(parts.next()?.parse().ok()?)),
            "polled" => Self::State(Live::Polled(parts.next()?.parse().ok()?)),
            "off" => Self::State(Live::Off),
            "connecting" => Self::State(Live::Connecting),
            "current" => Self::State(Live::Current),
            "reread" => Self::Reread,
            "signed_out" => Self::SignedOut,
            "leads" => Self::Leads,
            "ask" => Self::Ask,
            "goodbye" => Self::Goodbye,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_understood_as_it_was_said() {
        let heard = Word::Heard {
            name: "lagged".into(),
            data: r#"{"missed":3}"#.into(),
            cursor: String::new(),
        };
        let states = [
            Live::Off,
            Live::Connecting,
            Live::Current,
            Live::StaleSince(1_790_000_000),
            Live::Polled(10),
        ];
        let others = [
            heard,
            Word::Reread,
            Word::SignedOut,
            Word::Leads,
            Word::Ask,
            Word::Goodbye,
        ];
        for word in states.map(Word::State).into_iter().chain(others) {
            let parts = word.parts().into_iter().map(Cow::into_owned).collect();
            assert_eq!(Word::read(parts), Some(word));
        }
    }

    #[test]
    fn what_is_no_word_of_ours_is_none() {
        for foreign in [
            vec![],
            vec!["sing"],
            vec!["heard", "hello"],
            vec!["stale", "x"],
        ] {
            let parts = foreign.into_iter().map(str::to_owned).collect();
            assert_eq!(Word::read(parts), None);
        }
    }
}
