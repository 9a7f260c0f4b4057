//! What an engine's events say of one container, in their order.

use std::collections::HashMap;

use super::signals;
use crate::docker::events::EngineEvent;
use crate::docker::id::DockerId;

/// Something that happened to its processes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    Started,
    /// Somebody sent a signal, which asks it to end.
    Signalled,
    /// Somebody sent a signal that asks for something else, such as to read its settings again.
    Nudged {
        signal: i64,
    },
    /// The kernel killed something in it for want of memory.
    OutOfMemory,
    Died {
        exit_code: Option<i64>,
    },
}

/// A move, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heard {
    /// The engine's time in Unix nanoseconds; 0 where it said none.
    pub nano: i64,
    pub turn: Move,
}

impl Heard {
    /// Unix milliseconds, where the engine said when.
    pub fn at(&self) -> Option<i64> {
        (self.nano > 0).then_some(self.nano / 1_000_000)
    }
}

/// What the events of one container said since it was last looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tidings {
    /// Its name, as the last of them said.
    pub name: String,
    pub moves: Vec<Heard>,
}

/// Tidings of many.
pub type AllTidings = HashMap<DockerId, Tidings>;

/// Adds what an event says. An event that changes nothing about its container adds nothing: commands that run
/// inside it (health checks above all) are many thousands a day.
pub fn note(all: &mut AllTidings, event: &EngineEvent) {
    let action = event.action.split(':').next().unwrap_or_default();
    if IDLE.contains(&action) {
        return;
    }
    let Some(id) = DockerId::parse(&event.actor.id) else {
        return;
    };
    let tidings = all.entry(id).or_default();
    let attribute = |key: &str| event.actor.attributes.get(key);
    if let Some(name) = attribute("name") {
        tidings.name.clone_from(name);
    }
    let turn = match action {
        "start" => Some(Move::Started),
        "kill" => {
            let signal = attribute("signal").and_then(|signal| signals::number(signal));
            Some(signal.map_or(Move::Signalled, |signal| Move::Nudged { signal }))
        }
        "oom" => Some(Move::OutOfMemory),
        "die" => {
            let exit_code = attribute("exitCode").and_then(|code| code.parse().ok());
            Some(Move::Died { exit_code })
        }
        _ => None,
    };
    let nano = event.time_nano;
    tidings.moves.extend(turn.map(|turn| Heard { nano, turn }));
}

const IDLE: [&str; 13] = [
    "exec_create",
    "exec_start",
    "exec_die",
    "exec_detach",
    "top",
    "attach",
    "detach",
    "resize",
    "copy",
    "export",
    "archive-path",
    "extract-to-dir",
    "commit",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::docker::events::Actor;

    fn noted(action: &str, id: &str) -> AllTidings {
        noted_with(action, id, ("exitCode", "3"))
    }

    fn noted_with(action: &str, id: &str, attribute: (&str, &str)) -> AllTidings {
        let attributes = [("name", "web"), attribute];
        let attributes = attributes.map(|(key, value)| (key.to_owned(), value.to_owned()));
        let actor = Actor {
            id: id.into(),
            attributes: attributes.into(),
        };
        let event = EngineEvent {
            action: action.into(),
            actor,
            ..EngineEvent::default()
        };
        let mut all = AllTidings::new();
        note(&mut all, &event);
        all
    }

    #[test]
    fn a_health_check_that_runs_is_no_change_but_its_verdict_is() {
        let id = "0a".repeat(32);
        assert!(noted("exec_start: /bin/check", &id).is_empty());
        assert_eq!(noted("health_status: unhealthy", &id).len(), 1);
        assert!(noted("die", "../../images").is_empty());
    }

    #[test]
    fn a_death_says_its_exit_code() {
        let id = "0a".repeat(32);
        let tidings = noted("die", &id).into_values().next().unwrap();
        let turn = Move::Died { exit_code: Some(3) };
        assert_eq!(tidings.moves, [Heard { nano: 0, turn }]);
        assert_eq!(tidings.name, "web");
    }

    #[test]
    fn a_signal_that_says_no_number_or_another_asks_to_end_unless_it_is_known_not_to() {
        let id = "0a".repeat(32);
        for (attribute, turn) in [
            (("exitCode", "3"), Move::Signalled),
            (("signal", "15"), Move::Signalled),
            (("signal", "9"), Move::Signalled),
            (("signal", "37"), Move::Signalled),
            (("signal", "moon"), Move::Signalled),
            (("signal", "1"), Move::Nudged { signal: 1 }),
            (("signal", "28"), Move::Nudged { signal: 28 }),
        ] {
            let tidings = noted_with("kill", &id, attribute).into_values().next();
            let moves = tidings.unwrap().moves;
            assert_eq!(moves, [Heard { nano: 0, turn }], "{attribute:?}");
        }
    }
}
