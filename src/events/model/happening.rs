//! Everything that can happen, closed: what is not here is not told.

use serde::{Deserialize, Serialize};

use super::event::{CRASH_LOOP, Severity, Source};

/// One thing that happened, with what its sentence is made of. Never a secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "details")]
pub enum Happening {
    #[serde(rename = "engine.down")]
    EngineDown {
        engine_id: String,
        engine: String,
        reason: String,
    },
    #[serde(rename = "engine.up")]
    EngineUp { engine_id: String, engine: String },
    #[serde(rename = "engine.added")]
    EngineAdded { engine: String, by: String },
    #[serde(rename = "engine.changed")]
    EngineChanged { engine: String, by: String },
    #[serde(rename = "engine.removed")]
    EngineRemoved { engine: String, by: String },

    #[serde(rename = "container.died")]
    ContainerDied {
        name: String,
        /// Absent where nobody saw it.
        exit_code: Option<i64>,
    },
    #[serde(rename = "container.oom")]
    ContainerOom {
        name: String,
        /// Something in it was killed, and not the whole.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        goes_on: bool,
    },
    #[serde(rename = "container.crash_loop")]
    ContainerCrashLoop {
        name: String,
        deaths: u32,
        minutes: u32,
    },
    #[serde(rename = "container.steady")]
    ContainerSteady { name: String },
    #[serde(rename = "container.unhealthy")]
    ContainerUnhealthy { name: String },
    #[serde(rename = "container.healthy")]
    ContainerHealthy { name: String },

    #[serde(rename = "container.stale")]
    ContainerStale { name: String, days: i64 },
    /// Many at once are one line, of which the first names are said.
    #[serde(rename = "container.stale_many")]
    ContainersStale { count: i64, names: String },
    #[serde(rename = "container.quarantined")]
    ContainerQuarantined { name: String, days: i64, by: String },
    #[serde(rename = "container.restored")]
    ContainerRestored { name: String, by: String },
    /// Somebody started it at the engine.
    #[serde(rename = "container.left_quarantine")]
    ContainerLeftQuarantine { name: String },
    #[serde(rename = "container.removed")]
    ContainerRemoved { name: String, by: String },
    #[serde(rename = "container.not_removed")]
    ContainerNotRemoved {
        name: String,
        reason: String,
        by: String,
    },
    #[serde(rename = "volume.removed")]
    VolumeRemoved {
        volume: String,
        name: String,
        by: String,
    },
    #[serde(rename = "exemption.added")]
    ExemptionAdded {
        exemption: String,
        reason: String,
        by: String,
    },
    #[serde(rename = "exemption.removed")]
    ExemptionRemoved { exemption: String, by: String },

    #[serde(rename = "access.signed_in")]
    SignedIn {
        username: String,
        address: Option<String>,
    },
    /// The name only where there is such a user: people type their password there, too.
    #[serde(rename = "access.sign_in_failed")]
    SignInFailed {
        username: Option<String>,
        address: Option<String>,
    },
    #[serde(rename = "access.locked_out")]
    LockedOut {
        username: Option<String>,
        address: Option<String>,
    },
    #[serde(rename = "access.sessions_ended")]
    SessionsEnded { username: String, by: String },
    #[serde(rename = "user.created")]
    UserCreated {
        username: String,
        role: String,
        by: String,
    },
    #[serde(rename = "user.changed")]
    UserChanged {
        username: String,
        changes: Vec<Change>,
        by: String,
    },
    #[serde(rename = "user.removed")]
    UserRemoved { username: String, by: String },
    #[serde(rename = "token.created")]
    TokenCreated {
        name: String,
        role: String,
        by: String,
    },
    #[serde(rename = "token.removed")]
    TokenRemoved { name: String, by: String },

    #[serde(rename = "settings.changed")]
    SettingsChanged { changes: Vec<Change>, by: String },
    #[serde(rename = "project.created")]
    ProjectCreated { project: String, by: String },
    #[serde(rename = "project.renamed")]
    ProjectRenamed {
        project: String,
        to: String,
        by: String,
    },
    #[serde(rename = "project.removed")]
    ProjectRemoved { project: String, by: String },

    #[serde(rename = "job.failed")]
    JobFailed { job: String, reason: String },
    #[serde(rename = "job.recovered")]
    JobRecovered { job: String },
    /// Stands for what came faster than it could be written; its line counts how often.
    #[serde(rename = "log.crowded")]
    Crowded { kind: String },
}

/// One value that was changed. What a secret is and was is not said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub field: String,
    pub from: Option<String>,
    pub to: Option<String>,
}

impl Change {
    /// A change of something that is not shown, such as a password.
    pub fn unsaid(field: &str) -> Self {
        Self {
            field: field.to_owned(),
            from: None,
            to: None,
        }
    }
}

/// Something that begins once and is over once; within it nothing is told again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spell {
    Begins(&'static str),
    /// Told only if it had begun.
    Ends(&'static str),
}

impl Happening {
    /// Puts together what [`Happening::take_apart`] took apart; `None` is of another version.
    pub fn read(kind: &str, details: &serde_json::Value) -> Option<Self> {
        let tagged = serde_json::json!({ "type": kind, "details": details });
        serde_json::from_value(tagged).ok()
    }

    /// How much it matters.
    pub fn severity(&self) -> Severity {
        match self {
            Self::EngineDown { .. }
            | Self::ContainerOom { .. }
            | Self::ContainerCrashLoop { .. }
            | Self::JobFailed { .. } => Severity::Error,
            Self::ContainerDied { .. }
            | Self::ContainerUnhealthy { .. }
            | Self::ContainerStale { .. }
            | Self::ContainersStale { .. }
            | Self::ContainerNotRemoved { .. }
            | Self::SignInFailed { .. }
            | Self::LockedOut { .. }
            | Self::Crowded { .. } => Severity::Warning,
            _ => Severity::Info,
        }
    }

    /// What it is about.
    pub fn source(&self) -> Source {
        match self {
            Self::EngineDown { .. }
            | Self::EngineUp { .. }
            | Self::EngineAdded { .. }
            | Self::EngineChanged { .. }
            | Self::EngineRemoved { .. } => Source::Engine,
            Self::ContainerDied { .. }
            | Self::ContainerOom { .. }
            | Self::ContainerCrashLoop { .. }
            | Self::ContainerSteady { .. }
            | Self::ContainerUnhealthy { .. }
            | Self::ContainerHealthy { .. }
            | Self::ContainerStale { .. }
            | Self::ContainersStale { .. }
            | Self::ContainerQuarantined { .. }
            | Self::ContainerRestored { .. }
            | Self::ContainerLeftQuarantine { .. }
            | Self::ContainerRemoved { .. }
            | Self::ContainerNotRemoved { .. }
            | Self::VolumeRemoved { .. }
            | Self::ExemptionAdded { .. }
            | Self::ExemptionRemoved { .. } => Source::Container,
            Self::SignedIn { .. }
            | Self::SignInFailed { .. }
            | Self::LockedOut { .. }
            | Self::SessionsEnded { .. }
            | Self::UserCreated { .. }
            | Self::UserChanged { .. }
            | Self::UserRemoved { .. }
            | Self::TokenCreated { .. }
            | Self::TokenRemoved { .. } => Source::Access,
            Self::SettingsChanged { .. } => Source::Settings,
            Self::ProjectCreated { .. }
            | Self::ProjectRenamed { .. }
            | Self::ProjectRemoved { .. } => Source::Project,
            Self::JobFailed { .. } | Self::JobRecovered { .. } | Self::Crowded { .. } => {
                Source::System
            }
        }
    }

    /// What begins or ends with it.
    pub fn spell(&self) -> Option<Spell> {
        Some(match self {
            Self::EngineDown { .. } => Spell::Begins("engine.down"),
            Self::EngineUp { .. } => Spell::Ends("engine.down"),
            Self::ContainerCrashLoop { .. } => Spell::Begins(CRASH_LOOP),
            Self::ContainerSteady { .. } => Spell::Ends(CRASH_LOOP),
            Self::ContainerUnhealthy { .. } => Spell::Begins("container.unhealthy"),
            Self::ContainerHealthy { .. } => Spell::Ends("container.unhealthy"),
            Self::JobFailed { .. } => Spell::Begins("job.failed"),
            Self::JobRecovered { .. } => Spell::Ends("job.failed"),
            _ => return None,
        })
    }

    /// Whom a spell is about, where no container is named.
    pub fn subject(&self) -> Option<&str> {
        match self {
            Self::EngineDown { engine_id, .. } | Self::EngineUp { engine_id, .. } => {
                Some(engine_id)
            }
            Self::JobFailed { job, .. } | Self::JobRecovered { job } => Some(job),
            _ => None,
        }
    }

    /// Its name, such as `container.died`, and the details that its sentence is made of.
    pub fn take_apart(&self) -> (String, serde_json::Value) {
        let mut tagged = serde_json::to_value(self).unwrap_or_default();
        let kind = tagged["type"].as_str().unwrap_or_default().to_owned();
        (kind, tagged["details"].take())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_apart_reads_back() {
        let happening = Happening::UserChanged {
            username: "ann".into(),
            changes: vec![Change {
                field: "role".into(),
                from: Some("viewer".into()),
                to: Some("admin".into()),
            }],
            by: "bob".into(),
        };
        let (kind, details) = happening.take_apart();
        assert_eq!(kind, "user.changed");
        assert_eq!(details["changes"][0]["to"], "admin");
        assert_eq!(Happening::read(&kind, &details), Some(happening));
    }

    #[test]
    fn want_of_memory_that_an_older_version_wrote_was_an_end() {
        let (kind, details) = ("container.oom", serde_json::json!({"name": "web"}));
        let happening = Happening::read(kind, &details);
        let expected = Happening::ContainerOom {
            name: "web".into(),
            goes_on: false,
        };
        assert_eq!(happening.as_ref(), Some(&expected));
        assert_eq!(expected.take_apart(), (kind.to_owned(), details));
    }

    #[test]
    fn what_another_version_wrote_is_not_guessed_at() {
        assert_eq!(Happening::read("moon.landed", &serde_json::json!({})), None);
        assert_eq!(
            Happening::read("container.died", &serde_json::json!({})),
            None
        );
    }
}
